// The studio's curves: loss with the learning rate below it, and accuracy. Knows statuses and colours; not where they come from.

import { sizeCanvas } from "../shared/canvas.js";
import { element, finder, write } from "../shared/dom.js";
import { used, within } from "../shared/keys.js";
import { asPercent, grouped, lossText, number, withDecimals } from "../shared/numbers.js";
import { axes, dots, paintAccuracy, paintLoss, paintStrip, upright } from "./curve_paint.js";
import { MARGIN, closeRange, lossRange, nearestRow, plotScale } from "./curve_scale.js";
import { newestAccuracy } from "./status.js";

/** @import { Pointer } from "../shared/types.js" */
/** @import { Line, Row, Status, Tell, View } from "./types.js" */

/** @type {Record<string, string>} */
const WORDS_OF = {
  "mean IoU": "Shared area ÷ area of both together, averaged",
  "pixel accuracy": "Share of the pixels that are named rightly",
  accuracy: "Share of the pictures whose class is right",
  found: "Share of the objects whose class is right and whose box has an IoU of 50 % or more",
};
const FEWEST_STEPS = 10; // on the axis

/** @typedef {{name: "loss" | "accuracy", frame: HTMLElement, canvas: HTMLCanvasElement, marks: HTMLCanvasElement,
 *   hover: number | null, size: [number, number], at: ReturnType<typeof plotScale> | null}} Plot */

const capital = (/** @type {string} */ word) => word.replace(/^./, (letter) => letter.toUpperCase());
const inPercent = (/** @type {number} */ value) => `${withDecimals(100 * value, 2)} %`;

/**
 * @param {ParentNode} root
 * @param {View} view
 * @param {Tell} tell - the tooltip
 * @param {(step: number) => void} seek - a click on a curve
 */
export function createCurves(root, view, tell, seek) {
  const { find, button, of } = finder(root);
  const [loss, accuracy] = /** @type {const} */ (["loss", "accuracy"]).map((name) => {
    const frame = find(`.frame.${name}`);
    const [canvas, marks] = [finder(frame).canvas(".plot"), finder(frame).canvas(".marks")];
    return /** @type {Plot} */ ({ name, frame, canvas, marks, hover: null, size: [0, 0], at: null });
  });
  const plots = [loss, accuracy];
  const settings = { log: false, close: false, extra: "" }; // extra: the measure that the right plot shows instead of the metric
  const [title, metrics, metricKey, lossKey] = [".metric-title", ".metrics", ".metric-key", ".loss-key"].map((name) =>
    of(name, HTMLElement),
  );
  const usual = [metricKey, lossKey].map((key) => key.textContent ?? "");

  const drawn = () => view.runs.flatMap((run) => (run.status ? [{ run, status: run.status, colour: run.colour }] : []));
  const metric = () => drawn()[0]?.status.metric ?? "accuracy";

  /**
   * What the right plot shows of a run: points on the test set, and on a sample of it. Extras are told on the test set only.
   * @param {Status} status
   * @returns {[rows: Row[], sampled: Row[]]}
   */
  const measured = (status) =>
    settings.extra ? [status.extras[settings.extra] ?? [], []] : [status.evaluations, status.sampled];

  /** @param {Plot} plot */
  function scaleOf(plot) {
    const statuses = drawn().map(({ status }) => status);
    const most = Math.max(FEWEST_STEPS, ...statuses.map(({ step }) => step));
    if (plot === loss) return plotScale(plot.size, true, lossRange(statuses, settings.log), settings.log, most);
    const late = (/** @type {Status} */ status) =>
      measured(status)
        .flat()
        .filter((row) => row[0] > status.step * 0.4)
        .map((row) => row[1]);
    return plotScale(plot.size, false, settings.close ? closeRange(statuses.flatMap(late)) : [0, 1], false, most);
  }

  // ── drawing ────────────────────────────────────────────────────────────────────────────────────

  /** The words above the plots, and a button for each measure where there are several. */
  function name() {
    const names = [...new Set(drawn().flatMap(({ status }) => Object.keys(status.extras)))];
    const word = metric();
    if (settings.extra && !names.includes(settings.extra)) settings.extra = "";
    const all = names.length ? [word, ...names] : [];
    if (metrics.dataset.names !== all.join()) {
      metrics.dataset.names = all.join();
      metrics.replaceChildren(...all.map((each, i) => measureButton(each, i ? each : "")));
    }
    [...metrics.children].forEach((each, i) => {
      each.setAttribute("aria-pressed", String((i ? all[i] : "") === settings.extra));
    });
    title.hidden = all.length > 0;
    write(title, capital(word));
    write(metricKey, settings.extra ? "● test" : all.length ? "● test · dashed: training" : usual[0]);
    const hasParts = drawn().some(({ status }) => Object.keys(status.parts).length > 1);
    write(lossKey, hasParts ? "weighted sum · not weighted: – – class, ··· box · ● test" : usual[1]);
  }

  /**
   * @param {string} word
   * @param {string} extra
   */
  function measureButton(word, extra) {
    const made = element("button", "", capital(word));
    Object.assign(made, { type: "button", title: WORDS_OF[word] ?? "" });
    made.addEventListener("click", () => {
      settings.extra = extra;
      paint();
    });
    return made;
  }

  function paint() {
    name();
    for (const plot of plots) {
      if (!plot.size[0]) continue;
      const at = scaleOf(plot);
      plot.at = at;
      const context = sizeCanvas(plot.canvas, at.width, at.height);
      context.clearRect(0, 0, at.width, at.height);
      context.lineJoin = "round";
      axes(context, view.theme, at, plot === accuracy);
      context.save();
      context.beginPath();
      context.rect(MARGIN.left - 4, MARGIN.top - 4, at.right - MARGIN.left + 8, at.bottom - MARGIN.top + 8);
      context.clip();
      if (plot === loss) paintLoss(context, drawn(), at);
      else {
        const curves = drawn().map((each) => {
          const [rows, sampled] = measured(each.status);
          return { ...each, rows, sampled, training: !settings.extra };
        });
        paintAccuracy(context, curves, at);
      }
      context.restore();
      if (plot === loss) paintStrip(context, view.theme, drawn(), at);
    }
    mark();
  }

  /** The slider's place, one line a run where they differ, and the pointed-at step. */
  function mark() {
    for (const plot of plots) {
      const { at } = plot;
      if (!at) continue;
      const context = sizeCanvas(plot.marks, at.width, at.height);
      context.clearRect(0, 0, at.width, at.height);
      if (!view.live) {
        const places = drawn().flatMap(({ run, colour }) => (run.at === null ? [] : [{ at: run.at, colour }]));
        const same = new Set(places.map((place) => place.at)).size === 1;
        for (const place of same ? places.slice(0, 1) : places) {
          upright(context, at, at.x(place.at), same ? view.theme.primary : place.colour, 2);
        }
      }
      const { hover } = plot;
      if (hover === null) continue;
      upright(context, at, at.x(hover), view.theme.text, 1);
      for (const { status, colour } of drawn()) {
        context.fillStyle = colour;
        for (const rows of plot === loss ? [status.loss] : measured(status)) {
          const row = nearestRow(rows, hover);
          if (row) dots(context, [row], 1, at, 4);
        }
      }
    }
  }

  // ── pointing ───────────────────────────────────────────────────────────────────────────────────

  /**
   * @param {Status} status
   * @param {number} step
   */
  function readLoss(status, step) {
    const told = (/** @type {number} */ value, /** @type {string} */ instead) =>
      Number.isFinite(value) ? number(value) : instead;
    const row = nearestRow(status.loss, step);
    const test = nearestRow(
      status.evaluations.filter((each) => Number.isFinite(each[3])),
      step,
    );
    const texts = [];
    if (row) {
      const rate = told(row[2], "–");
      texts.push(`step ${grouped(row[0])}: batch loss ${told(row[1], "not finite")}, learning rate ${rate}`);
    }
    for (const [name, rows] of Object.entries(status.parts)) {
      const part = nearestRow(rows, step);
      if (part && Number.isFinite(part[1])) texts.push(`${name} loss, not weighted: ${number(part[1])}`);
    }
    if (test) texts.push(`step ${grouped(test[0])}: test loss ${number(test[3])}`);
    return texts;
  }

  /**
   * @param {Status} status
   * @param {number} step
   */
  function readAccuracy(status, step) {
    const [test, sample] = measured(status).map((rows) => nearestRow(rows, step));
    const texts = [];
    if (test) {
      const training = Number.isFinite(test[2]) ? `, training ${inPercent(test[2])}` : "";
      const extra = settings.extra ? `${settings.extra}, ` : "";
      texts.push(`step ${grouped(test[0])}: ${extra}test ${inPercent(test[1])}${training}`);
    }
    if (sample) texts.push(`step ${grouped(sample[0])}: sampled ${inPercent(sample[1])}`);
    return texts;
  }

  /**
   * @param {Plot} plot
   * @param {number | null} step
   * @param {Pointer} [event]
   */
  function point(plot, step, event) {
    for (const each of plots) each.hover = step;
    mark();
    if (step === null) return tell(null, event);
    const read = plot === loss ? readLoss : readAccuracy;
    /** @type {Line[]} */
    const lines = drawn().flatMap(({ status, colour }) => read(status, step).map((text) => ({ colour, text })));
    tell(lines, event);
  }

  for (const plot of plots) {
    plot.frame.addEventListener("pointermove", (event) => {
      if (!plot.at) return;
      const step = plot.at.step(within(event, plot.canvas)[0]);
      point(plot, step < 0 || step > plot.at.most * 1.02 ? null : Math.min(step, plot.at.most), event);
    });
    plot.frame.addEventListener("pointerleave", () => point(plot, null));
    plot.frame.addEventListener("click", () => plot.hover !== null && seek(plot.hover));
    plot.canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return point(plot, null);
      if (event.key === "Enter" && plot.hover !== null) return seek(plot.hover);
      const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
      if (!by || !plot.at) return;
      used(event);
      const { most, x } = plot.at;
      const step = Math.min(most, Math.max(0, (plot.hover ?? most) + (by * most) / (event.shiftKey ? 10 : 100)));
      const box = plot.canvas.getBoundingClientRect();
      point(plot, step, { clientX: box.left + x(step), clientY: box.top + 20 });
    });
  }

  for (const [selector, setting] of /** @type {const} */ ([
    [".log", "log"],
    [".close-up", "close"],
  ])) {
    const toggle = button(selector);
    toggle.addEventListener("click", () => {
      settings[setting] = !settings[setting];
      toggle.setAttribute("aria-pressed", String(settings[setting]));
      paint();
    });
  }

  /** Sizes are read when they may have changed, not at every frame: reading makes the browser lay the page out. */
  function measure() {
    for (const plot of plots) plot.size = [plot.frame.clientWidth, plot.frame.clientHeight];
  }

  function describe() {
    const told = (/** @type {(status: Status) => string} */ value) =>
      drawn()
        .map(({ status }) => `${status.title}: ${value(status)}`)
        .join("; ");
    const losses = told((status) => lossText(status.loss.at(-1)?.[1]));
    const accuracies = told((status) => {
      const { value } = newestAccuracy(status);
      return value === null ? "none yet" : asPercent(value);
    });
    loss.canvas.setAttribute("aria-label", `Loss over the steps. ${losses}`);
    accuracy.canvas.setAttribute("aria-label", `${metric()} over the steps. ${accuracies}`);
  }

  return { paint, mark, measure, describe };
}
