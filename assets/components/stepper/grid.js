// A grid of numbers on a canvas: planes below or beside each other, every cell coloured, its number in it where there is room.
// Knows cells; not what they mean. Draws numbers once per change and marks (outlines) on a second canvas above.

import { element } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { within } from "../shared/keys.js";
import { contextOf } from "../shared/canvas.js";
import { paintCells, paintOverview } from "./grid_paint.js";
import { GRID_EDGE, MOST_CELLS, PLANE_ASIDE, PLANE_GAP, UNNAMED_GAP } from "./sizes.js";

/** @import { Numbers, Pointer, Tables, Theme } from "../shared/types.js" */
/** @import { Cell, GridSpec, Mark, Pair, Region } from "./types.js" */

const MARK_WIDTH = 2.5; // pixels of an outline around a cell of this size, wider around larger ones
const USUAL_CELL = 46;
const GUESS_DASH = [8, 5]; // pixels of the outline of a predicted cell, and of its gaps
const CURSOR_WIDTH = 3; // of the keyboard's cursor, on a wider line of the page's own colour

/**
 * @param {Element} parent
 * @param {GridSpec} spec
 */
export function createGrid(parent, spec) {
  const holder = element("figure", "grid");
  const [caption, stack] = [element("figcaption"), element("div", "stack")];
  const [base, top, overview] = ["cells", "marks", "overview"].map((name) => element("canvas", name));
  stack.append(base, top);
  holder.append(caption, stack, overview);
  parent.append(holder);
  base.setAttribute("role", "img");
  base.tabIndex = 0;
  top.setAttribute("aria-hidden", "true");
  overview.setAttribute("aria-hidden", "true");
  /** @type {{marks: Mark[], cursor: Cell | null, guess: Cell | null, theme: Theme | null}} */
  const drawn = { marks: [], cursor: null, guess: null, theme: null };

  const grid = {
    holder,
    base,
    top,
    overview,
    spec,
    values: /** @type {Numbers} */ (new Float64Array()),
    cell: 20,
    perRow: 1,
    region: /** @type {Region} */ ({ rows: 0, cols: 0, top: 0, left: 0 }),
    /** @type {(index: number) => boolean} */
    covered: () => false,
    moved: () => {}, // the region was dragged

    /**
     * @param {GridSpec} spec
     * @param {Numbers} values
     */
    set(spec, values) {
      Object.assign(grid, { spec, values });
      const [rows, cols] = [Math.min(spec.rows, MOST_CELLS), Math.min(spec.cols, MOST_CELLS)];
      const { top, left } = grid.region;
      grid.region = { rows, cols, top: clamp(top, 0, spec.rows - rows), left: clamp(left, 0, spec.cols - cols) };
      caption.textContent = spec.title;
      const keys = `Arrow keys go from cell to cell${spec.editable ? ", Enter changes one" : ""}.`;
      base.setAttribute("aria-label", `${spec.title}: ${spec.planes} × ${spec.rows}×${spec.cols}. ${keys}`);
    },

    /** @param {number} plane */
    planeTop(plane) {
      const gap = grid.spec.names ? PLANE_GAP : UNNAMED_GAP;
      const above = Math.floor(plane / grid.perRow) * (grid.region.rows * grid.cell + gap);
      return GRID_EDGE + above + (grid.spec.names ? PLANE_GAP : 0);
    },

    /** @param {number} plane */
    planeLeft: (plane) => GRID_EDGE + (plane % grid.perRow) * (grid.region.cols * grid.cell + PLANE_ASIDE),

    /**
     * @param {number} plane
     * @param {number} row
     * @param {number} col
     */
    index: (plane, row, col) => (plane * grid.spec.rows + row) * grid.spec.cols + col,

    /**
     * The corner of a cell on the canvas, or null where the region does not show it.
     * @param {number} plane
     * @param {number} row
     * @param {number} col
     * @returns {[x: number, y: number] | null}
     */
    corner(plane, row, col) {
      const { top: first, left, rows, cols } = grid.region;
      if (row < first || col < left || row >= first + rows || col >= left + cols) return null;
      return [grid.planeLeft(plane) + (col - left) * grid.cell, grid.planeTop(plane) + (row - first) * grid.cell];
    },

    /**
     * Move the region so that it shows a window of the grid; true if it moved.
     * @param {number} row
     * @param {number} col
     * @param {number} rows
     * @param {number} cols
     */
    reveal(row, col, rows, cols) {
      const { region, spec } = grid;
      const top = fitted(region.top, region.rows, row, rows, spec.rows);
      const left = fitted(region.left, region.cols, col, cols, spec.cols);
      if (top === region.top && left === region.left) return false;
      Object.assign(region, { top, left });
      return true;
    },

    /**
     * @param {Theme} theme
     * @param {Tables} tables
     * @param {Pair} range
     */
    paint(theme, tables, range) {
      const table = tables[grid.spec.signed ? "diverging" : "sequential"];
      drawn.theme = theme;
      paintCells(grid, theme, table, range);
      paintOverview(grid, theme, table, range);
    },

    /**
     * Outline rectangles of cells.
     * @param {Mark[]} marks
     */
    mark(marks) {
      drawn.marks = marks;
      drawMarks();
    },

    /**
     * Where the keyboard is, or null.
     * @param {Cell | null} cell
     */
    setCursor(cell) {
      drawn.cursor = cell;
      drawMarks();
    },

    /**
     * The cell that was predicted, or null.
     * @param {Cell | null} cell
     */
    setGuess(cell) {
      if (cell === drawn.guess) return; // none before and none now, as with every edit
      drawn.guess = cell;
      drawMarks();
    },

    /**
     * @param {Pointer} event
     * @returns {Cell | null}
     */
    cellAt(event) {
      const [x, y] = within(event, base);
      for (let plane = 0; plane < grid.spec.planes; plane++) {
        const row = Math.floor((y - grid.planeTop(plane)) / grid.cell);
        const col = Math.floor((x - grid.planeLeft(plane)) / grid.cell);
        if (row < 0 || col < 0 || row >= grid.region.rows || col >= grid.region.cols) continue;
        return { plane, row: row + grid.region.top, col: col + grid.region.left };
      }
      return null;
    },

    remove: () => holder.remove(),
  };

  function drawMarks() {
    const context = contextOf(top);
    context.clearRect(0, 0, base.clientWidth + 1, base.clientHeight + 1);
    for (const {
      plane,
      row,
      col,
      rows = 1,
      cols = 1,
      colour,
      width = MARK_WIDTH,
      stepRows = 1,
      stepCols = 1,
    } of drawn.marks) {
      context.strokeStyle = colour;
      context.lineWidth = width * clamp(grid.cell / USUAL_CELL, 1, 2);
      if (stepRows === 1 && stepCols === 1) outline(context, plane, row, col, rows, cols);
      else {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < cols; j++) outline(context, plane, row + i * stepRows, col + j * stepCols, 1, 1);
        }
      }
    }
    if (drawn.guess) outlineTwice(context, drawn.guess, GUESS_DASH);
    if (drawn.cursor) outlineTwice(context, drawn.cursor, []);
  }

  /**
   * An outline in the text's colour on a wider one of the page's: seen on any cell.
   * @param {CanvasRenderingContext2D} context
   * @param {Cell} cell
   * @param {number[]} dash
   */
  function outlineTwice(context, { plane, row, col }, dash) {
    const { theme } = drawn;
    if (!theme) return;
    for (const [colour, width, dashes] of /** @type {const} */ ([
      [theme.background, CURSOR_WIDTH + 3, []],
      [theme.text, CURSOR_WIDTH, dash],
    ])) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.setLineDash(dashes);
      outline(context, plane, row, col, 1, 1);
    }
    context.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} plane
   * @param {number} row
   * @param {number} col
   * @param {number} rows
   * @param {number} cols
   */
  function outline(context, plane, row, col, rows, cols) {
    const { top: first, left, rows: shownRows, cols: shownCols } = grid.region;
    const [r0, c0] = [Math.max(row, first), Math.max(col, left)];
    const [r1, c1] = [Math.min(row + rows, first + shownRows), Math.min(col + cols, left + shownCols)];
    const corner = r0 < r1 && c0 < c1 ? grid.corner(plane, r0, c0) : null;
    if (!corner) return;
    context.strokeRect(corner[0] - 0.5, corner[1] - 0.5, (c1 - c0) * grid.cell, (r1 - r0) * grid.cell);
  }

  overview.addEventListener("pointermove", (event) => event.buttons && follow(event));
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    follow(event);
  });

  /** @param {Pointer} event */
  function follow(event) {
    const box = overview.getBoundingClientRect();
    const { spec, region } = grid;
    const [x, y] = within(event, overview);
    region.top = clamp(Math.round((y / box.height) * spec.rows - region.rows / 2), 0, spec.rows - region.rows);
    region.left = clamp(Math.round((x / box.width) * spec.cols - region.cols / 2), 0, spec.cols - region.cols);
    grid.moved();
  }

  return grid;
}

/**
 * The start of a region of `shown` cells of `all`, moved as little as shows `size` cells from `from` on.
 * @param {number} first
 * @param {number} shown
 * @param {number} from
 * @param {number} size
 * @param {number} all
 */
export function fitted(first, shown, from, size, all) {
  const moved = from < first ? from : from + size > first + shown ? from + size - shown : first;
  return clamp(moved, 0, all - shown);
}
