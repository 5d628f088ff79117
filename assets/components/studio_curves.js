// The studio's curves: loss with the learning rate below it, and accuracy. Knows statuses and colours; not where they come from.

const MARGIN = { left: 46, right: 12, top: 8, bottom: 20 };
const STRIP = 30;         // the learning rate's height, at the foot of the loss
const STRIP_GAP = 12;
const PART_DASHES = [[7, 4], [1.5, 3]];  // of the class's loss and the box's
const WORDS_OF = {
  "mean IoU": "Shared area ÷ area of both together, averaged", "pixel accuracy": "Share of the pixels that are named rightly",
  accuracy: "Share of the pictures whose class is right", found: "Share of the objects whose class is right and whose box has an IoU of 50 % or more",
};

// About `most` round numbers between low and high.
function niceTicks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) ticks.push(Number(at.toPrecision(12)));
  return ticks;
}

// The row whose step is nearest; rows are in the order of their steps.
function nearestRow(rows, step) {
  let [low, high] = [0, rows.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rows[middle][0] <= step) low = middle;
    else high = middle;
  }
  if (high < 0) return null;
  return Math.abs(rows[low][0] - step) <= Math.abs(rows[high][0] - step) ? rows[low] : rows[high];
}

// view: {runs: [{status, colour}], theme, live}; tell(lines | null, event): the tooltip; seek(step): a click on a curve.
function createCurves(root, view, tell, seek) {
  const plots = [
    { name: "loss", frame: root.querySelector(".frame.loss"), strip: true },
    { name: "accuracy", frame: root.querySelector(".frame.accuracy"), strip: false },
  ].map((plot) => ({ ...plot, canvas: plot.frame.querySelector(".plot"), marks: plot.frame.querySelector(".marks"), hover: null, size: [0, 0] }));
  const [logButton, closeButton] = [root.querySelector(".log"), root.querySelector(".close-up")];
  const settings = { log: false, close: false, extra: "" };  // extra: the measure that the right plot shows instead of the metric
  const drawn = () => view.runs.filter((run) => run.status);
  const [title, metrics, metricKey, lossKey] = [".metric-title", ".metrics", ".metric-key", ".loss-key"].map((name) => root.querySelector(name));
  const usual = [metricKey.textContent, lossKey.textContent];
  const metric = () => drawn()[0]?.status.metric ?? "accuracy";
  // What the right plot shows of a run: points on the test set, and on a sample of it. Extras are told on the test set only.
  const measured = (status) => (settings.extra ? [status.extras[settings.extra] ?? [], []] : [status.evaluations, status.sampled]);
  const hasParts = () => drawn().some(({ status }) => Object.keys(status.parts).length > 1);

  function latest() {
    const most = Math.max(0, ...drawn().map((run) => run.status.step));
    return Math.max(10, most);
  }

  // Where things stand in this plot: x(step), y(value) and back.
  function geometry(plot) {
    const [width, height] = plot.size;
    const right = width - MARGIN.right;
    const bottom = height - MARGIN.bottom - (plot.strip ? STRIP + STRIP_GAP : 0);
    const most = latest();
    const [low, high] = plot.name === "loss" ? lossRange() : accuracyRange();
    const log = plot.name === "loss" && settings.log;
    const place = log ? (value) => (Math.log(Math.max(value, low)) - Math.log(low)) / (Math.log(high) - Math.log(low)) : (value) => (value - low) / (high - low);
    return {
      width, height, right, bottom, low, high, log, most,
      x: (step) => MARGIN.left + ((right - MARGIN.left) * step) / most,
      step: (x) => ((x - MARGIN.left) / (right - MARGIN.left)) * most,
      y: (value) => bottom - (bottom - MARGIN.top) * Math.min(4, Math.max(-4, place(value))),
    };
  }

  function lossRange() {
    const all = [];
    for (const { status } of drawn()) {
      for (const row of [...status.loss, ...Object.values(status.parts).flat()]) if (Number.isFinite(row[1])) all.push(row[1]);
      for (const row of status.evaluations) if (Number.isFinite(row[3])) all.push(row[3]);
    }
    if (!all.length) return settings.log ? [0.1, 1] : [0, 1];
    all.sort((a, b) => a - b);
    const [least, top] = [all[0], all[Math.floor((all.length - 1) * 0.995)]];  // one wild batch does not flatten the rest
    if (!settings.log) return [0, niceTop(top)];
    const low = Math.max(1e-6, least);
    return [low * 0.9, Math.max(top, low * 2) * 1.1];
  }

  function niceTop(value) {
    if (!(value > 0)) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((times) => times * power).find((size) => size >= value);
  }

  function accuracyRange() {
    if (!settings.close) return [0, 1];
    let lowest = 1;
    for (const { status } of drawn()) {
      const rows = measured(status).flat().filter((row) => row[0] > status.step * 0.4);
      for (const row of rows) lowest = Math.min(lowest, row[1]);
    }
    return [[0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0].find((edge) => edge < lowest - 0.001) ?? 0, 1];
  }

  // ── drawing ────────────────────────────────────────────────────────────────────────────────────

  function axes(context, plot, at) {
    const { theme } = view;
    context.font = `12px ${theme.font}`;
    context.fillStyle = theme.text;
    context.strokeStyle = theme.border;
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    let ticks;
    if (at.log) {
      ticks = [];
      for (let power = -6; power <= 6; power++) for (const times of [1, 2, 5]) ticks.push(times * 10 ** power);
      ticks = ticks.filter((value) => value >= at.low && value <= at.high);
      if (ticks.length > 5) ticks = ticks.filter((value) => /^1(e|0*$)|^0\.0*1$/.test(String(value)));
    } else ticks = niceTicks(at.low, at.high, plot.strip ? 4 : 5);
    context.beginPath();
    for (const tick of ticks) {
      const y = Math.round(at.y(tick)) + 0.5;
      context.moveTo(MARGIN.left, y);
      context.lineTo(at.right, y);
      context.fillText(plot.name === "accuracy" ? `${Number((100 * tick).toFixed(2))} %` : String(Number(tick.toPrecision(3))), MARGIN.left - 6, y);
    }
    context.stroke();
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    for (const tick of niceTicks(0, at.most, Math.max(2, Math.floor((at.right - MARGIN.left) / 90)))) {
      const x = at.x(tick);
      if (x > at.right - 24 && tick !== at.most) continue;
      context.fillText(tick === 0 ? "step 0" : grouped(tick), Math.max(x, MARGIN.left + 14), at.height - 5);
    }
  }

  function line(context, rows, column, at) {
    context.beginPath();
    let pen = false;
    for (const row of rows) {
      const value = row[column];
      if (!Number.isFinite(value)) { pen = false; continue; }
      if (pen) context.lineTo(at.x(row[0]), at.y(value));
      else context.moveTo(at.x(row[0]), at.y(value));
      pen = true;
    }
    context.stroke();
  }

  function dots(context, rows, column, at, radius) {
    context.beginPath();
    for (const row of rows) {
      if (!Number.isFinite(row[column])) continue;
      const [x, y] = [at.x(row[0]), at.y(row[column])];
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 7);
    }
    context.fill();
  }

  function paintLoss(context, at) {
    for (const { status, colour } of drawn()) {
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = 2;
      line(context, status.loss, 1, at);
      const parts = Object.values(status.parts);
      context.lineWidth = 1.5;
      parts.forEach((rows, i) => {
        context.setLineDash(PART_DASHES[i % PART_DASHES.length]);
        line(context, rows, 1, at);
      });
      context.lineWidth = 2;
      context.setLineDash([2, 3]);
      if (!parts.length) line(context, status.evaluations, 3, at);
      context.setLineDash([]);
      dots(context, status.evaluations, 3, at, 3);
    }
  }

  function paintAccuracy(context, at) {
    for (const { status, colour } of drawn()) {
      context.strokeStyle = context.fillStyle = colour;
      context.globalAlpha = 0.5;
      context.lineWidth = 1;
      const [rows, sampled] = measured(status);
      dots(context, sampled, 1, at, 1.5);
      context.globalAlpha = 1;
      context.lineWidth = 1.5;
      context.setLineDash([6, 4]);
      if (!settings.extra) line(context, rows, 2, at);
      context.setLineDash([]);
      context.lineWidth = 2.5;
      line(context, rows, 1, at);
      dots(context, rows, 1, at, 3);
    }
  }

  function paintStrip(context, at) {
    const [top, foot] = [at.bottom + STRIP_GAP, at.bottom + STRIP_GAP + STRIP];
    let most = 0;
    for (const { status } of drawn()) for (const row of status.loss) if (row[2] > most) most = row[2];
    const { theme } = view;
    context.fillStyle = theme.text;
    context.font = `11px ${theme.font}`;
    context.textAlign = "right";
    context.fillText("rate", MARGIN.left - 6, foot - 3);
    if (most) context.fillText(String(Number(most.toPrecision(2))), MARGIN.left - 6, top + 8);
    context.strokeStyle = theme.border;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(MARGIN.left, foot + 0.5);
    context.lineTo(at.right, foot + 0.5);
    context.stroke();
    if (!most) return;
    const strip = { x: at.x, y: (value) => foot - (STRIP - 3) * (value / most) };
    context.lineWidth = 1.5;
    for (const { status, colour } of drawn()) {
      context.strokeStyle = colour;
      line(context, status.loss, 2, strip);
    }
  }

  // The words above the plots, and a button for each measure where there are several.
  function name() {
    const names = [...new Set(drawn().flatMap(({ status }) => Object.keys(status.extras)))];
    const word = metric();
    if (settings.extra && !names.includes(settings.extra)) settings.extra = "";
    const all = names.length ? [word, ...names] : [];
    if (metrics.dataset.names !== all.join()) {
      metrics.dataset.names = all.join();
      metrics.replaceChildren(...all.map((each, i) => {
        const button = element("button", "", each.replace(/^./, (letter) => letter.toUpperCase()));
        Object.assign(button, { type: "button", title: WORDS_OF[each] ?? "" });
        button.addEventListener("click", () => {
          settings.extra = i ? each : "";
          paint();
        });
        return button;
      }));
    }
    [...metrics.children].forEach((button, i) => button.setAttribute("aria-pressed", String((i ? all[i] : "") === settings.extra)));
    title.hidden = all.length > 0;
    write(title, word.replace(/^./, (letter) => letter.toUpperCase()));
    write(metricKey, settings.extra ? "● test" : all.length ? "● test · dashed: training" : usual[0]);
    write(lossKey, hasParts() ? "weighted sum · not weighted: – – class, ··· box · ● test" : usual[1]);
  }

  function paint() {
    name();
    for (const plot of plots) {
      if (!plot.size[0]) continue;
      const at = geometry(plot);
      plot.at = at;
      const context = sizeCanvas(plot.canvas, at.width, at.height);
      context.clearRect(0, 0, at.width, at.height);
      context.lineJoin = "round";
      axes(context, plot, at);
      context.save();
      context.beginPath();
      context.rect(MARGIN.left - 4, MARGIN.top - 4, at.right - MARGIN.left + 8, at.bottom - MARGIN.top + 8);
      context.clip();
      if (plot.name === "loss") paintLoss(context, at);
      else paintAccuracy(context, at);
      context.restore();
      if (plot.strip) paintStrip(context, at);
    }
    mark();
  }

  // The slider's place, one line a run where they differ, and the pointed-at step.
  function mark() {
    for (const plot of plots) {
      const { at } = plot;
      if (!at) continue;
      const context = sizeCanvas(plot.marks, at.width, at.height);
      context.clearRect(0, 0, at.width, at.height);
      const foot = at.height - MARGIN.bottom;
      const upright = (x, colour, width) => {
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(x, MARGIN.top - 6);
        context.lineTo(x, foot);
        context.stroke();
      };
      if (!view.live) {
        const places = drawn().filter((run) => Number.isInteger(run.at));
        const same = new Set(places.map((run) => run.at)).size === 1;
        for (const run of same ? places.slice(0, 1) : places) upright(at.x(run.at), same ? view.theme.primary : run.colour, 2);
      }
      if (plot.hover === null) continue;
      upright(at.x(plot.hover), view.theme.text, 1);
      for (const run of drawn()) {
        const spots = plot.name === "loss" ? [[nearestRow(run.status.loss, plot.hover), 1]] : measured(run.status).map((rows) => [nearestRow(rows, plot.hover), 1]);
        context.fillStyle = run.colour;
        for (const [row, column] of spots) if (row) dots(context, [row], column, at, 4);
      }
    }
  }

  // ── pointing ───────────────────────────────────────────────────────────────────────────────────

  function read(plot, step) {
    const lines = [];
    for (const run of drawn()) {
      const { status } = run;
      if (plot.name === "loss") {
        const row = nearestRow(status.loss, step);
        const test = nearestRow(status.evaluations.filter((each) => Number.isFinite(each[3])), step);
        if (row) lines.push({ colour: run.colour, text: `step ${grouped(row[0])}: batch loss ${Number.isFinite(row[1]) ? number(row[1]) : "not finite"}, learning rate ${Number.isFinite(row[2]) ? number(row[2]) : "–"}` });
        for (const [name, rows] of Object.entries(status.parts)) {
          const part = nearestRow(rows, step);
          if (part && Number.isFinite(part[1])) lines.push({ colour: run.colour, text: `${name} loss, not weighted: ${number(part[1])}` });
        }
        if (test) lines.push({ colour: run.colour, text: `step ${grouped(test[0])}: test loss ${number(test[3])}` });
      } else {
        const [test, sample] = measured(status).map((rows) => nearestRow(rows, step));
        const share = (value) => `${(100 * value).toFixed(2)} %`;
        if (test) lines.push({ colour: run.colour, text: `step ${grouped(test[0])}: ${settings.extra ? `${settings.extra}, ` : ""}test ${share(test[1])}${Number.isFinite(test[2]) ? `, training ${share(test[2])}` : ""}` });
        if (sample) lines.push({ colour: run.colour, text: `step ${grouped(sample[0])}: sampled ${share(sample[1])}` });
      }
    }
    return lines;
  }

  function point(plot, step, event) {
    for (const each of plots) each.hover = step;
    mark();
    tell(step === null ? null : read(plot, step), event);
  }

  for (const plot of plots) {
    plot.frame.addEventListener("pointermove", (event) => {
      if (!plot.at) return;
      const step = plot.at.step(event.clientX - plot.canvas.getBoundingClientRect().left);
      point(plot, step < 0 || step > plot.at.most * 1.02 ? null : Math.min(step, plot.at.most), event);
    });
    plot.frame.addEventListener("pointerleave", () => point(plot, null));
    plot.frame.addEventListener("click", () => plot.hover !== null && seek(plot.hover));
    plot.canvas.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === "Escape") return point(plot, null);
      if (event.key === "Enter" && plot.hover !== null) return seek(plot.hover);
      if (!by || !plot.at) return;
      event.preventDefault();
      event.stopPropagation();
      const step = Math.min(plot.at.most, Math.max(0, (plot.hover ?? plot.at.most) + (by * plot.at.most) / (event.shiftKey ? 10 : 100)));
      const box = plot.canvas.getBoundingClientRect();
      point(plot, step, { clientX: box.left + plot.at.x(step), clientY: box.top + 20 });
    });
  }
  const toggle = (button, name) => button.addEventListener("click", () => {
    settings[name] = !settings[name];
    button.setAttribute("aria-pressed", String(settings[name]));
    paint();
  });
  toggle(logButton, "log");
  toggle(closeButton, "close");

  // Sizes are read when they may have changed, not at every frame: reading makes the browser lay the page out.
  function measure() {
    for (const plot of plots) plot.size = [plot.frame.clientWidth, plot.frame.clientHeight];
  }

  function describe() {
    plots[0].canvas.setAttribute("aria-label", `Loss over the steps. ${drawn().map((run) => `${run.status.title}: ${lossText(run.status.loss.at(-1)?.[1])}`).join("; ")}`);
    plots[1].canvas.setAttribute("aria-label", `${metric()} over the steps. ${drawn().map((run) => `${run.status.title}: ${newestAccuracy(run.status).value === null ? "none yet" : asPercent(newestAccuracy(run.status).value)}`).join("; ")}`);
  }
  return { paint, mark, measure, describe };
}
