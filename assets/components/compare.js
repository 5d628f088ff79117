// A picture before and after a kernel, with a divider to drag, and the kernel's cells under the window that is pointed at.
// Python sends both pictures and the kernel once; pointing, dragging and the window's products happen here.

const COMPARES = new WeakMap();
const PANEL = 304;       // CSS pixels
const TALLEST = 540;
const EXAMPLE = "Type a number, such as −1, 0.25 or 1/9.";

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

  // ── numbers ────────────────────────────────────────────────────────────────────────────────────

  const index = (row, column, plane) => (row * view.header.columns + column) * view.header.planes + plane;

  // The window of one output number: [{pixel, weight, madeUp}], row by row.
  function windowOf({ row, column }, plane) {
    const { kernelRows, kernelColumns, rowSources, columnSources } = view.header;
    const cells = [];
    for (let y = 0; y < kernelRows; y++) {
      for (let x = 0; x < kernelColumns; x++) {
        const [from, beside] = [rowSources[row + y], columnSources[column + x]];
        const madeUp = from < 0 || beside < 0;
        cells.push({ pixel: madeUp ? 0 : view.before[index(from, beside, plane)], weight: view.kernel[y * kernelColumns + x], madeUp });
      }
    }
    return cells;
  }

  const sumOf = (cells) => cells.reduce((sum, { pixel, weight }) => sum + pixel * weight, 0);
  const short = (value) => number(Math.abs(value) < 1e-9 ? 0 : Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : Number(value.toPrecision(5)));

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
    const scale = Math.min((narrow ? room : room - PANEL - 24) / columns, TALLEST / rows);
    Object.assign(view, { scale, width: Math.max(1, Math.round(columns * scale)), height: Math.max(1, Math.round(rows * scale)) });
    find(".side").style.width = `${Math.max(view.width, narrow ? room : 300)}px`;
    find(".panel").style.width = `${PANEL}px`;
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

  // ── the panel ──────────────────────────────────────────────────────────────────────────────────

  function buildPanel() {
    const { names, kernelRows, kernelColumns } = view.header;
    find(".told tbody").replaceChildren(...names.map((name, plane) => {
      const line = document.createElement("tr");
      const cells = ["name", "before", "after", "shown"].map((kind) => {
        const cell = document.createElement("td");
        cell.className = kind;
        return cell;
      });
      if (names.length === 1) cells[0].textContent = name;
      else {
        const button = document.createElement("button");
        button.textContent = name;
        button.setAttribute("aria-label", `Show the products of plane ${name}`);
        button.addEventListener("click", () => { view.plane = plane; explain(); });
        cells[0].append(button);
      }
      line.append(...cells);
      return line;
    }));
    const grid = find(".kernel");
    const side = Math.min(56, Math.floor((PANEL - 2 * kernelColumns) / kernelColumns));
    grid.style.gridTemplateColumns = `repeat(${kernelColumns}, ${side}px)`;
    grid.style.fontSize = `${side >= 50 ? 15 : side >= 40 ? 12 : 10}px`;
    view.digits = side >= 50 ? 4 : side >= 40 ? 3 : 2;
    const focused = root.activeElement ?? grid.getRootNode().activeElement;
    const place = focused && [...grid.querySelectorAll("input")].indexOf(focused);
    grid.replaceChildren(...[...view.kernel].map((weight, i) => {
      const cell = document.createElement("div");
      cell.className = "cell";
      const pixel = document.createElement("span");
      pixel.className = "pixel";
      const input = document.createElement("input");
      input.inputMode = "decimal";
      input.setAttribute("aria-label", `Kernel row ${Math.floor(i / kernelColumns)}, column ${i % kernelColumns}`);
      input.value = brief(weight);
      input.title = String(weight);
      input.addEventListener("focus", () => input.select());
      input.addEventListener("change", () => take(input, i));
      input.addEventListener("keydown", (event) => walk(event, i));
      cell.append(pixel, input);
      return cell;
    }));
    if (place >= 0) grid.querySelectorAll("input")[place]?.focus();
  }

  function brief(weight) {
    return String(Number(weight.toPrecision(view.digits))).replace(/^(-?)0\./, "$1.").replace("-", "−");
  }

  function take(input, i) {
    const text = input.value.trim().replace("−", "-").replace(",", ".");
    const [, top, bottom] = text.match(/^([^/]+)\/([^/]+)$/) ?? [null, text, "1"];
    const value = top.trim() === "" || bottom.trim() === "" ? NaN : Number(top) / Number(bottom);
    if (!Number.isFinite(value)) {
      find(".note").textContent = `“${input.value.slice(0, 20)}” is no number. ${EXAMPLE}`;
      input.value = brief(view.kernel[i]);
      return;
    }
    const { kernelColumns } = view.header;
    if (value !== view.kernel[i]) view.send({ row: Math.floor(i / kernelColumns), column: i % kernelColumns, value });
  }

  // Up and down go from cell to cell, Enter to the next one.
  function walk(event, i) {
    const by = { ArrowUp: -view.header.kernelColumns, ArrowDown: view.header.kernelColumns, Enter: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const inputs = find(".kernel").querySelectorAll("input");
    (inputs[i + by] ?? inputs[event.key === "Enter" ? 0 : i]).focus();
  }

  function explain() {
    const spot = view.pointed ?? view.chosen;
    const { names } = view.header;
    find(".where").textContent = `${view.pointed ? "Row" : "Chosen: row"} ${spot.row}, column ${spot.column}`;
    const lines = find(".told tbody").children;
    names.forEach((name, plane) => {
      const at = index(spot.row, spot.column, plane);
      const after = sumOf(windowOf(spot, plane));
      const texts = [number(view.before[at]), short(after), number(view.shown[at])];
      [".before", ".after", ".shown"].forEach((kind, i) => { lines[plane].querySelector(kind).textContent = texts[i]; });
      lines[plane].querySelector(".after").dataset.exact = String(after);
      lines[plane].querySelector("button")?.setAttribute("aria-pressed", String(plane === view.plane));
    });
    const cells = windowOf(spot, view.plane);
    [...find(".kernel").children].forEach((cell, i) => {
      const { pixel, weight, madeUp } = cells[i];
      const text = cell.firstChild;
      text.textContent = pixel;
      text.style.background = `rgb(${pixel}, ${pixel}, ${pixel})`;
      text.style.color = pixel < 120 ? "#ffffff" : "#000000";
      cell.classList.toggle("made-up", madeUp);
      cell.dataset.value = pixel;
      cell.dataset.weight = weight;
    });
    const name = names.length === 1 ? "" : ` of plane ${names[view.plane]}`;
    find(".words").textContent = `Pixels${name} over the kernel's cells. ${EXAMPLE}`;
    find(".sum").textContent = `Sum of the products: ${short(sumOf(cells))}`;
    const padding = cells.some(({ madeUp }) => madeUp) ? " Dashed cells are zeros of the padding." : "";
    find(".note").textContent = `Point at the picture; click to keep a pixel.${padding}`;
    picture.setAttribute("aria-label", `${view.header.label} Arrow keys move from pixel to pixel, Enter keeps one.`);
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
      Object.assign(view, { pointed: null, chosen: { row: header.rows >> 1, column: header.columns >> 1 }, plane: 0 });
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
