// A predicted cell: clicked in the grid that the page asks about, outlined until the answer is open. Knows cells; not the answer.

/** @import { Cell, Grids, Header, Pair, View } from "./types.js" */

/**
 * @param {Pick<View, "header">} view
 * @param {Grids} grids
 * @param {(key: string, cell: Cell, back?: HTMLElement) => void} edit - of a cell in an editable grid
 */
export function createGuessing(view, grids, edit) {
  const guessing = {
    /** @type {(cell: Pair) => void} */
    tell: () => {},

    /** @param {string} key */
    isAsked: (key) => view.header.asked === key,

    /**
     * What a click on a cell, or Enter, does.
     * @param {string} key
     * @param {Cell} cell
     * @param {HTMLElement} [back] - where the keyboard goes on after an edit
     */
    open(key, cell, back) {
      if (guessing.isAsked(key)) {
        grids[key].setGuess(cell);
        guessing.tell([cell.row, cell.col]);
      } else if (grids[key].spec.editable) edit(key, cell, back);
    },

    /**
     * Outline what Python knows of, and nothing where nothing is asked.
     * @param {Pick<Header, "asked" | "guess">} header
     */
    receive({ asked, guess }) {
      for (const [key, grid] of Object.entries(grids)) {
        const [row, col] = guess ?? [];
        grid.setGuess(key === asked && row !== undefined && col !== undefined ? { plane: 0, row, col } : null);
      }
    },
  };
  return guessing;
}
