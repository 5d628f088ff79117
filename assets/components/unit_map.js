// One map of numbers: pointing reads a number, a click chooses its unit. Python sends the numbers and the chosen unit.

const UNIT_MAPS = new WeakMap();
const TALLEST = 320;  // CSS pixels

export default function ({ parentElement, data, setTriggerValue }) {
  let view = UNIT_MAPS.get(parentElement);
  if (!view) {
    view = createUnitMap(parentElement);
    UNIT_MAPS.set(parentElement, view);
  }
  view.send = (spot) => setTriggerValue("unit", spot);
  view.receive(data);
  return () => view.remove();
}

function createUnitMap(root) {
  const find = (selector) => root.querySelector(selector);
  const [map, marks, legend, stage] = [".map", ".marks", ".legend", ".stage"].map(find);
  const picture = document.createElement("canvas");  // one pixel a unit
  const view = { header: null, values: null, pointed: null, size: null };
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  function paintPicture() {
    const { rows, columns, low, high, signed, colours } = view.header;
    const table = colourTable(colours[view.theme.dark ? "dark" : "light"][signed ? "diverging" : "sequential"]);
    [picture.width, picture.height] = [columns, rows];
    const context = picture.getContext("2d");
    const image = context.createImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    const span = high - low || 1;
    view.values.forEach((value, i) => { words[i] = table[clamp(Math.round(((value - low) / span) * 255), 0, 255) || 0]; });
    context.putImageData(image, 0, 0);
    [legend.width, legend.height] = [256, 1];
    const bar = legend.getContext("2d").createImageData(256, 1);
    new Uint32Array(bar.data.buffer).set(table);
    legend.getContext("2d").putImageData(bar, 0, 0);
    find(".low").textContent = number(low);
    find(".high").textContent = number(high);
  }

  function layOut() {
    const width = stage.clientWidth;
    if (!width || !view.header) return false;
    const { rows, columns } = view.header;
    const fitting = Math.min(width / columns, TALLEST / rows, 48);
    view.cell = fitting >= 4 ? Math.floor(fitting) : fitting;
    view.size = [columns * view.cell, rows * view.cell];
    return true;
  }

  function paint() {
    if (!layOut()) return;
    const context = sizeCanvas(map, ...view.size);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0, ...view.size);
    context.strokeStyle = view.theme.border;
    context.strokeRect(0.5, 0.5, view.size[0] - 1, view.size[1] - 1);
    mark();
  }

  function mark() {
    const context = sizeCanvas(marks, ...view.size);
    context.clearRect(0, 0, ...view.size);
    const { row, column } = view.header;
    for (const [spot, colour] of [[{ row, column }, view.theme.primary], [view.pointed, view.theme.text]]) {
      if (!spot) continue;
      const side = Math.max(view.cell, 6);
      const [x, y] = [(spot.column + 0.5) * view.cell - side / 2, (spot.row + 0.5) * view.cell - side / 2];
      context.strokeStyle = view.theme.background;
      context.lineWidth = 4;
      context.strokeRect(x, y, side, side);
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.strokeRect(x, y, side, side);
    }
    const spot = view.pointed ?? { row, column };
    const { length, columns } = view.header;
    const index = spot.row * columns + spot.column;
    const place = length === null ? `row ${spot.row}, column ${spot.column}` : `unit ${index}`;
    find(".readout").textContent = length !== null && index >= length ? "\u00a0" : `${place}: ${number(view.values[index])}`;
  }

  function point(spot) {
    view.pointed = spot;
    if (view.size) mark();
  }

  function at(event) {
    const box = map.getBoundingClientRect();
    const { rows, columns } = view.header;
    return {
      row: clamp(Math.floor((event.clientY - box.top) / view.cell), 0, rows - 1),
      column: clamp(Math.floor((event.clientX - box.left) / view.cell), 0, columns - 1),
    };
  }

  const choose = (spot) => spot && view.send({ ...spot, node: view.header.node });
  map.addEventListener("pointermove", (event) => point(at(event)));
  map.addEventListener("pointerleave", () => point(null));
  map.addEventListener("click", (event) => choose(at(event)));
  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  map.addEventListener("keydown", (event) => {
    const step = arrows[event.key];
    if (step) {
      const from = view.pointed ?? view.header;
      point({ row: clamp(from.row + step[0], 0, view.header.rows - 1), column: clamp(from.column + step[1], 0, view.header.columns - 1) });
    } else if (event.key === "Enter") choose(view.pointed);
    else if (event.key === "Escape") point(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const resize = new ResizeObserver(() => view.header && paint());
  resize.observe(stage);

  view.receive = (data) => {
    const { header, arrays } = unpack(data);
    Object.assign(view, { header, values: arrays[0], pointed: null, theme: readTheme(map) });
    map.setAttribute("aria-label", `${header.label} Arrow keys move, Enter chooses a unit.`);
    paintPicture();
    paint();
  };
  view.remove = () => resize.disconnect();
  return view;
}
