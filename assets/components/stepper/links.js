// What belongs together at a step, in every grid of the stepper: the window, its kernel, its row or column of a matrix, and,
// where someone points at one product, that product's cell in each of them. Knows indices and outlines; computes no results.

import { createFlattening, runsOf } from "./flattening.js";

/** @import { Axis, Cell, Geometry, Grid, Grids, Link, Mark, View } from "./types.js" */

const POINTED = 4; // pixels of the outline of what is pointed at

/** @typedef {[first: number, length: number]} Run - of rows or columns */

/**
 * @param {View} view
 * @param {Grids} grids
 * @param {Geometry} geometry
 */
export function createLinks(view, grids, { placeSpec, count, placeOf, stepAt, stepAround, planesOf, termsAt }) {
  const { flatten, unflatten } = createFlattening(view);
  const flatTerms = () => termsAt(view.step).flatMap(({ plane, terms }) => terms.map((term) => ({ plane, ...term })));
  const noTap = () => null;

  /**
   * The step and the product (its number within the window, or null) that a pointed cell stands for; null for none.
   * @param {string} key
   * @param {Cell} cell
   * @returns {{step: number, tap: () => number | null} | null}
   */
  function meant(key, cell) {
    const { roles, kind, window } = view.header;
    const [kh, kw] = window.kernel;
    /** @param {(term: Cell) => boolean} matches */
    const tapOf = (matches) => {
      const found = kind === "convolution" ? flatTerms().findIndex(matches) : -1;
      return found < 0 ? null : found;
    };
    const like = view.header.alike[key];
    if (key === roles.place || like === "place") return { step: stepAt(cell), tap: noTap };
    if (key === roles.window || like === "window") {
      const same = (/** @type {Cell} */ term) =>
        term.plane === cell.plane && term.row === cell.row && term.col === cell.col;
      return { step: stepAround(cell), tap: () => tapOf(same) };
    }
    if (key === roles.kernel && kind === "convolution") {
      return { step: view.step, tap: () => (cell.plane * kh + cell.row) * kw + cell.col };
    }
    const link = view.header.links.find(({ grid }) => grid === key);
    return link ? meantByLink(link, cell, tapOf) : null;
  }

  /**
   * @param {Link} link
   * @param {Cell} cell
   * @param {(matches: (term: Cell) => boolean) => number | null} tapOf
   */
  function meantByLink(link, cell, tapOf) {
    const { rows, cols } = placeSpec();
    const now = placeOf(view.step);
    /** @type {Partial<Record<Axis, number>>} */
    const read = { channel: now.plane, place: now.row * cols + now.col };
    Object.assign(read, { [link.rows]: cell.row, [link.cols]: cell.col });
    const { channel = 0, place = 0, tap, window } = read;
    const around = window !== undefined && read.step === undefined ? stepAround(unflatten(window)) : undefined;
    const step = read.step ?? around ?? Math.min(count() - 1, channel * rows * cols + place);
    return { step, tap: () => (window === undefined ? (tap ?? null) : tapOf((term) => flatten(term) === window)) };
  }

  /**
   * Rows or columns of a link that belong to a step.
   * @param {Axis} axis
   * @param {number} size
   * @param {Cell} place
   * @param {Cell[]} terms
   * @returns {Run[]}
   */
  function runs(axis, size, place, terms) {
    if (axis === "channel") return [[place.plane, 1]];
    if (axis === "place") return [[place.row * placeSpec().cols + place.col, 1]];
    if (axis === "step") return [[view.step, 1]];
    return axis === "window" ? runsOf(terms.map(flatten)) : [[0, size]];
  }

  /**
   * @param {Mark[]} marks
   * @param {Cell | null} cell
   * @returns {Mark[]}
   */
  function withPointed(marks, cell) {
    return cell ? [...marks, { ...cell, colour: view.theme.text, width: POINTED }] : marks;
  }

  /**
   * Outline everything that belongs to the step. Returns the grids that have to be repainted.
   * @param {Cell} place
   * @param {{reveal: boolean}} how - reveal: move the regions of large grids there
   */
  function mark(place, { reveal }) {
    const { header, tap } = view;
    const { kernel, stride, dilation } = header.window;
    const [[kh, kw], [dh, dw]] = [kernel, dilation];
    const { primary: colour } = view.theme;
    const [top, left] = [place.row * stride[0], place.col * stride[1]];
    const terms = header.links.length || tap !== null ? flatTerms() : [];
    const pointed = tap === null ? null : (terms[tap] ?? null);
    /** @type {string[]} */
    const moved = [];

    const spread = { rows: kh, cols: kw, stepRows: dh, stepCols: dw, colour };
    const window = planesOf(place).map((plane) => ({ plane, row: top, col: left, ...spread }));
    const under = pointed && { plane: pointed.plane, row: pointed.row, col: pointed.col };
    grids[header.roles.window].mark(withPointed(window, under));
    grids[header.roles.place].mark([{ ...place, colour }]);
    for (const [key, like] of Object.entries(header.alike)) {
      const grid = grids[key];
      grid.mark(like === "place" ? [{ ...place, colour }] : window);
      if (!reveal) continue;
      if (like === "place" ? grid.reveal(place.row, place.col, 1, 1) : grid.reveal(top, left, kh, kw)) moved.push(key);
    }
    if (header.roles.kernel && header.kind === "convolution") {
      const at =
        pointed && tap !== null
          ? { plane: Math.floor(tap / (kh * kw)), row: Math.floor(tap / kw) % kh, col: tap % kw }
          : null;
      grids[header.roles.kernel].mark(withPointed([], at));
    }
    for (const link of header.links) if (markLink(link, place, terms, pointed, reveal)) moved.push(link.grid);
    return moved;
  }

  /**
   * Whether the link's grid has moved.
   * @param {Link} link
   * @param {Cell} place
   * @param {Cell[]} terms
   * @param {Cell | null} pointed
   * @param {boolean} reveal
   */
  function markLink(link, place, terms, pointed, reveal) {
    const grid = grids[link.grid];
    const { primary: colour } = view.theme;
    const rows = runs(link.rows, grid.spec.rows, place, terms);
    const cols = runs(link.cols, grid.spec.cols, place, terms);
    if (!rows.length || !cols.length) return false;
    const moved = reveal && follow(grid, link, rows, cols);
    /** @type {Mark[]} */
    const marks = rows.flatMap(([row, tall]) =>
      cols.map(([col, wide]) => ({ plane: 0, row, col, rows: tall, cols: wide, colour })),
    );
    if (link.cols === "window") {
      marks.unshift({ plane: 0, row: rows[0][0], col: 0, cols: grid.spec.cols, colour, width: 1 });
    }
    grid.mark(withPointed(marks, pointed && linkedCell(link, rows, cols, pointed)));
    return moved;
  }

  /**
   * Where the product that is pointed at stands in a linked grid.
   * @param {Link} link
   * @param {Run[]} rows
   * @param {Run[]} cols
   * @param {Cell} pointed
   * @returns {Cell | null}
   */
  function linkedCell(link, rows, cols, pointed) {
    if (![link.rows, link.cols].some((axis) => axis === "tap" || axis === "window")) return null;
    const at = (/** @type {Axis} */ axis, /** @type {Run[]} */ [first]) =>
      axis === "tap" ? (view.tap ?? -1) : axis === "window" ? flatten(pointed) : first[0];
    const [row, col] = [at(link.rows, rows), at(link.cols, cols)];
    return row < 0 || col < 0 ? null : { plane: 0, row, col };
  }

  /**
   * Show the step's cells, only along the axes that the step decides; the others stay where the reader has moved them.
   * @param {Grid} grid
   * @param {Link} link
   * @param {Run[]} rows
   * @param {Run[]} cols
   */
  function follow(grid, link, rows, cols) {
    /**
     * @param {Axis} axis
     * @param {Run[]} found
     * @param {number} first
     * @param {number} shown
     */
    const span = (axis, found, first, shown) => {
      if (axis === "all" || axis === "tap") return [first, 1];
      const [start, [last, length]] = [found[0][0], found[found.length - 1]];
      return [start, Math.min(last + length - start, shown)];
    };
    const [row, tall] = span(link.rows, rows, grid.region.top, grid.region.rows);
    const [col, wide] = span(link.cols, cols, grid.region.left, grid.region.cols);
    return grid.reveal(row, col, tall, wide);
  }

  const resultGrids = () => [
    ...view.header.links.filter(({ result }) => result).map(({ grid }) => grid),
    ...Object.keys(view.header.alike).filter((key) => view.header.alike[key] === "place"),
  ];

  return { mark, meant, resultGrids };
}
