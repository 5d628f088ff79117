// Where the stepper's window stands at each step, and which numbers meet there. Knows indices; draws nothing and adds nothing up:
// products, sums and what has been added so far come from the layer's record.

/** @import { Numbers } from "../shared/types.js" */
/** @import { Cell, Header, PlaneTerms, ResultName, Term, Values } from "./types.js" */

/**
 * @param {{header: Header, arrays: Numbers[], step: number}} view
 * @param {Record<string, Values>} grids
 */
export function createGeometry(view, grids) {
  const placeSpec = () => view.header.grids[view.header.roles.place];
  const count = () => placeSpec().planes * placeSpec().rows * placeSpec().cols;
  const windowValues = () => grids[view.header.roles.window];

  /**
   * What the record says of each step, or undefined where it was not sent.
   * @param {ResultName} name
   */
  function result(name) {
    const array = view.header.results[name];
    return array === undefined ? undefined : view.arrays[array];
  }

  /**
   * @param {number} step
   * @returns {Cell}
   */
  function placeOf(step) {
    const { rows, cols } = placeSpec();
    return { plane: Math.floor(step / (rows * cols)), row: Math.floor(step / cols) % rows, col: step % cols };
  }

  /** @param {Cell} cell */
  function stepAt({ plane, row, col }) {
    const { rows, cols } = placeSpec();
    return (plane * rows + row) * cols + col;
  }

  /**
   * The step whose window lies about a cell of the window grid.
   * @param {Cell} cell
   */
  function stepAround({ plane, row, col }) {
    const { kernel, stride, dilation } = view.header.window;
    const { rows, cols } = placeSpec();
    /** @type {(at: number, axis: 0 | 1, most: number) => number} */
    const nearest = (at, axis, most) => {
      const place = Math.round((at - (dilation[axis] * (kernel[axis] - 1)) / 2) / stride[axis]);
      return Math.max(0, Math.min(most - 1, place));
    };
    const channel = view.header.perChannel ? plane : placeOf(view.step).plane;
    return stepAt({ plane: channel, row: nearest(row, 0, rows), col: nearest(col, 1, cols) });
  }

  /**
   * The planes of the window grid that a place looks at.
   * @param {Cell} place
   */
  function planesOf(place) {
    if (view.header.perChannel) return [place.plane];
    const all = view.header.grids[view.header.roles.window].planes;
    const each = all / view.header.groups;
    const first = Math.floor(place.plane / (placeSpec().planes / view.header.groups)) * each;
    return Array.from({ length: each }, (_, i) => first + i);
  }

  /**
   * What meets at a step, plane by plane.
   * @param {number} step
   * @returns {PlaneTerms[]}
   */
  function termsAt(step) {
    const { kernel, stride, dilation } = view.header.window;
    const [kh, kw] = kernel;
    const place = placeOf(step);
    const planes = planesOf(place);
    const [products, after] = [result("products"), result("after")];
    return planes.map((plane, i) => {
      /** @type {Term[]} */
      const terms = [];
      for (let y = 0; y < kh; y++) {
        for (let x = 0; x < kw; x++) {
          const [row, col] = [place.row * stride[0] + y * dilation[0], place.col * stride[1] + x * dilation[1]];
          const index = windowValues().index(plane, row, col);
          const number = ((step * planes.length + i) * kh + y) * kw + x; // in the arrays that have one for every product
          const [value, weight] = factorsOf(step, index, (kernelPlane(place, i, plane) * kh + y) * kw + x);
          // Too many products to send: the one that is shown is then made of the two numbers that are shown.
          const product = products ? products[number] : value * weight;
          const target = view.header.kind === "gradient" ? y * kw + x : index;
          terms.push({ value, weight, product, after: after?.[number], row, col, index, target });
        }
      }
      return { plane, terms };
    });
  }

  /**
   * The two numbers that are multiplied; where nothing is, the second is 1.
   * @param {number} step
   * @param {number} index - of the cell of the window grid
   * @param {number} tap - of the kernel's number
   * @returns {[value: number, weight: number]}
   */
  function factorsOf(step, index, tap) {
    const { kind, roles } = view.header;
    const kernel = roles.kernel ? view.arrays[view.header.grids[roles.kernel].array] : null;
    const placeValue = grids[roles.place].values[step];
    const inside = windowValues().values[index];
    if (kind === "gradient") return [inside, placeValue];
    const switches = result("switches"); // of max unpooling: the one cell that each step's value returns to
    if (switches) return [placeValue, Number(switches[step] === index)];
    const weight = kernel ? kernel[tap] : 1;
    return kind === "transposed" ? [placeValue, weight] : [inside, weight];
  }

  /**
   * @param {Cell} place
   * @param {number} i - the plane's number within its group
   * @param {number} plane
   */
  function kernelPlane(place, i, plane) {
    if (!view.header.roles.kernel || view.header.kind === "gradient") return 0;
    if (view.header.perChannel) return plane;
    return place.plane * (view.header.grids[view.header.roles.window].planes / view.header.groups) + i;
  }

  /**
   * The grid that fills up while stepping as it is after a step, −1 for before the first: each step's cells, as the record
   * has them after it.
   * @param {number} last
   * @param {number} length - of the grid, in cells
   */
  function filledUpTo(last, length) {
    const values = new Float64Array(length);
    for (let step = 0; step <= last; step++) {
      for (const { terms } of termsAt(step)) {
        for (const { target, after } of terms) if (after !== undefined) values[target] = after;
      }
    }
    return values;
  }

  return { placeSpec, count, placeOf, stepAt, stepAround, planesOf, termsAt, result, filledUpTo };
}
