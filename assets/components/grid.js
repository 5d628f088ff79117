// A grid of numbers on a canvas: planes below or beside each other, every cell coloured, its number in it where there is room.
// Knows cells; not what they mean. Draws numbers once per change and marks (outlines) on a second canvas above.

const MOST_CELLS = 32;   // more rows or columns are shown as a region that can be moved
const PLANE_GAP = 18;    // between planes, room for the plane's name
const PLANE_ASIDE = 14;  // between planes beside each other
const OVERVIEW = 120;    // pixels of the longer side of the whole grid in small
const EDGE = 2;          // so that an outline at the border is not cut

function createGrid(parent, spec) {
  const holder = document.createElement("figure");
  holder.className = "grid";
  holder.innerText = "";
  const caption = document.createElement("figcaption");
  const stack = document.createElement("div");
  const [base, top, overview] = ["cells", "marks", "overview"].map((name) => {
    const canvas = document.createElement("canvas");
    canvas.className = name;
    return canvas;
  });
  stack.className = "stack";
  stack.append(base, top);
  holder.append(caption, stack, overview);
  parent.append(holder);
  base.setAttribute("role", "img");
  top.setAttribute("aria-hidden", "true");
  const grid = { holder, base, spec, values: null, cell: 20, perRow: 1, region: null, covered: () => false };

  grid.set = (spec, values) => {
    Object.assign(grid, { spec, values });
    const [rows, cols] = [Math.min(spec.rows, MOST_CELLS), Math.min(spec.cols, MOST_CELLS)];
    const old = grid.region;
    grid.region = { rows, cols, top: clampTo(old?.top ?? 0, spec.rows - rows), left: clampTo(old?.left ?? 0, spec.cols - cols) };
    caption.textContent = spec.title;
    base.setAttribute("aria-label", `${spec.title}: ${spec.planes} × ${spec.rows}×${spec.cols}`);
  };

  function clampTo(value, most) {
    return Math.max(0, Math.min(most, value));
  }

  function planeTop(plane) {
    const gap = grid.spec.names ? PLANE_GAP : 8;
    return EDGE + Math.floor(plane / grid.perRow) * (grid.region.rows * grid.cell + gap) + (grid.spec.names ? PLANE_GAP : 0);
  }

  const planeLeft = (plane) => EDGE + (plane % grid.perRow) * (grid.region.cols * grid.cell + PLANE_ASIDE);

  grid.index = (plane, row, col) => (plane * grid.spec.rows + row) * grid.spec.cols + col;

  // The corner of a cell on the canvas, or null where the region does not show it.
  grid.corner = (plane, row, col) => {
    const { top: first, left, rows, cols } = grid.region;
    if (row < first || col < left || row >= first + rows || col >= left + cols) return null;
    return [planeLeft(plane) + (col - left) * grid.cell, planeTop(plane) + (row - first) * grid.cell];
  };

  // Move the region so that it shows a window of the grid; true if it moved.
  grid.reveal = (row, col, rows, cols) => {
    const { region, spec } = grid;
    const fit = (first, shown, from, size, all) => clampTo(from < first ? from : from + size > first + shown ? from + size - shown : first, all - shown);
    const [top, left] = [fit(region.top, region.rows, row, rows, spec.rows), fit(region.left, region.cols, col, cols, spec.cols)];
    if (top === region.top && left === region.left) return false;
    Object.assign(region, { top, left });
    return true;
  };

  grid.paint = (theme, tables, range) => {
    const { spec, region, cell, values } = grid;
    const width = planeLeft(Math.min(grid.perRow, spec.planes) - 1) + region.cols * cell + EDGE;
    const height = planeTop(spec.planes - 1) + region.rows * cell + EDGE;
    const context = sizeCanvas(base, width, height);
    sizeCanvas(top, width, height);
    context.clearRect(0, 0, width, height);
    const table = tables[spec.signed ? "diverging" : "sequential"];
    const size = Math.min(15, Math.max(9, cell * 0.42));  // of the numbers, in pixels; a digit is about half as wide
    const digits = cell >= 15 ? Math.floor((cell - 2) / (size * 0.56)) : 0;
    const [low, high] = range;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let plane = 0; plane < spec.planes; plane++) {
      if (spec.names) {
        context.font = `12px ${theme.font}`;
        context.fillStyle = theme.text;
        context.textAlign = "left";
        const room = region.cols * cell + PLANE_ASIDE - 4;
        const name = context.measureText(spec.names[plane]).width > room ? spec.names[plane].split(" ").at(-1) : spec.names[plane];
        context.fillText(name, planeLeft(plane), planeTop(plane) - 9, Math.max(room, 24));
        context.textAlign = "center";
      }
      context.font = `${size}px ${theme.font}`;
      for (let row = region.top; row < region.top + region.rows; row++) {
        for (let col = region.left; col < region.left + region.cols; col++) {
          const index = grid.index(plane, row, col);
          const [x, y] = grid.corner(plane, row, col);
          const value = values[index];
          const covered = grid.covered(index);
          const level = Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (high - low))));
          const [r, g, b] = [table[level] & 255, (table[level] >> 8) & 255, (table[level] >> 16) & 255];
          context.fillStyle = covered ? theme.panel : `rgb(${r},${g},${b})`;
          context.fillRect(x, y, cell - 1, cell - 1);
          if (spec.border?.[row * spec.cols + col]) hatch(context, x, y, cell - 1, theme);
          if (!digits) continue;
          context.fillStyle = covered ? theme.text : 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#14171f" : "#ffffff";
          const instead = spec.borderText && spec.border?.[row * spec.cols + col] ? spec.borderText : shortNumber(value, digits);
          context.fillText(covered ? "?" : instead, x + (cell - 1) / 2, y + cell / 2);
        }
      }
    }
    paintOverview(theme, table, range);
  };

  function hatch(context, x, y, side, theme) {
    context.save();
    context.beginPath();
    context.rect(x, y, side, side);
    context.clip();
    context.strokeStyle = theme.text;
    context.globalAlpha = 0.25;
    context.lineWidth = 1;
    context.beginPath();
    for (let at = -side; at < side; at += 6) {
      context.moveTo(x + at, y + side);
      context.lineTo(x + at + side, y);
    }
    context.stroke();
    context.restore();
  }

  // The whole grid in small with a frame around what is shown, only where not all is shown.
  function paintOverview(theme, table, [low, high]) {
    const { spec, region, values } = grid;
    const needed = spec.rows > region.rows || spec.cols > region.cols;
    overview.style.display = needed ? "block" : "none";
    if (!needed) return;
    const scale = OVERVIEW / Math.max(spec.rows, spec.cols);
    const context = sizeCanvas(overview, spec.cols * scale, spec.rows * scale);
    const image = new ImageData(spec.cols, spec.rows);
    const words = new Uint32Array(image.data.buffer);
    for (let i = 0; i < words.length; i++) words[i] = grid.covered(i) ? 0 : table[Math.max(0, Math.min(255, Math.round((255 * (values[i] - low)) / (high - low))))];
    const small = new OffscreenCanvas(spec.cols, spec.rows);
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, spec.cols * scale, spec.rows * scale);
    context.strokeStyle = theme.primary;
    context.lineWidth = 2;
    context.strokeRect(region.left * scale, region.top * scale, region.cols * scale, region.rows * scale);
  }

  overview.addEventListener("pointermove", (event) => event.buttons && follow(event));
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    follow(event);
  });

  function follow(event) {
    const box = overview.getBoundingClientRect();
    const { spec, region } = grid;
    region.top = clampTo(Math.round(((event.clientY - box.top) / box.height) * spec.rows - region.rows / 2), spec.rows - region.rows);
    region.left = clampTo(Math.round(((event.clientX - box.left) / box.width) * spec.cols - region.cols / 2), spec.cols - region.cols);
    grid.moved?.();
  }

  // Outline rectangles of cells: [{plane, row, col, rows, cols, colour, width}]; and single cells filled lightly.
  grid.mark = (marks) => {
    const context = top.getContext("2d");
    context.clearRect(0, 0, base.clientWidth + 1, base.clientHeight + 1);
    for (const { plane, row, col, rows = 1, cols = 1, colour, width = 2.5, stepRows = 1, stepCols = 1 } of marks) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      if (stepRows === 1 && stepCols === 1) outline(context, plane, row, col, rows, cols);
      else for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) outline(context, plane, row + i * stepRows, col + j * stepCols, 1, 1);
    }
  };

  function outline(context, plane, row, col, rows, cols) {
    const { top: first, left, rows: shownRows, cols: shownCols } = grid.region;
    const [r0, c0] = [Math.max(row, first), Math.max(col, left)];
    const [r1, c1] = [Math.min(row + rows, first + shownRows), Math.min(col + cols, left + shownCols)];
    if (r0 >= r1 || c0 >= c1) return;
    const [x, y] = grid.corner(plane, r0, c0);
    context.strokeRect(x - 0.5, y - 0.5, (c1 - c0) * grid.cell, (r1 - r0) * grid.cell);
  }

  grid.cellAt = (event) => {
    const box = base.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    for (let plane = 0; plane < grid.spec.planes; plane++) {
      const row = Math.floor((y - planeTop(plane)) / grid.cell);
      const col = Math.floor((x - planeLeft(plane)) / grid.cell);
      if (row < 0 || col < 0 || row >= grid.region.rows || col >= grid.region.cols) continue;
      return { plane, row: row + grid.region.top, col: col + grid.region.left };
    }
    return null;
  };

  grid.remove = () => holder.remove();
  return grid;
}

// A number in at most `room` characters: 12, 0.53 → .53, 1.25, 1e5
function shortNumber(value, room) {
  const minus = (text) => text.replace("-", "−");
  if (Number.isInteger(value) && String(value).length <= room) return minus(String(value));
  for (let digits = Math.min(4, room); digits >= 0; digits--) {
    const text = minus(value.toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace(/^(-?)0\./, "$1."));
    if (text.length <= room) return text === "−0" || text === "" ? "0" : text;
  }
  return minus(value.toExponential(0).replace("+", ""));
}
