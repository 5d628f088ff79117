// A picture as numbers. Python sends all pixels once; moving the region, pointing and zooming happen here.

const PIXELS = new WeakMap();
const GAP = 18;            // between two grids, in CSS pixels
const TITLE = 24;          // above a grid
const CONTROLS = 225;      // what the panel under the overview needs
const NUMBERS_FROM = 22;   // a cell this wide has room for three digits
const TRIPLES_FROM = 44;   // a cell this wide has room for three numbers one below the other
const SMALLEST = 4;
const LARGEST = 48;

export default function ({ parentElement, data, setStateValue }) {
  let view = PIXELS.get(parentElement);
  if (!view) {
    view = createPixels(parentElement);
    PIXELS.set(parentElement, view);
  }
  view.send = setStateValue;
  view.receive(data);
  return () => view.remove();
}

function createPixels(root) {
  const find = (selector) => root.querySelector(selector);
  const [overview, overviewMarks, grids, gridMarks] = [".overview", ".overview-marks", ".grids", ".grids-marks"].map(find);
  const slider = find("input");
  const whole = document.createElement("canvas");  // the picture, one pixel a pixel
  const part = document.createElement("canvas");   // the region of one grid, one pixel a cell
  // region: its top left pixel and its shape; pointed, chosen: {row, column} in the picture, or null
  const view = { header: null, pixels: null, region: null, pointed: null, chosen: null, apart: true, grey: false, plane: -1, frame: 0 };

  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const value = (row, column, plane) => view.pixels[(row * view.header.columns + column) * view.header.planes + plane];
  const colour = () => view.header.planes === 3;

  // ── the region ─────────────────────────────────────────────────────────────────────────────────

  function moveRegion(top, left) {
    const { rows, columns } = view.header;
    const region = view.region;
    region.top = clamp(Math.round(top), 0, rows - region.rows);
    region.left = clamp(Math.round(left), 0, columns - region.columns);
    repaint();
  }

  // A square of `side` pixels around the same middle, cut to what the picture has.
  function resizeRegion(side) {
    const { rows, columns } = view.header;
    const old = view.region;
    const most = Math.min(LARGEST, Math.max(rows, columns));
    const next = clamp(side, Math.min(SMALLEST, most), most);
    const region = { side: next, rows: Math.min(next, rows), columns: Math.min(next, columns) };
    view.region = region;
    slider.max = most;
    slider.value = next;
    find("output").textContent = `${region.rows}×${region.columns}`;
    moveRegion(old.top + (old.rows - region.rows) / 2, old.left + (old.columns - region.columns) / 2);
  }

  function showCell(row, column) {
    const { top, left, rows, columns } = view.region;
    const into = (at, start, length) => (at < start ? at : at >= start + length ? at - length + 1 : start);
    moveRegion(into(row, top, rows), into(column, left, columns));
  }

  // ── what is where ──────────────────────────────────────────────────────────────────────────────

  function layOut() {
    const stage = find(".stage");
    const width = stage.clientWidth;
    if (!width) return false;
    const narrow = width < 640;
    stage.classList.toggle("narrow", narrow);
    const wanted = clamp(window.innerHeight * 0.78, 480, 900);
    const gridsWidth = Math.floor(narrow ? width : Math.min(wanted - 2 * TITLE, width * 0.64));
    const half = (gridsWidth - GAP) / 2;
    const height = 2 * (half + TITLE) + GAP / 2;  // the same, together or apart: nothing jumps
    view.gridsSize = [gridsWidth, height];
    sizeCanvas(grids, gridsWidth, height);
    sizeCanvas(gridMarks, gridsWidth, height);

    const { rows, columns } = view.header;
    const room = [narrow ? width : width - gridsWidth - 24, narrow ? 300 : height - TITLE - CONTROLS];
    const scale = Math.min(room[0] / columns, room[1] / rows, 40);
    view.scale = scale >= 2 ? Math.floor(scale) : scale;
    view.overviewSize = [Math.max(1, columns * view.scale), Math.max(1, rows * view.scale)];
    find(".side").style.width = `${room[0]}px`;
    sizeCanvas(overview, ...view.overviewSize);
    sizeCanvas(overviewMarks, ...view.overviewSize);
    return true;
  }

  // The grids on the screen, each with its corner and the size of its cells. plane −1: all planes together.
  function placeGrids() {
    const [width, height] = view.gridsSize;
    const apart = colour() && view.apart;
    const room = apart ? (width - GAP) / 2 : Math.min(width, height - TITLE);
    const fitting = Math.min(room / view.region.columns, room / view.region.rows);
    const cell = fitting >= 12 ? Math.floor(fitting) : fitting;
    const names = colour() ? ["R, G and B together", ...view.header.names] : ["Grey: 0 is black, 255 is white"];
    const shown = apart ? [-1, 0, 1, 2] : [colour() ? -1 : 0];
    const titles = colour() ? shown.map((plane) => names[plane + 1]) : names;
    view.grids = shown.map((plane, i) => ({
      plane, cell, title: titles[i], x: (i % 2) * (room + GAP), y: TITLE + Math.floor(i / 2) * (room + TITLE + GAP / 2),
    }));
  }

  // ── painting ───────────────────────────────────────────────────────────────────────────────────

  function paintWhole() {
    const { rows, columns, planes } = view.header;
    [whole.width, whole.height] = [columns, rows];
    const context = whole.getContext("2d");
    const image = context.createImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    // Which of a pixel's numbers become red, green and blue; −1: none, black.
    const one = colour() ? view.plane : 0;
    const from = one < 0 ? [0, 1, 2] : [0, 1, 2].map((k) => (!colour() || view.grey || k === one ? one : -1));
    for (let i = 0, at = 0; i < words.length; i++, at += planes) {
      const [r, g, b] = [from[0] < 0 ? 0 : view.pixels[at + from[0]], from[1] < 0 ? 0 : view.pixels[at + from[1]], from[2] < 0 ? 0 : view.pixels[at + from[2]]];
      words[i] = (255 << 24) | (b << 16) | (g << 8) | r;
    }
    context.putImageData(image, 0, 0);
  }

  // The colour a cell is painted with: [r, g, b]
  function paintOf(row, column, plane) {
    if (plane < 0) return [0, 1, 2].map((k) => value(row, column, k));
    const v = value(row, column, plane);
    return colour() && !view.grey ? [0, 1, 2].map((k) => (k === plane ? v : 0)) : [v, v, v];
  }

  function paintGrid(context, { plane, cell, title, x, y }) {
    const { top, left, rows, columns } = view.region;
    const ink = view.theme.dark ? view.header.ink.dark : view.header.ink.light;
    context.font = `600 14px ${view.theme.font}`;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillStyle = colour() && plane >= 0 ? ink[plane] : view.theme.text;
    context.fillText(title, x, y - 9);

    [part.width, part.height] = [columns, rows];
    const image = part.getContext("2d").createImageData(columns, rows);
    const small = plane < 0 && cell < TRIPLES_FROM;
    const numbers = cell >= NUMBERS_FROM && !small;
    const texts = [];
    for (let r = 0, i = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++, i += 4) {
        const rgb = paintOf(top + r, left + c, plane);
        image.data.set([...rgb, 255], i);
        if (numbers) texts.push([r, c, 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 120]);
      }
    }
    part.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(part, x, y, columns * cell, rows * cell);
    if (cell >= 12) paintLines(context, x, y, cell, rows, columns);
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, columns * cell - 1, rows * cell - 1);

    const triple = plane < 0;
    const size = triple ? clamp(cell * 0.25, 11, 17) : clamp(cell * 0.44, 10, 20);
    context.font = `${size}px ${view.theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [r, c, light] of texts) {
      context.fillStyle = light ? "#ffffff" : "#000000";
      const [cx, cy] = [x + (c + 0.5) * cell, y + (r + 0.5) * cell + 1];
      if (!triple) context.fillText(value(top + r, left + c, plane), cx, cy);
      else for (let k = 0; k < 3; k++) context.fillText(value(top + r, left + c, k), cx, cy + (k - 1) * size * 1.12);
    }
  }

  function paintLines(context, x, y, cell, rows, columns) {
    context.globalCompositeOperation = "difference";  // seen on black, on white and on any grey between
    context.strokeStyle = "#303030";
    context.lineWidth = 1;
    context.beginPath();
    for (let c = 1; c < columns; c++) context.moveTo(x + c * cell + 0.5, y), context.lineTo(x + c * cell + 0.5, y + rows * cell);
    for (let r = 1; r < rows; r++) context.moveTo(x, y + r * cell + 0.5), context.lineTo(x + columns * cell, y + r * cell + 0.5);
    context.stroke();
    context.globalCompositeOperation = "source-over";
  }

  // A rectangle that shows on any colour: a wide dark line under a narrow bright one.
  function outline(context, x, y, width, height, bright, dashed = false) {
    context.setLineDash([]);
    context.strokeStyle = "rgba(0, 0, 0, 0.8)";
    context.lineWidth = 4;
    context.strokeRect(x, y, width, height);
    context.setLineDash(dashed ? [4, 3] : []);
    context.strokeStyle = bright;
    context.lineWidth = 2;
    context.strokeRect(x, y, width, height);
  }

  function paint() {
    view.frame = 0;
    if (!view.header || !view.gridsSize) return;
    placeGrids();
    const context = sizeCanvas(grids, ...view.gridsSize);
    context.clearRect(0, 0, ...view.gridsSize);
    for (const grid of view.grids) paintGrid(context, grid);
    mark();
    explain();
  }

  function repaint() {
    if (!view.frame) view.frame = requestAnimationFrame(paint);
  }

  function paintOverview() {
    const context = sizeCanvas(overview, ...view.overviewSize);
    context.imageSmoothingEnabled = view.scale < 1;
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, ...view.overviewSize);
    context.drawImage(whole, 0, 0, ...view.overviewSize);
  }

  function mark() {
    const { top, left, rows, columns } = view.region;
    const s = view.scale;
    const over = sizeCanvas(overviewMarks, ...view.overviewSize);
    over.clearRect(0, 0, ...view.overviewSize);
    outline(over, left * s - 1, top * s - 1, columns * s + 2, rows * s + 2, view.theme.primary);
    const on = sizeCanvas(gridMarks, ...view.gridsSize);
    on.clearRect(0, 0, ...view.gridsSize);
    for (const [spot, dashed] of [[view.chosen, true], [view.pointed, false]]) {
      if (!spot) continue;
      const size = Math.max(dashed ? 2 : 5, s);
      outline(over, (spot.column + 0.5) * s - size / 2, (spot.row + 0.5) * s - size / 2, size, size, dashed ? "#ffffff" : view.theme.primary, dashed);
      const [r, c] = [spot.row - top, spot.column - left];
      if (r < 0 || c < 0 || r >= rows || c >= columns) continue;
      for (const { x, y, cell } of view.grids) outline(on, x + c * cell + 1, y + r * cell + 1, cell - 1, cell - 1, dashed ? "#ffffff" : view.theme.primary, dashed);
    }
  }

  // ── in words ───────────────────────────────────────────────────────────────────────────────────

  function explain() {
    const spot = view.pointed ?? view.chosen;
    const { top, left, rows, columns } = view.region;
    find(".where").textContent = `${view.pointed ? "Row" : "Chosen: row"} ${spot.row}, column ${spot.column}`;
    const ink = view.theme.dark ? view.header.ink.dark : view.header.ink.light;
    find(".values").replaceChildren(...view.header.names.map((name, plane) => {
      const span = document.createElement("span");
      span.textContent = `${colour() ? name : "Grey"} ${value(spot.row, spot.column, plane)}`;
      span.style.color = colour() ? ink[plane] : "";
      return span;
    }));
    find(".swatch").style.background = `rgb(${paintOf(spot.row, spot.column, colour() ? -1 : 0).join(", ")})`;
    const place = `Rows ${top}–${top + rows - 1}, columns ${left}–${left + columns - 1}. `;
    const readable = Math.max(...view.grids.map(({ cell }) => cell)) >= NUMBERS_FROM;
    find(".hint").textContent = place + (readable ? view.header.hint : "Numbers appear when the region is smaller.");
    grids.setAttribute("aria-label", `${view.header.label} Region: ${place}Arrow keys move from pixel to pixel, Enter chooses one.`);
  }

  // ── pointing ───────────────────────────────────────────────────────────────────────────────────

  function cellAt(event) {
    const box = grids.getBoundingClientRect();
    const { top, left, rows, columns } = view.region;
    for (const { x, y, cell } of view.grids) {
      const [c, r] = [Math.floor((event.clientX - box.left - x) / cell), Math.floor((event.clientY - box.top - y) / cell)];
      if (r >= 0 && c >= 0 && r < rows && c < columns) return { row: top + r, column: left + c };
    }
    return null;
  }

  function overviewAt(event) {
    const box = overview.getBoundingClientRect();
    const { rows, columns } = view.header;
    return {
      row: clamp(Math.floor((event.clientY - box.top) / view.scale), 0, rows - 1),
      column: clamp(Math.floor((event.clientX - box.left) / view.scale), 0, columns - 1),
    };
  }

  function point(spot) {
    const same = spot && view.pointed && spot.row === view.pointed.row && spot.column === view.pointed.column;
    if (same || (!spot && !view.pointed)) return;
    view.pointed = spot;
    mark();
    explain();
  }

  function choosePixel(spot) {
    if (!spot) return;
    view.chosen = spot;
    mark();
    explain();
    view.send("pixel", { ...spot, shape: view.header.shape });
  }

  let grip = null;  // while the region is dragged: from the pointer's pixel to the region's corner
  overview.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    overview.setPointerCapture(event.pointerId);
    const { row, column } = overviewAt(event);
    const { top, left, rows, columns } = view.region;
    const inside = row >= top && row < top + rows && column >= left && column < left + columns;
    grip = inside ? [row - top, column - left] : [rows / 2, columns / 2];
    moveRegion(row - grip[0], column - grip[1]);
  });
  overview.addEventListener("pointermove", (event) => {
    const { row, column } = overviewAt(event);
    if (grip) moveRegion(row - grip[0], column - grip[1]);
    else point({ row, column });
  });
  const release = () => { grip = null; };
  overview.addEventListener("pointerup", release);
  overview.addEventListener("pointercancel", release);
  overview.addEventListener("pointerleave", () => point(null));
  // At either end of the range the wheel scrolls the page again.
  overview.addEventListener("wheel", (event) => {
    const before = view.region.side;
    resizeRegion(before + Math.sign(event.deltaY));
    if (view.region.side !== before) event.preventDefault();
  }, { passive: false });
  grids.addEventListener("pointermove", (event) => point(cellAt(event)));
  grids.addEventListener("pointerleave", () => point(null));
  grids.addEventListener("click", (event) => choosePixel(cellAt(event)));

  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const sizes = { "+": 1, "=": 1, "-": -1, "−": -1 };
  function onKey(event, arrow) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrows[event.key]) arrow(...arrows[event.key], event.shiftKey ? view.region.side : 1);
    else if (sizes[event.key]) resizeRegion(view.region.side + sizes[event.key]);
    else if (event.key === "Enter" && event.currentTarget === grids) choosePixel(view.pointed);
    else if (event.key === "Escape") point(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  overview.addEventListener("keydown", (event) => onKey(event, (down, right, by) => {
    moveRegion(view.region.top + down * by, view.region.left + right * by);
  }));
  grids.addEventListener("keydown", (event) => onKey(event, (down, right, by) => {
    const { row, column } = view.pointed ?? view.chosen;
    const next = { row: clamp(row + down * by, 0, view.header.rows - 1), column: clamp(column + right * by, 0, view.header.columns - 1) };
    showCell(next.row, next.column);
    point(next);
  }));

  slider.addEventListener("input", () => resizeRegion(Number(slider.value)));
  find(".smaller").addEventListener("click", () => resizeRegion(view.region.side - 1));
  find(".larger").addEventListener("click", () => resizeRegion(view.region.side + 1));
  // Rows of buttons of which one is pressed: .name's buttons carry what each means in data-to.
  const look = { plane: "RGB", paint: "hue", planes: "apart" };
  const buttons = Object.keys(look).flatMap((name) => [...root.querySelectorAll(`.${name} button`)].map((button) => ({ name, button })));
  function take(looks) {
    Object.assign(look, looks);
    Object.assign(view, { plane: ["R", "G", "B"].indexOf(look.plane), grey: look.paint === "grey", apart: look.planes === "apart" });
    for (const { name, button } of buttons) button.setAttribute("aria-pressed", String(button.dataset.to === look[name]));
    paintWhole();
  }
  for (const { name, button } of buttons) button.addEventListener("click", () => {
    take({ [name]: button.dataset.to });
    paintOverview();
    repaint();
    view.send("look", { ...look });
  });

  const resize = new ResizeObserver(() => view.header && refresh());
  resize.observe(find(".stage"));

  function refresh() {
    if (!layOut()) return;
    paintOverview();
    paint();
  }

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  view.receive = (data) => {
    const { header, arrays } = unpack(data);
    // The next stroke of a drawing keeps the region; settings that were loaded anew do not.
    const other = view.header?.shape !== header.shape || view.header.token !== header.token;
    Object.assign(view, { header, pixels: arrays[0], theme: readTheme(overview) });
    take(other ? header.look : {});
    if (other) {
      const { row, column } = header.chosen;
      Object.assign(view, { chosen: { row, column }, pointed: null });
      const side = view.region?.side ?? Number(slider.value);
      view.region = { top: row, left: column, rows: 1, columns: 1, side };
      resizeRegion(side);
    }
    find(".switches").hidden = !colour();
    find(".whole").textContent = header.title;
    overview.setAttribute("aria-label", `${header.label} Arrow keys move the region, plus and minus change its size.`);
    refresh();
  };
  view.remove = () => {
    cancelAnimationFrame(view.frame);
    resize.disconnect();
  };
  return view;
}
