// The numbers beside a picture that is compared: the pixel that is pointed at, and the kernel's cells under its window.
// Knows one pixel and its window; not how the pictures are drawn.

import { element, finder } from "../shared/dom.js";
import { number, readNumber, rounded } from "../shared/numbers.js";

/** @import { Spot } from "../shared/types.js" */
/** @import { Under, View } from "./types.js" */

const EXAMPLE = "Type a number, such as −1, 0.25 or 1/9.";
const NUMBERS = 304; // CSS pixels: what the numbers of a pixel need
const CELL = 52; // a kernel's cell with three digits of 14 pixels
const LARGEST = 56;
const THREE = 46; // from here on three digits find room, below two

/**
 * How wide the panel is: as its kernel needs.
 * @param {number} kernelColumns
 * @param {number} room
 */
export const panelWidth = (kernelColumns, room) => Math.min(room, Math.max(NUMBERS, kernelColumns * CELL));

/**
 * @param {ParentNode} root
 * @param {View} view
 */
export function createComparePanel(root, view) {
  const { find } = finder(root);
  const kernelInputs = () => [...find(".kernel").querySelectorAll("input")];

  /** @param {HTMLInputElement} input */
  const isFocused = (input) => /** @type {ShadowRoot | Document} */ (input.getRootNode()).activeElement === input;
  /**
   * @param {number} row
   * @param {number} column
   * @param {number} plane
   */
  const index = (row, column, plane) => (row * view.header.columns + column) * view.header.planes + plane;

  /**
   * The window of one output number: [{pixel, weight, madeUp}], row by row.
   * @param {Spot} spot
   * @param {number} plane
   */
  function windowOf({ row, column }, plane) {
    const { kernelRows, kernelColumns, rowSources, columnSources } = view.header;
    /** @type {Under[]} */
    const cells = [];
    for (let y = 0; y < kernelRows; y++) {
      for (let x = 0; x < kernelColumns; x++) {
        const [from, beside] = [rowSources[row + y], columnSources[column + x]];
        const madeUp = from < 0 || beside < 0;
        const pixel = madeUp ? 0 : view.before[index(from, beside, plane)];
        cells.push({ pixel, weight: view.kernel[y * kernelColumns + x], madeUp });
      }
    }
    return cells;
  }

  /** @param {Under[]} cells */
  const sumOf = (cells) => cells.reduce((sum, { pixel, weight }) => sum + pixel * weight, 0);
  /** @param {number} value */
  const short = (value) => number(Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value);

  function buildPanel() {
    const { names, kernelColumns } = view.header;
    find(".told tbody").replaceChildren(
      ...names.map((name, plane) => {
        const line = element("tr");
        const cells = ["name", "before", "after", "shown"].map((kind) => element("td", kind));
        if (names.length === 1) cells[0].textContent = name;
        else {
          const button = element("button", "", name);
          button.setAttribute("aria-label", `Show the products of plane ${name}`);
          button.addEventListener("click", () => {
            view.plane = plane;
            explain();
          });
          cells[0].append(button);
        }
        line.append(...cells);
        return line;
      }),
    );
    const grid = find(".kernel");
    const place = kernelInputs().findIndex(isFocused);
    grid.replaceChildren(
      ...[...view.kernel].map((weight, i) => {
        const cell = element("div", "cell");
        const input = element("input");
        input.inputMode = "decimal";
        input.setAttribute("aria-label", `Kernel row ${Math.floor(i / kernelColumns)}, column ${i % kernelColumns}`);
        input.title = String(weight);
        input.addEventListener("focus", () => input.select());
        input.addEventListener("change", () => take(input, i));
        input.addEventListener("keydown", (event) => walk(event, i));
        cell.append(element("span", "pixel"), input);
        return cell;
      }),
    );
    kernelInputs()[place]?.focus();
  }

  /**
   * Cells as wide as the panel allows, and as many digits as they hold.
   * @param {number} panel
   */
  function sizeCells(panel) {
    const { kernelColumns } = view.header;
    const grid = find(".kernel");
    const side = Math.min(LARGEST, Math.floor(panel / kernelColumns) - 2);
    grid.style.gridTemplateColumns = `repeat(${kernelColumns}, ${side}px)`;
    view.digits = side >= THREE ? 3 : 2;
    kernelInputs().forEach((input, i) => {
      const weight = String(view.kernel[i]);
      if (!isFocused(input) || input.dataset.weight !== weight) input.value = brief(view.kernel[i]);
      input.dataset.weight = weight;
    });
  }

  /** @param {number} weight */
  function brief(weight) {
    return rounded(weight, view.digits).replace(/^(−?)0\./, "$1.");
  }

  /**
   * @param {HTMLInputElement} input
   * @param {number} i
   */
  function take(input, i) {
    const [top, bottom = "1", ...more] = input.value.split("/");
    const value = more.length ? NaN : readNumber(top) / readNumber(bottom);
    if (!Number.isFinite(value)) {
      find(".note").textContent = `“${input.value.slice(0, 20)}” is no number. ${EXAMPLE}`;
      input.value = brief(view.kernel[i]);
      return;
    }
    const { kernelColumns } = view.header;
    if (value !== view.kernel[i]) view.send({ row: Math.floor(i / kernelColumns), column: i % kernelColumns, value });
  }

  /**
   * Up and down go from cell to cell, Enter to the next one.
   * @param {KeyboardEvent} event
   * @param {number} i
   */
  function walk(event, i) {
    const { kernelColumns } = view.header;
    /** @type {Record<string, number>} */
    const steps = { ArrowUp: -kernelColumns, ArrowDown: kernelColumns, Enter: 1 };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const inputs = kernelInputs();
    (inputs[i + by] ?? inputs[event.key === "Enter" ? 0 : i]).focus();
  }

  function explain() {
    const spot = view.pointed ?? view.chosen;
    const { names } = view.header;
    find(".where").textContent = `${view.pointed ? "Row" : "Chosen: row"} ${spot.row}, column ${spot.column}`;
    const lines = find(".told tbody").children;
    names.forEach((_, plane) => {
      const at = index(spot.row, spot.column, plane);
      const after = sumOf(windowOf(spot, plane));
      const texts = [number(view.before[at]), short(after), number(view.shown[at])];
      const told = finder(lines[plane]);
      [".before", ".after", ".shown"].forEach((kind, i) => {
        told.find(kind).textContent = texts[i];
      });
      told.find(".after").dataset.exact = String(after);
      lines[plane].querySelector("button")?.setAttribute("aria-pressed", String(plane === view.plane));
    });
    const cells = windowOf(spot, view.plane);
    find(".kernel")
      .querySelectorAll("div")
      .forEach((cell, i) => {
        const { pixel, weight, madeUp } = cells[i];
        const text = finder(cell).find(".pixel");
        text.textContent = String(pixel);
        text.style.background = `rgb(${pixel}, ${pixel}, ${pixel})`;
        text.style.color = pixel < 120 ? "#ffffff" : "#000000";
        cell.classList.toggle("made-up", madeUp);
        cell.dataset.value = String(pixel);
        cell.dataset.weight = String(weight);
      });
    const name = names.length === 1 ? "" : ` of plane ${names[view.plane]}`;
    find(".words").textContent = `Pixels${name} over the kernel's cells. ${EXAMPLE}`;
    find(".sum").textContent = `Sum of the products: ${short(sumOf(cells))}`;
    const padding = cells.some(({ madeUp }) => madeUp) ? " Dashed cells are zeros of the padding." : "";
    find(".note").textContent = `Point at the picture; click to keep a pixel.${padding}`;
    find(".picture").setAttribute(
      "aria-label",
      `${view.header.label} Arrow keys move from pixel to pixel, Enter keeps one.`,
    );
  }

  return { buildPanel, sizeCells, explain };
}
