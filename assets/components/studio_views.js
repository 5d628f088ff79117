// The studio's other panels: the pinned picture with its probabilities, the confusion matrix, the distributions.
// Each paints one frame on one canvas and says what stands under the pointer.

const BAR = 16;            // a class's bar
const SPARK = { width: 138, height: 44, above: 18, below: 15, gap: 12 };

function floatsOf(frame, entry) {
  const values = entry && frame.arrays[entry.array];
  return values?.length ? values : null;
}

function createAnswer(canvas, view, tell) {
  const panel = { rows: [] };
  const picture = document.createElement("canvas");
  const brush = createSceneBrush(view);
  let drawn = null;

  function fill(frame) {
    const { shape } = frame.header.input ?? {};
    const pixels = floatsOf(frame, frame.header.input);
    if (!pixels || !Array.isArray(shape) || pixels.length !== productOf(shape)) return false;
    if (pixels === drawn) return true;
    drawn = pixels;
    const [rows, columns, planes = 1] = shape;
    Object.assign(picture, { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++) {
      for (let k = 0; k < 3; k++) image.data[4 * i + k] = pixels[planes === 3 ? 3 * i + k : i * planes];
      image.data[4 * i + 3] = 255;
    }
    picture.getContext("2d").putImageData(image, 0, 0);
    return true;
  }

  panel.paint = (frame, width, run) => {
    const classes = run.status?.classes ?? [];
    const shares = floatsOf(frame, frame.header.probabilities) ?? [];
    const label = frame.header.label ?? null;
    const step = Math.min(BAR, 224 / Math.max(1, shares.length));
    const scene = scenesOf(frame, "pinned");
    const masks = Boolean(scene?.saidMasks);
    if (masks && isAmongScenes(frame, scene)) return false;
    const side = masks ? 32 * Math.max(2, Math.min(4, Math.floor((width - 4) / 96))) : width > 420 ? 128 : 96;
    const top = masks ? side + 28 : 0;
    const height = masks ? top + step * shares.length : Math.max(side + (scene ? 62 : 44), step * shares.length);
    const context = sizeCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    panel.scene = scene;
    panel.tiles = [{ x: 0, y: 0, side }];
    if (fill(frame)) {
      context.drawImage(picture, 0, 0, side, side);
      context.strokeStyle = view.theme.border;
      context.lineWidth = 1;
      context.strokeRect(0.5, 0.5, side - 1, side - 1);
    }
    if (masks) {
      for (const each of [scene.masks, scene.saidMasks].filter(Boolean)) {
        panel.tiles.push({ x: panel.tiles.length * (side + 2), y: 0, side });
        brush.mask(context, scene, each, 0, panel.tiles.at(-1).x, 0, side);
      }
    } else if (scene) {
      if (scene.boxes) brush.box(context, scene.boxes, 0, 0, 0, side, true);
      brush.box(context, scene.saidBoxes, 0, 0, 0, side, false);
    }
    let best = 0;
    for (let i = 1; i < shares.length; i++) if (shares[i] > shares[best]) best = i;
    const name = (i) => classes[i] ?? String(i);
    context.fillStyle = view.theme.text;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.font = `12px ${view.theme.font}`;
    if (label !== null && !masks) context.fillText(`true class: ${label}`, 0, side + 17, side + 8);
    context.font = `600 13px ${view.theme.font}`;
    const right = label === null || name(best) === label;
    if (masks) context.fillText([sceneIou(scene, 0), "share of the picture:"].filter(Boolean).join(" · "), 0, side + 18, width);
    else if (shares.length) context.fillText(`answer: ${name(best)}${label === null ? "" : right ? " ✓" : " ✗"}`, 0, side + 35, side + 8);
    const left = masks ? 0 : side + 14;
    const names = Math.max(14, ...classes.map((text) => context.measureText(text).width));
    const words = Math.min(78, names + 2);
    const room = Math.max(30, Math.min(220, width - left - words - 8 - 50));
    panel.rows = [];
    context.textBaseline = "middle";
    for (let i = 0; i < shares.length; i++) {
      const y = top + i * step + step / 2;
      const bold = !masks && (name(i) === label || i === best);
      context.font = `${bold ? 600 : 400} ${Math.min(12.5, step - 2)}px ${view.theme.font}`;
      context.fillStyle = view.theme.text;
      context.textAlign = "right";
      context.fillText(name(i), left + words, y, words);
      context.fillStyle = view.theme.panel;
      context.fillRect(left + words + 8, y - step * 0.34, room, step * 0.68);
      context.fillStyle = masks ? `rgb(${view.palette[i % view.palette.length].join(",")})` : i === best ? run.colour : view.theme.muted;
      context.fillRect(left + words + 8, y - step * 0.34, Math.max(0.5, room * shares[i]), step * 0.68);
      context.fillStyle = view.theme.text;
      context.textAlign = "left";
      context.fillText(asPercent(shares[i]), left + words + 14 + room, y);
      panel.rows.push({ from: top + i * step, to: top + (i + 1) * step, text: `${name(i)}: ${number(shares[i])}` });
    }
    if (scene && !masks && scene.ious) {
      context.font = `600 13px ${view.theme.font}`;
      context.textBaseline = "alphabetic";
      context.fillText(sceneIou(scene, 0), 0, side + 54);
    }
    panel.said = masks ? sceneIou(scene, 0) : shares.length ? `the answer is ${name(best)} with ${asPercent(shares[best])}` : "no answer yet";
    panel.edge = left;
    return true;
  };
  panel.describe = (title) => canvas.setAttribute("aria-label", `${title}: ${panel.said}`);
  panel.point = (event) => {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const tile = panel.scene && panel.tiles.find((each) => x >= each.x && x < each.x + each.side && y < each.side);
    if (tile) return tell(sceneWords(panel.scene, 0, (x - tile.x) / tile.side, y / tile.side), event);
    const row = x >= panel.edge && panel.rows.find(({ from, to }) => y >= from && y < to);
    tell(row ? [{ text: row.text, strong: true }] : null, event);
  };
  return panel;
}

// "97.1 % of 1 000 pictures"; of masks and boxes "mean IoU 83.0 %, 1 000 pictures"
function toldBy({ confusion, metric }) {
  const many = `${grouped(confusion.pictures)} pictures`;
  return metric === "accuracy" ? `${asPercent(confusion.accuracy)} of ${many}` : `${metric} ${asPercent(confusion.accuracy)}, ${many}`;
}

function createConfusion(canvas, view, tell) {
  const panel = { cell: 0 };

  panel.paint = (frame, width, run) => {
    const { confusion } = frame.header;
    const counts = floatsOf(frame, confusion);
    const k = confusion?.classes;
    if (!counts || !Number.isInteger(k) || k < 1 || counts.length !== k * k) return false;
    const classes = run.status?.classes ?? [];
    const name = (i) => classes[i] ?? String(i);
    const short = Array.from({ length: k }, (_, i) => name(i)).every((text) => text.length <= 2);
    const left = short ? 36 : 82;
    const top = short ? 38 : 66;
    const cell = Math.max(6, Math.min(28, Math.floor((width - left) / k)));
    const [w, h] = [left + cell * k + 1, top + cell * k + 1];
    const context = sizeCanvas(canvas, Math.min(width, Math.max(w, 220)), h);
    context.clearRect(0, 0, Math.max(w, 220), h);
    const table = view.tables.sequential;
    Object.assign(panel, { k, cell, left, top, counts, name, confusion, metric: frame.header.metric ?? "accuracy" });
    panel.sums = Array.from({ length: k }, (_, row) => counts.subarray(row * k, (row + 1) * k).reduce((sum, value) => sum + value, 0));
    context.fillStyle = view.theme.text;
    context.font = `12px ${view.theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillText("called →", left, 8);
    context.fillText("true ↓", 0, 8, left);
    const every = Math.max(1, Math.ceil(12 / cell));
    for (let i = 0; i < k; i += every) {
      context.textAlign = "right";
      context.fillText(name(i), left - 6, top + (i + 0.5) * cell, left - 8);
      if (short) {
        context.textAlign = "center";
        context.fillText(name(i), left + (i + 0.5) * cell, top - 10);
      } else {
        context.save();
        context.translate(left + (i + 0.5) * cell, top - 6);
        context.rotate(-Math.PI / 3);
        context.textAlign = "left";
        context.fillText(name(i), 0, 0, 50);
        context.restore();
      }
    }
    context.textAlign = "center";
    context.font = `${cell >= 26 ? 12 : 11}px ${view.theme.font}`;
    for (let row = 0; row < k; row++) {
      for (let column = 0; column < k; column++) {
        const count = counts[row * k + column];
        const share = panel.sums[row] ? count / panel.sums[row] : 0;
        const colour = table[Math.round(255 * Math.min(1, Math.max(0, share)))];
        const [r, g, b] = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
        context.fillStyle = `rgb(${r},${g},${b})`;
        context.fillRect(left + column * cell, top + row * cell, cell - 1, cell - 1);
        if (count > 0 && cell >= 20) {
          context.fillStyle = 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#10131a" : "#ffffff";
          context.fillText(count > 999 ? `${Math.round(count / 1000)}k` : count, left + (column + 0.5) * cell - 0.5, top + (row + 0.5) * cell);
        }
      }
    }
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(left - 0.5, top - 0.5, cell * k, cell * k);
    return true;
  };
  panel.describe = (title) => canvas.setAttribute("aria-label", panel.confusion ? `${title}: ${toldBy(panel)}` : title);
  panel.title = () => (panel.confusion ? toldBy(panel) : "");
  panel.point = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - panel.left) / panel.cell);
    const row = Math.floor((event.clientY - box.top - panel.top) / panel.cell);
    if (!(row >= 0 && column >= 0 && row < panel.k && column < panel.k)) return tell(null, event);
    const { counts, k, name, sums } = panel;
    tell([
      { text: `${grouped(counts[row * k + column])} of ${grouped(sums[row])} ${panel.confusion.unit ?? "pictures"} of “${name(row)}” were called “${name(column)}”`, strong: true },
      { text: row === column ? "right answers" : `${sums[row] ? asPercent(counts[row * k + column] / sums[row]) : "none"} of this row` },
    ], event);
  };
  return panel;
}

// Small histograms, weights first, then activations; the axis of a layer is one over all runs.
function createDistributions(canvas, view, tell) {
  const panel = { cells: [] };

  panel.paint = (frame, width, run) => {
    const groups = ["weights", "activations"].map((kind) => [kind, (Array.isArray(frame.header[kind]) ? frame.header[kind] : []).filter((entry) => floatsOf(frame, entry))]).filter(([, entries]) => entries.length);
    if (!groups.length) return false;
    const columns = Math.max(1, Math.floor((width + SPARK.gap) / (SPARK.width + SPARK.gap)));
    const wide = Math.floor((width + SPARK.gap) / columns) - SPARK.gap;
    const deep = SPARK.above + SPARK.height + SPARK.below + 9;
    let y = 0;
    const places = [];
    for (const [kind, entries] of groups) {
      places.push({ heading: kind === "weights" ? "Weights" : "Activations", y });
      y += 20;
      entries.forEach((entry, i) => places.push({ kind, entry, x: (i % columns) * (wide + SPARK.gap), y: y + Math.floor(i / columns) * deep, wide }));
      y += Math.ceil(entries.length / columns) * deep + 2;
    }
    const context = sizeCanvas(canvas, width, y);
    context.clearRect(0, 0, width, y);
    panel.cells = places.filter((place) => place.entry).map((place) => ({ ...place, counts: floatsOf(frame, place.entry) }));
    context.textBaseline = "alphabetic";
    context.fillStyle = view.theme.text;
    context.textAlign = "left";
    context.font = `600 12px ${view.theme.font}`;
    for (const place of places) if (place.heading) context.fillText(place.heading, 0, place.y + 12);
    for (const cell of panel.cells) spark(context, cell, run);
    return true;
  };

  function spark(context, { kind, entry, x, y, wide, counts }, run) {
    const [from, to] = view.ranges.get(`${kind} ${entry.layer}`) ?? [Number(entry.low), Number(entry.high)];
    const span = to - from || 1;
    const foot = y + SPARK.above + SPARK.height;
    context.fillStyle = view.theme.panel;
    context.fillRect(x, y + SPARK.above, wide, SPARK.height);
    // A layer after ReLU is mostly zeros: that one bar is cut, so that the others are seen.
    let [top, second] = [0, 0];
    for (const count of counts) {
      if (count > top) [top, second] = [count, top];
      else if (count > second) second = count;
    }
    const full = top > 3 * second && second > 0 ? 1.5 * second : top || 1;
    const at = (value) => x + (wide * (value - from)) / span;
    const step = (Number(entry.high) - Number(entry.low)) / counts.length;
    context.fillStyle = run.colour;
    context.beginPath();
    for (let i = 0; i < counts.length; i++) {
      if (!counts[i]) continue;
      const left = at(Number(entry.low) + i * step);
      const tall = Math.max(1, Math.min(1, counts[i] / full) * (SPARK.height - 2));
      context.rect(left, foot - tall, Math.max(1, at(Number(entry.low) + (i + 1) * step) - left), tall);
    }
    context.fill();
    if (from < 0 && to > 0) {
      context.fillStyle = view.theme.text;
      context.fillRect(Math.round(at(0)), y + SPARK.above, 1, SPARK.height);
    }
    context.fillStyle = view.theme.text;
    context.font = `12px ${view.theme.font}`;
    context.textAlign = "left";
    context.fillText(entry.layer, x, y + 13, wide * 0.45);
    const { dead, units, saturated } = entry;
    context.textAlign = "right";
    if (dead > 0) {
      context.fillStyle = view.theme.alarm;
      context.font = `600 12px ${view.theme.font}`;
      context.fillText(`${dead} of ${units} dead`, x + wide, y + 13, wide * 0.62);
    } else if (Number.isFinite(saturated) && saturated !== null) {
      if (saturated > 0.2) context.fillStyle = view.theme.alarm;
      context.fillText(`${Math.round(100 * saturated)} % saturated`, x + wide, y + 13, wide * 0.62);
    }
    context.fillStyle = view.theme.text;
    context.font = `11px ${view.theme.font}`;
    context.globalAlpha = 0.75;
    context.fillText(shortNumber(to), x + wide, foot + 12);
    context.textAlign = "left";
    context.fillText(shortNumber(from), x, foot + 12);
    context.globalAlpha = 1;
  }

  const shortNumber = (value) => String(Number(Number(value).toPrecision(2))).replace("-", "−");

  panel.describe = (title) => canvas.setAttribute("aria-label", `${title}: ${panel.cells.map(({ kind, entry }) => `${kind} of ${entry.layer} from ${shortNumber(entry.low)} to ${shortNumber(entry.high)}${entry.dead ? `, ${entry.dead} of ${entry.units} dead` : ""}`).join("; ")}`);
  panel.point = (event) => {
    const box = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const cell = panel.cells.find(({ x, y, wide }) => px >= x && px < x + wide && py >= y && py < y + SPARK.above + SPARK.height + SPARK.below);
    if (!cell) return tell(null, event);
    const { kind, entry, counts, x, wide } = cell;
    const [from, to] = view.ranges.get(`${kind} ${entry.layer}`) ?? [entry.low, entry.high];
    const [low, high] = [Number(entry.low), Number(entry.high)];
    const step = (high - low) / counts.length;
    const bin = Math.floor((from + ((px - x) / wide) * (to - from) - low) / (step || 1));
    const lines = [];
    if (bin >= 0 && bin < counts.length) lines.push({ text: `${grouped(counts[bin])} from ${number(low + bin * step)} to ${number(low + (bin + 1) * step)}`, strong: true });
    lines.push({ text: `${entry.layer}, ${kind}: ${number(low)} to ${number(high)}` });
    if (Number.isFinite(entry.dead) && entry.units) lines.push({ text: `${entry.dead} of ${entry.units} units are dead` });
    if (Number.isFinite(entry.saturated) && entry.saturated !== null) lines.push({ text: `${asPercent(entry.saturated)} saturated` });
    tell(lines, event);
  };
  return panel;
}
