// The keyboard's cursor over the stepper's grids: it goes from cell to cell, says what is under it, and opens the editor.
// Knows cells and keys; not what a cell means, nor how it is changed.

import { finder } from "../shared/dom.js";
import { listenForCursor } from "../shared/keys.js";
import { number } from "../shared/numbers.js";

/** @import { Cell, Grid, GridSpec, Grids } from "./types.js" */

/**
 * One cell on; past an edge of a plane it goes to the plane beside or below that one, and stays where there is none.
 * @param {Pick<GridSpec, "planes" | "rows" | "cols">} spec
 * @param {number} perRow - planes beside each other
 * @param {Cell} cell
 * @param {readonly [rows: number, cols: number]} by
 * @returns {Cell}
 */
export function movedCell(spec, perRow, cell, [rows, cols]) {
  const [row, col] = [cell.row + rows, cell.col + cols];
  if (row >= 0 && row < spec.rows && col >= 0 && col < spec.cols) return { ...cell, row, col };
  const beside = cell.plane + cols;
  const plane = cols ? beside : cell.plane + rows * perRow;
  const leavesItsLine = cols && Math.floor(beside / perRow) !== Math.floor(cell.plane / perRow);
  if (plane < 0 || plane >= spec.planes || leavesItsLine) return cell;
  return { plane, row: (row + spec.rows) % spec.rows, col: (col + spec.cols) % spec.cols };
}

/**
 * "Input, row 2, column 3: 5". Rows and columns as the layer counts them: without the padding around.
 * @param {GridSpec} spec
 * @param {Cell} cell
 * @param {string} value
 */
export function cellInWords(spec, { plane, row, col }, value) {
  const name = spec.planes > 1 ? `, ${spec.names?.[plane] ?? `plane ${plane}`}` : "";
  const place = spec.border?.[row * spec.cols + col]
    ? "padding"
    : `row ${row - spec.pad[0]}, column ${col - spec.pad[1]}`;
  return `${spec.title}${name}, ${place}: ${value}`;
}

/**
 * @param {ParentNode} root
 * @param {Grids} grids
 * @param {{point: (key: string, cell: Cell) => void, open: (key: string, cell: Cell, back: HTMLElement) => void,
 *   repaint: (key: string) => void}} act - point, open: as a mouse does that moves or clicks
 */
export function createCursor(root, grids, act) {
  const { find } = finder(root);
  /** @type {{key: string, cell: Cell} | null} */
  let at = null;

  /** @param {string} key */
  function startOf(key) {
    const { region } = grids[key];
    return { plane: 0, row: region.top, col: region.left };
  }

  /**
   * @param {Grid} grid
   * @param {Cell} cell
   */
  const inside = ({ spec }, { plane, row, col }) => plane < spec.planes && row < spec.rows && col < spec.cols;

  function say() {
    if (!at) return;
    const grid = grids[at.key];
    const index = grid.index(at.cell.plane, at.cell.row, at.cell.col);
    const { spec } = grid;
    const border = spec.borderText && spec.border?.[at.cell.row * spec.cols + at.cell.col];
    const value = grid.covered(index) ? "covered" : border ? spec.borderText : number(grid.values[index]);
    find(".said").textContent = cellInWords(spec, at.cell, value);
  }

  /**
   * Put the cursor on a cell, or back where it was in this grid.
   * @param {string} key
   * @param {Cell} [cell]
   */
  function put(key, cell) {
    const grid = grids[key];
    const kept = at?.key === key && inside(grid, at.cell) ? at.cell : startOf(key);
    at = { key, cell: cell ?? kept };
    if (grid.reveal(at.cell.row, at.cell.col, 1, 1)) act.repaint(key);
    for (const [name, each] of Object.entries(grids)) each.setCursor(name === key ? at.cell : null);
    say();
  }

  /** @param {string} key */
  function listen(key) {
    const { base } = grids[key];
    base.addEventListener("focus", () => {
      find(".panel").setAttribute("aria-live", "off"); // the cell is said; the panel changes with it
      put(key);
    });
    base.addEventListener("blur", () => {
      find(".panel").setAttribute("aria-live", "polite");
      grids[key]?.setCursor(null);
    });
    listenForCursor(base, {
      move(by) {
        if (at?.key !== key) return;
        const next = movedCell(grids[key].spec, grids[key].perRow, at.cell, by);
        act.point(key, next);
        put(key, next);
      },
      open: () => at?.key === key && act.open(key, at.cell, base),
      leave: () => find(".stepper").focus({ preventScroll: true }),
    });
  }

  return { listen, put };
}
