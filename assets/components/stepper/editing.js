// Changing the stepper's cells: by typing into one, and by painting over many. Knows cells and messages; computes no results.

import { finder, zoomOf } from "../shared/dom.js";
import { ARROWS } from "../shared/keys.js";
import { readNumber } from "../shared/numbers.js";

/** @import { Cell, Edit, Geometry, Grids, View } from "./types.js" */

const SMALLEST_EDITOR = { width: 44, height: 24, text: 16 }; // CSS pixels

/**
 * @param {ParentNode} root
 * @param {View} view
 * @param {Grids} grids
 * @param {Geometry} geometry
 * @param {(key: string) => void} repaint
 */
export function createEditing(root, view, grids, { placeOf }, repaint) {
  const { find, input } = finder(root);
  const [box, editor, ink] = [find(".stepper"), input(".editor"), input(".ink")];
  /** @type {{key: string, cell: Cell, back: HTMLElement} | null} back: what gets the keys when all is done */
  let open = null;
  /** @type {Edit | null} */
  let painted = null;
  /** @type {(Edit & {serial: number})[]} */
  let waiting = [];

  const editing = {
    painting: false,
    /** @type {(edits: Edit[]) => void} */
    tell: () => {},
    /** @type {(key: string, cell: Cell) => void} the editor has been left from this cell with the keyboard */
    left: () => {},
    edit,
    startPainting,
    paintCell,
    finishPainting,
    /**
     * What Python has taken is not sent again.
     * @param {number} serial
     */
    acknowledge(serial) {
      waiting = waiting.filter((edit) => edit.serial > serial);
    },
    forget() {
      waiting = [];
    },
  };

  /**
   * A cell as Python numbers it: without the padding around it, and with the kernel's own output channel.
   * @param {string} key
   * @param {Cell} cell
   */
  function address(key, { plane, row, col }) {
    const spec = view.header.grids[key];
    const [top, left] = spec.pad;
    const shared = key === view.header.roles.kernel && !view.header.perChannel;
    const channel = shared ? placeOf(view.step).plane : 0;
    return [channel * grids[key].spec.planes + plane, row - top, col - left];
  }

  /**
   * @param {string} key
   * @param {Cell} cell
   */
  const isBorder = (key, { row, col }) => {
    const { border, cols } = view.header.grids[key];
    return Boolean(border?.[row * cols + col]);
  };

  /**
   * @param {string} key
   * @param {Cell} cell
   * @param {number} value
   */
  function setCell(key, cell, value) {
    const grid = grids[key];
    grid.values = Float64Array.from(grid.values);
    grid.values[grid.index(cell.plane, cell.row, cell.col)] = value;
    repaint(key);
  }

  /**
   * Two quick edits can reach Python as one message, the newer: so each message carries all that are not acknowledged yet.
   * @param {Edit} edit
   */
  function tellEdit(edit) {
    waiting.push({ ...edit, serial: Math.max(Date.now(), (waiting.at(-1)?.serial ?? 0) + 1) });
    editing.tell(waiting);
  }

  // ── painting ───────────────────────────────────────────────────────────────────────────────────

  /** @param {string} key */
  function startPainting(key) {
    painted = { grid: key, cells: [] };
  }

  /**
   * @param {string} key
   * @param {Cell} cell
   */
  function paintCell(key, cell) {
    const value = Number(ink.value);
    if (!painted || !Number.isFinite(value) || isBorder(key, cell)) return;
    const place = [...address(key, cell), value];
    if (painted.cells.some((done) => done.every((part, i) => part === place[i]))) return;
    painted.cells.push(place);
    setCell(key, cell, value);
  }

  function finishPainting() {
    if (painted?.cells.length) tellEdit(painted);
    painted = null;
  }

  // ── typing ─────────────────────────────────────────────────────────────────────────────────────

  /**
   * @param {string} key
   * @param {Cell} cell
   * @param {HTMLElement} [back]
   */
  function edit(key, cell, back = box) {
    if (isBorder(key, cell)) return;
    const grid = grids[key];
    const corner = grid.corner(cell.plane, cell.row, cell.col);
    if (!corner) return;
    const [own, canvas] = [box.getBoundingClientRect(), grid.base.getBoundingClientRect()];
    const zoom = zoomOf(box);
    Object.assign(editor.style, {
      left: `${(canvas.left - own.left) / zoom + box.scrollLeft + corner[0]}px`,
      top: `${(canvas.top - own.top) / zoom + box.scrollTop + corner[1]}px`,
      fontSize: `${Math.max(SMALLEST_EDITOR.text, grid.cell / 3)}px`,
      width: `${Math.max(grid.cell, SMALLEST_EDITOR.width)}px`,
      height: `${Math.max(grid.cell, SMALLEST_EDITOR.height)}px`,
    });
    editor.value = String(grid.values[grid.index(cell.plane, cell.row, cell.col)]);
    editor.hidden = false;
    open = { key, cell, back };
    view.editing = true;
    editor.focus({ preventScroll: true });
    editor.select();
  }

  function commit() {
    if (!open) return;
    const { key, cell } = open;
    const value = readNumber(editor.value);
    close();
    const old = grids[key].values[grids[key].index(cell.plane, cell.row, cell.col)];
    if (!Number.isFinite(value) || value === old) return;
    setCell(key, cell, value);
    tellEdit({ grid: key, cells: [[...address(key, cell), value]] });
  }

  function close() {
    open = null;
    view.editing = false;
    editor.hidden = true;
  }

  /**
   * Give the keys back to where they came from.
   * @param {NonNullable<typeof open>} from
   */
  function leave({ key, cell, back }) {
    if (back !== box) editing.left(key, cell);
    back.focus({ preventScroll: true });
  }

  editor.addEventListener("blur", commit);
  editor.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (!open) return;
    const from = open;
    if (event.key === "Escape") {
      close();
      leave(from);
    }
    /** @type {Readonly<Record<string, readonly [number, number]>>} */
    const moves = { ...ARROWS, Enter: [0, 0], Tab: [0, event.shiftKey ? -1 : 1] };
    if (!moves[event.key]) return;
    event.preventDefault();
    const [rows, cols] = moves[event.key];
    commit();
    const next = { ...from.cell, row: from.cell.row + rows, col: from.cell.col + cols };
    const { spec } = grids[from.key];
    const inside = next.row >= 0 && next.col >= 0 && next.row < spec.rows && next.col < spec.cols;
    if ((rows || cols) && inside) edit(from.key, next, from.back);
    if (!open) leave(from);
  });

  return editing;
}
