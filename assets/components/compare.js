// A picture before and after a kernel, with a divider to drag, and the kernel's cells under the window that is pointed at.
// Python sends both pictures and the kernel once; pointing, dragging and the window's products happen here.

const COMPARES = new WeakMap();
const PANEL = 304;       // CSS pixels: the panel's least width, and its most
const WIDEST_PANEL = 440;
const TALLEST = 560;
const ABOVE = 510;       // what stands above the picture on the page: below it, the picture is still seen whole

export default function ({ parentElement, data, setTriggerValue }) {
  let view = COMPARES.get(parentElement);
  if (!view) {
    view = createCompare(parentElement);
    COMPARES.set(parentElement, view);
  }
  view.send = (edit) => setTriggerValue("edited", edit);
  view.receive(data);
  return () => view.remove();
}

function createCompare(root) {
  const find = (selector) => root.querySelector(selector);
  const [stage, frame, picture, marks, divider] = [".stage", ".frame", ".picture", ".marks", ".divider"].map(find);
  // [before, after]: `whole` one pixel a pixel, `scaled` as large as on the screen
  const [whole, scaled] = [0, 1].map(() => [0, 1].map(() => document.createElement("canvas")));
  // at: the divider, 0 to 1; pointed, chosen: {row, column}; plane: whose products are shown
  const view = { header: null, at: 0.5, pointed: null, chosen: null, plane: 0, width: 0, height: 0 };
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  const { buildPanel, sizeCells, explain } = createComparePanel(root, view);

  // ── drawing ────────────────────────────────────────────────────────────────────────────────────

  function fill(canvas, pixels) {
    const { rows, columns, planes } = view.header;
    Object.assign(canvas, { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    for (let i = 0, j = 0; i < words.length; i++, j += planes) {
      const [r, g, b] = planes === 3 ? [pixels[j], pixels[j + 1], pixels[j + 2]] : [pixels[j], pixels[j], pixels[j]];
      words[i] = (255 << 24) | (b << 16) | (g << 8) | r;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function layOut() {
    const room = stage.clientWidth;
    if (!room || !view.header) return false;
    const { rows, columns } = view.header;
    const narrow = room < PANEL + 320;
    stage.classList.toggle("narrow", narrow);
    const scale = Math.min((narrow ? room : room - PANEL - 24) / columns, clamp(window.innerHeight - ABOVE, 320, TALLEST) / rows);
    Object.assign(view, { scale, width: Math.max(1, Math.round(columns * scale)), height: Math.max(1, Math.round(rows * scale)) });
    find(".side").style.width = `${Math.max(view.width, narrow ? room : 300)}px`;
    const panel = clamp(room - view.width - 24, PANEL, WIDEST_PANEL);
    find(".panel").style.width = `${panel}px`;
    sizeCells(panel);
    frame.style.width = `${view.width}px`;
    find(".titles").style.width = `${Math.max(view.width, 300)}px`;
    for (const i of [0, 1]) {
      const context = sizeCanvas(scaled[i], view.width, view.height);
      context.imageSmoothingEnabled = scale < 1;
      context.imageSmoothingQuality = "high";
      context.drawImage(whole[i], 0, 0, view.width, view.height);
    }
    return true;
  }

  function paint() {
    const context = sizeCanvas(picture, view.width, view.height);
    const cut = Math.round(view.at * view.width);
    context.drawImage(scaled[1], 0, 0, view.width, view.height);
    context.save();
    context.beginPath();
    context.rect(0, 0, cut, view.height);
    context.clip();
    context.drawImage(scaled[0], 0, 0, view.width, view.height);
    context.restore();
    divider.style.left = `${cut}px`;
    const percent = Math.round(view.at * 100);
    divider.setAttribute("aria-valuenow", percent);
    divider.setAttribute("aria-valuetext", `${percent} % before, ${100 - percent} % after`);
  }

  function mark() {
    const context = sizeCanvas(marks, view.width, view.height);
    context.clearRect(0, 0, view.width, view.height);
    const { row, column } = view.pointed ?? view.chosen;
    const { kernelRows, kernelColumns } = view.header;
    const s = view.scale;
    const [top, left] = [row - Math.floor((kernelRows - 1) / 2), column - Math.floor((kernelColumns - 1) / 2)];
    const grow = Math.max(0, 9 - kernelColumns * s) / 2;  // a window of few screen pixels is still found
    for (const [colour, width] of [["rgba(0, 0, 0, 0.8)", 4], [view.pointed ? view.theme.primary : "#ffffff", 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(left * s - 1 - grow, top * s - 1 - grow, kernelColumns * s + 2 + 2 * grow, kernelRows * s + 2 + 2 * grow);
    }
  }

  // ── pointing, dragging, keys ───────────────────────────────────────────────────────────────────

  function pixelAt(event) {
    const box = picture.getBoundingClientRect();
    return {
      row: clamp(Math.floor((event.clientY - box.top) / view.scale), 0, view.header.rows - 1),
      column: clamp(Math.floor((event.clientX - box.left) / view.scale), 0, view.header.columns - 1),
    };
  }

  function point(spot) {
    view.pointed = spot;
    mark();
    explain();
  }

  function moveDivider(to) {
    view.at = clamp(to, 0, 1);
    paint();
  }

  picture.addEventListener("pointermove", (event) => point(pixelAt(event)));
  picture.addEventListener("pointerleave", () => point(null));
  picture.addEventListener("click", (event) => { view.chosen = pixelAt(event); point(view.chosen); });
  divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    moveDivider((event.clientX - picture.getBoundingClientRect().left) / view.width);
  });
  divider.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.1 : 0.01;
    const to = { ArrowLeft: view.at - step, ArrowDown: view.at - step, ArrowRight: view.at + step, ArrowUp: view.at + step, Home: 0, End: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    moveDivider(to);
  });
  picture.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const now = view.pointed ?? view.chosen;
    const step = event.shiftKey ? 10 : 1;
    if (by) point({ row: clamp(now.row + by[0] * step, 0, view.header.rows - 1), column: clamp(now.column + by[1] * step, 0, view.header.columns - 1) });
    else if (event.key === "Enter") { view.chosen = now; point(null); }
    else if (event.key === "Escape") point(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const resize = new ResizeObserver(() => refresh());
  resize.observe(stage);

  function refresh() {
    if (!layOut()) return;
    paint();
    mark();
    explain();
  }

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  view.receive = (data) => {
    const { header, arrays } = unpack(data);
    const [before, shown, kernel] = arrays;
    const other = view.header?.digest !== header.digest;
    Object.assign(view, { header, before, shown, kernel, theme: readTheme(picture) });
    if (other) {
      fill(whole[0], before);
      Object.assign(view, { pointed: null, chosen: { row: header.rows >> 1, column: Math.floor(0.7 * header.columns) }, plane: 0 });
    }
    fill(whole[1], shown);
    find(".before-title").textContent = header.before;
    find(".after-title").textContent = header.after;
    find(".legend").textContent = header.legend;
    buildPanel();
    refresh();
  };
  view.remove = () => resize.disconnect();
  return view;
}
