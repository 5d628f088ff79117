// The numbers beside a picture that is compared: the pixel that is pointed at, and the kernel's cells under its window.
// Knows one pixel and its window; not how the pictures are drawn.

const EXAMPLE = "Type a number, such as −1, 0.25 or 1/9.";

function createComparePanel(root, view) {
  const find = (selector) => root.querySelector(selector);

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

  function buildPanel() {
    const { names, kernelColumns } = view.header;
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
    const focused = grid.getRootNode().activeElement;
    const place = focused && [...grid.querySelectorAll("input")].indexOf(focused);
    grid.replaceChildren(...[...view.kernel].map((weight, i) => {
      const cell = document.createElement("div");
      cell.className = "cell";
      const pixel = document.createElement("span");
      pixel.className = "pixel";
      const input = document.createElement("input");
      input.inputMode = "decimal";
      input.setAttribute("aria-label", `Kernel row ${Math.floor(i / kernelColumns)}, column ${i % kernelColumns}`);
      input.title = String(weight);
      input.addEventListener("focus", () => input.select());
      input.addEventListener("change", () => take(input, i));
      input.addEventListener("keydown", (event) => walk(event, i));
      cell.append(pixel, input);
      return cell;
    }));
    if (place >= 0) grid.querySelectorAll("input")[place]?.focus();
  }

  // Cells as wide as the panel allows, and as many digits as they hold.
  function sizeCells(panel) {
    const { kernelColumns } = view.header;
    const grid = find(".kernel");
    const side = Math.min(56, Math.floor((panel - 2 * kernelColumns) / kernelColumns));
    grid.style.gridTemplateColumns = `repeat(${kernelColumns}, ${side}px)`;
    grid.style.fontSize = `${side >= 50 ? 14 : side >= 40 ? 12 : 10}px`;
    view.digits = side >= 40 ? 3 : 2;
    grid.querySelectorAll("input").forEach((input, i) => {
      if (input.getRootNode().activeElement !== input || input.dataset.weight !== String(view.kernel[i])) input.value = brief(view.kernel[i]);
      input.dataset.weight = view.kernel[i];
    });
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
    find(".picture").setAttribute("aria-label", `${view.header.label} Arrow keys move from pixel to pixel, Enter keeps one.`);
  }

  return { buildPanel, sizeCells, explain };
}
