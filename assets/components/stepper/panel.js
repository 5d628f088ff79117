// The panel under the stepper's grids: every product of the step, their sums, and how they become the output's value.
// Knows words and where numbers stand; all numbers come from the layer's record.

import { element, finder } from "../shared/dom.js";
import { alike, number } from "../shared/numbers.js";
import { MOST_PRODUCTS } from "./sizes.js";

/** @import { Cell, Geometry, Grids, PlaneTerms, Term, View } from "./types.js" */

const SAMPLED = 12; // steps whose numbers tell how much room the panel needs

/** @typedef {ReturnType<typeof alike>} Writer */

/**
 * @param {ParentNode} root
 * @param {View} view
 * @param {Grids} grids
 * @param {Geometry} geometry
 */
export function createPanel(root, view, grids, { placeSpec, count, placeOf, termsAt, result }) {
  const { find } = finder(root);
  const isBare = () => view.header.kind === "max" || view.header.kind === "average"; // nothing is multiplied

  /** @param {number} plane */
  const nameOf = (plane) => view.header.grids[view.header.roles.window].names?.[plane] ?? `channel ${plane}`;

  /** @param {Cell} place */
  function explain(place) {
    const { header } = view;
    const planes = termsAt(view.step);
    const writer = writerOf(planes, view.step);
    const holder = find(".planes");
    const [kh, kw] = header.window.kernel;
    if (holder.dataset.shape !== `${planes.length},${kh},${kw}`) buildPanel(holder, planes.length, kh, kw);
    const cells = /** @type {NodeListOf<HTMLElement>} */ (holder.querySelectorAll(".term"));
    const sums = result("channel_sums");
    planes.forEach(({ plane, terms }, p) => {
      const sum = sums && planes.length > 1 ? writer.write(sums[view.step * planes.length + p]) : null;
      const name = nameOf(plane);
      const sign = sum && writer.sign(productsOf([planes[p]]), sums?.[view.step * planes.length + p] ?? 0);
      const label = sum === null ? "" : `${name}: sum ${sign === "=" ? "" : "≈ "}${sum}`;
      holder.children[p].children[0].textContent = planes.length > 1 ? label || name : "";
      terms.forEach((term, i) => showTerm(cells[p * terms.length + i], term, p * terms.length + i, writer));
    });
    find(".panel").classList.toggle("waiting", view.waiting);
    const shown = view.waiting
      ? ["Predict first. Then step with → or press Play."]
      : summary(place, planes, writer, view.step);
    find(".sum").replaceChildren(...shown);
    find(".terms").textContent = (!view.waiting && header.terms?.[view.step]) || "";
  }

  /** @param {PlaneTerms[]} planes */
  const productsOf = (planes) =>
    planes.flatMap(({ terms }) => terms.map((term) => (isBare() ? term.value : term.product)));

  /**
   * One way to write all numbers of this step that are added up.
   * @param {PlaneTerms[]} planes
   * @param {number} step
   */
  function writerOf(planes, step) {
    const sums = result("channel_sums")?.subarray(step * planes.length, (step + 1) * planes.length) ?? [];
    const totals = /** @type {const} */ (["unbiased", "sums", "totals"]).map((name) => result(name)?.[step] ?? 0);
    const after = planes.flatMap(({ terms }) => terms.map((term) => term.after ?? 0));
    return alike([...productsOf(planes), ...sums, ...totals, ...after, ...(view.header.bias ?? [])]);
  }

  /**
   * @param {HTMLElement | undefined} cell - none where there are too many
   * @param {Term} term
   * @param {number} i - the term's number within the window
   * @param {Writer} writer
   */
  function showTerm(cell, { value, weight, product, after, row, col, index }, i, writer) {
    if (!cell) return;
    const { header } = view;
    const [factors, made, total] = cell.children;
    const window = header.grids[header.roles.window];
    const border = isBare() && window.borderText && window.border?.[row * window.cols + col];
    factors.textContent = isBare() ? "" : `${number(value)} × ${number(weight)}`;
    made.textContent = border ? window.borderText : writer.write(isBare() ? value : product);
    const soFar = after === undefined || !view.waiting ? after : 0; // nothing is added while a prediction is waited for
    total.textContent = soFar === undefined ? "" : `so far ${writer.write(soFar)}`;
    if (soFar !== undefined) cell.dataset.total = String(soFar);
    cell.dataset.value = String(value);
    cell.dataset.weight = String(weight);
    cell.classList.toggle("zero", product === 0 && !isBare());
    cell.classList.toggle("won", index === result("winners")?.[view.step]);
    cell.classList.toggle("pointed", view.tap === i);
  }

  /**
   * @param {HTMLElement} holder
   * @param {number} planes
   * @param {number} kh
   * @param {number} kw
   */
  function buildPanel(holder, planes, kh, kw) {
    holder.dataset.shape = `${planes},${kh},${kw}`;
    holder.replaceChildren();
    for (let plane = 0; plane < planes; plane++) {
      const block = element("div", "plane");
      block.style.gridTemplateColumns = `repeat(${kw}, auto)`;
      block.append(element("div", "plane-name"));
      for (let i = 0; i < (planes * kh * kw > MOST_PRODUCTS ? 0 : kh * kw); i++) {
        const cell = element("div", "term");
        cell.append(...["f", "p", "t"].map((part) => element("span", part)));
        block.append(cell);
      }
      holder.append(block);
    }
  }

  /**
   * The line under the products: how they become the output's value.
   * @param {Cell} place
   * @param {PlaneTerms[]} planes
   * @param {Writer} writer
   * @param {number} step
   * @returns {(string | Node)[]}
   */
  function summary(place, planes, writer, step) {
    const { header } = view;
    const { kind } = header;
    const channel = placeSpec().planes > 1 ? `channel ${place.plane}, ` : "";
    const where = `${channel}row ${place.row}, column ${place.col}: `;
    const value = number(grids[header.roles.place].values[step]);
    const finish = step === count() - 1 ? header.finish : "";
    if (kind === "gradient") {
      return [
        `At ${where}each input value × the gradient there, ${value}, is added to the kernel's gradient. `,
        finish,
      ];
    }
    if (kind === "transposed" && result("switches")) {
      const rest = "returns to the cell that the switch names; the rest of its window stays 0. ";
      return [`${placeSpec().title}, ${where}${value} ${rest}`, finish];
    }
    if (kind === "transposed") {
      return [`${placeSpec().title}, ${where}the kernel × ${value} is stamped; overlaps add. `, finish];
    }
    const made = strong(result("values")?.[step] ?? NaN);
    if (kind === "max") return [`Output ${where}the largest is `, made];
    if (kind === "average") {
      const total = result("totals")?.[step] ?? NaN;
      const sign = writer.sign(productsOf(planes), total) === "=" ? "" : "≈ ";
      return [`Output ${where}${sign}${writer.write(total)} ÷ ${result("divisors")?.[step]} = `, made];
    }
    return [`Output ${where}`, ...sumOfProducts(place, planes, writer, step, made)];
  }

  /**
   * @param {Cell} place
   * @param {PlaneTerms[]} planes
   * @param {Writer} writer
   * @param {number} step
   * @param {HTMLElement} made - the output's value
   * @returns {(string | Node)[]}
   */
  function sumOfProducts(place, planes, writer, step, made) {
    const { bias: biases, activation } = view.header;
    const [unbiased, sum] = [result("unbiased")?.[step] ?? NaN, result("sums")?.[step] ?? NaN];
    const bias = biases?.[place.plane] ?? null;
    if (!activation) made.textContent = writer.write(sum);
    const sign = bias === null ? writer.sign(productsOf(planes), sum) : writer.sign([unbiased, bias], sum);
    const products =
      bias === null ? "sum of the products" : `products ${writer.write(unbiased)} + bias ${writer.write(bias)}`;
    if (!activation) return [`${products} ${sign} `, made];
    return [`${products} ${sign} ${writer.write(sum)}, ${activation}(${writer.write(sum)}) = `, made];
  }

  /** @param {number} value */
  function strong(value) {
    const made = element("strong", "result", number(value));
    made.dataset.exact = String(value);
    return made;
  }

  /**
   * What room the panel needs, whatever the step: told by some of them, the first and the last among these.
   * @returns {import("./arranging.js").Panel}
   */
  function measure() {
    const steps = Array.from({ length: SAMPLED }, (_, i) => Math.round((i / (SAMPLED - 1)) * (count() - 1)));
    const [rows, cols] = view.header.window.kernel;
    const isFilling = result("after") !== undefined;
    const lean = isFilling ? 2 : 1;
    const found = {
      planes: 1,
      rows,
      cols,
      lines: isBare() ? 1 : lean + 1,
      lean,
      letters: 0,
      leanLetters: 0,
      name: 0,
      words: 0,
    };
    for (const step of new Set(steps)) {
      const planes = termsAt(step);
      const writer = writerOf(planes, step);
      found.planes = planes.length;
      for (const { value, weight, product, after } of planes.flatMap(({ terms }) => terms)) {
        const total = after === undefined ? "" : `so far ${writer.write(after)}`;
        const made = Math.max(writer.write(isBare() ? value : product).length, total.length);
        const factors = isBare() ? 0 : `${number(value)} × ${number(weight)}`.length;
        found.leanLetters = Math.max(found.leanLetters, made);
        found.letters = Math.max(found.letters, made, factors);
      }
      const names = planes.map(({ plane }) => nameOf(plane).length);
      found.name = Math.max(found.name, ...names.map((length) => length + ": sum ≈ ".length + found.leanLetters));
      const said = summary(placeOf(step), planes, writer, step).map((part) =>
        typeof part === "string" ? part : (part.textContent ?? ""),
      );
      found.words = Math.max(found.words, said.join("").length, view.header.terms?.[step]?.length ?? 0);
    }
    return found;
  }

  return { explain, measure };
}
