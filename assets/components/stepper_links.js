// What belongs together at a step, in every grid of the stepper: the window, its kernel, its row or column of a matrix, and,
// where someone points at one product, that product's cell in each of them. Knows indices and outlines; computes no results.

function createLinks(view, grids, { role, placeSpec, count, placeOf, stepAround, planesOf, termsAt }) {
  const POINTED = 4;  // pixels of the outline of what is pointed at

  const flatTerms = () => termsAt(view.step).flatMap(({ plane, terms }) => terms.map((term) => ({ plane, ...term })));

  // The place of a cell of the padded input in the flattened input, −1 for padding; and back.
  function inner() {
    const { rows, cols, border, pad: [top, left] = [0, 0] } = view.header.grids[view.header.roles.window];
    if (!border) return { rows, cols, top, left };
    let [tall, wide] = [0, 0];
    while (top + tall < rows && !border[(top + tall) * cols + left]) tall++;
    while (left + wide < cols && !border[top * cols + left + wide]) wide++;
    return { rows: tall, cols: wide, top, left };
  }

  function flatten({ plane, row, col }) {
    const { rows, cols, top, left } = inner();
    const [y, x] = [row - top, col - left];
    return y < 0 || x < 0 || y >= rows || x >= cols ? -1 : (plane * rows + y) * cols + x;
  }

  function unflatten(index) {
    const { rows, cols, top, left } = inner();
    return { plane: Math.floor(index / (rows * cols)), row: (Math.floor(index / cols) % rows) + top, col: (index % cols) + left };
  }

  // The step and the product (its number within the window, or null) that a pointed cell stands for; null for none.
  function meant(key, cell) {
    const { roles, kind, window: { kernel: [kh, kw] } } = view.header;
    const tapOf = (matches) => {
      const found = kind === "convolution" ? flatTerms().findIndex(matches) : -1;
      return found < 0 ? null : found;
    };
    const like = view.header.alike[key];
    if (key === roles.place || like === "place") return { step: (cell.plane * placeSpec().rows + cell.row) * placeSpec().cols + cell.col, tap: () => null };
    if (key === roles.window || like === "window") {
      return { step: stepAround(cell), tap: () => tapOf((term) => term.plane === cell.plane && term.row === cell.row && term.col === cell.col) };
    }
    if (key === roles.kernel && kind === "convolution") return { step: view.step, tap: () => (cell.plane * kh + cell.row) * kw + cell.col };
    const link = view.header.links.find(({ grid }) => grid === key);
    if (!link) return null;
    const { rows, cols } = placeSpec();
    const now = placeOf(view.step);
    const read = { channel: now.plane, place: now.row * cols + now.col, step: null, tap: null, window: null };
    Object.assign(read, { [link.rows]: cell.row, [link.cols]: cell.col });
    const around = read.window !== null && read.step === null ? stepAround(unflatten(read.window)) : null;
    const step = read.step ?? around ?? Math.min(count() - 1, read.channel * rows * cols + read.place);
    return { step, tap: () => (read.window === null ? read.tap : tapOf((term) => flatten(term) === read.window)) };
  }

  // Indices of a link's rows or columns at this step as runs [first, length].
  function runs(axis, size, place, terms) {
    const single = { channel: place.plane, place: place.row * placeSpec().cols + place.col, step: view.step }[axis];
    if (single !== undefined) return [[single, 1]];
    if (axis !== "window") return [[0, size]];
    const indices = terms.map(flatten).filter((index) => index >= 0).sort((a, b) => a - b);
    const found = [];
    for (const index of indices) {
      const last = found.at(-1);
      if (last && last[0] + last[1] === index) last[1]++;
      else found.push([index, 1]);
    }
    return found;
  }

  // Outline everything that belongs to the step; reveal: move the regions of large grids there. Returns what has to be repainted.
  function mark(place, { reveal }) {
    const { header, tap } = view;
    const { kernel: [kh, kw], stride, dilation: [dh, dw] } = header.window;
    const { primary, text } = view.theme;
    const [top, left] = [place.row * stride[0], place.col * stride[1]];
    const terms = header.links.length || tap !== null ? flatTerms() : [];
    const pointed = terms[tap] ?? null;
    const point = (marks, cell) => [...marks, ...(cell ? [{ ...cell, colour: text, width: POINTED }] : [])];
    const moved = [];

    const window = planesOf(place).map((plane) => ({ plane, row: top, col: left, rows: kh, cols: kw, stepRows: dh, stepCols: dw, colour: primary }));
    role("window").mark(point(window, pointed && { plane: pointed.plane, row: pointed.row, col: pointed.col }));
    role("place").mark([{ ...place, colour: primary }]);
    for (const [key, like] of Object.entries(header.alike)) {
      grids[key].mark(like === "place" ? [{ ...place, colour: primary }] : window);
      if (reveal && (like === "place" ? grids[key].reveal(place.row, place.col, 1, 1) : grids[key].reveal(top, left, kh, kw))) moved.push(key);
    }
    if (header.roles.kernel && header.kind === "convolution") {
      role("kernel").mark(point([], pointed && { plane: Math.floor(tap / (kh * kw)), row: Math.floor(tap / kw) % kh, col: tap % kw }));
    }
    for (const link of header.links) {
      const grid = grids[link.grid];
      const [rows, cols] = [runs(link.rows, grid.spec.rows, place, terms), runs(link.cols, grid.spec.cols, place, terms)];
      if (!rows.length || !cols.length) continue;
      if (reveal && follow(grid, link, rows, cols)) moved.push(link.grid);
      const marks = rows.flatMap(([row, tall]) => cols.map(([col, wide]) => ({ plane: 0, row, col, rows: tall, cols: wide, colour: primary })));
      if (link.cols === "window") marks.unshift({ plane: 0, row: rows[0][0], col: 0, cols: grid.spec.cols, colour: primary, width: 1 });
      grid.mark(point(marks, pointed && linkedCell(link, rows, cols, pointed)));
    }
    return moved;
  }

  // Where the product that is pointed at stands in a linked grid.
  function linkedCell(link, rows, cols, pointed) {
    const at = (axis, [first]) => (axis === "tap" ? view.tap : axis === "window" ? flatten(pointed) : first[0]);
    if (![link.rows, link.cols].some((axis) => axis === "tap" || axis === "window")) return null;
    const [row, col] = [at(link.rows, rows), at(link.cols, cols)];
    return row < 0 || col < 0 ? null : { plane: 0, row, col };
  }

  // Only along the axes that the step decides; the others stay where the reader has moved them.
  function follow(grid, link, rows, cols) {
    const span = (axis, found, first, shown) => {
      if (axis === "all" || axis === "tap") return [first, 1];
      const length = found.at(-1)[0] + found.at(-1)[1] - found[0][0];
      return [found[0][0], Math.min(length, shown)];
    };
    const [row, tall] = span(link.rows, rows, grid.region.top, grid.region.rows);
    const [col, wide] = span(link.cols, cols, grid.region.left, grid.region.cols);
    return grid.reveal(row, col, tall, wide);
  }

  const resultGrids = () => [
    ...view.header.links.filter(({ result }) => result).map(({ grid }) => grid),
    ...Object.keys(view.header.alike).filter((key) => view.header.alike[key] === "place"),
  ];

  return { mark, meant, resultGrids };
}
