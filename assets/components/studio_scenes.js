// The studio's test pictures of a run that learns masks or boxes, with what is true and what the network says of each.
// Knows one frame's scenes; not where frames come from, not how boxes and masks are learned.

const SCENE_GAP = 22;      // between two scenes
const SCENE_WORDS = 19;    // the line beneath a scene, and the one above a row's first
const SCENE_ROOM = 500;    // CSS pixels that a panel may be high
const LARGEST_CELL = 7;    // CSS pixels of a picture's pixel
const BOX = { truth: "#ffffff", said: "#ffb000", halo: "rgba(0, 0, 0, 0.75)" };  // on a picture, which no theme changes
const SCENE_MODES = { beside: "Side by side", over: "Over the picture", wrong: "Mistakes" };

// The scenes of a frame (kind: scenes or pinned) with their arrays, or null where there are none or they do not fit together.
function scenesOf(frame, kind) {
  const sent = frame.header[kind];
  const shape = sent?.images?.shape;
  const images = floatsOf(frame, sent?.images);
  if (!images || !Array.isArray(shape) || images.length !== productOf(shape) || shape.length < 3) return null;
  const [count, rows, columns, planes = 1] = shape;
  const fitting = (entry, length) => {
    const values = floatsOf(frame, entry);
    return values?.length === length ? values : null;
  };
  const listed = (values) => (Array.isArray(values) && values.length === count ? values : null);
  const found = {
    count, rows, columns, planes, images, classes: (Array.isArray(sent.classes) ? sent.classes : []).map(String),
    masks: fitting(sent.masks, count * rows * columns), saidMasks: fitting(sent.predicted_masks, count * rows * columns),
    boxes: fitting(sent.boxes, count * 4), saidBoxes: fitting(sent.predicted_boxes, count * 4),
    labels: listed(sent.labels), saidLabels: listed(sent.predicted_labels), ious: listed(sent.ious),
  };
  return found.saidMasks || found.saidBoxes ? found : null;
}

// Whether the pinned picture is one of the scenes, which are shown anyway.
function isAmongScenes(frame, pinned) {
  const scenes = scenesOf(frame, "scenes");
  const size = pinned.images.length;
  return Boolean(scenes) && Array.from({ length: scenes.count }, (_, i) => i * size).some((from) => pinned.images.every((value, p) => value === scenes.images[from + p]));
}

const hexOf = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

// view: {palette: [[r, g, b]] of the classes, theme}. One small canvas is filled and enlarged, pixel by pixel.
function createSceneBrush(view) {
  const small = document.createElement("canvas");

  function put(context, rows, columns, x, y, side, fill) {
    if (small.width !== columns || small.height !== rows) Object.assign(small, { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    fill(new Uint32Array(image.data.buffer));
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, x, y, side, side);
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
  }

  const colour = (k) => view.palette[k % view.palette.length];
  const grey = (scenes, at) => {
    const start = at * scenes.planes;
    return scenes.planes === 3 ? [0, 1, 2].map((k) => scenes.images[start + k]) : Array(3).fill(scenes.images[start]);
  };

  return {
    picture(context, scenes, i, x, y, side) {
      const from = i * scenes.rows * scenes.columns;
      put(context, scenes.rows, scenes.columns, x, y, side, (words) => words.forEach((_, p) => { words[p] = hexOf(grey(scenes, from + p)); }));
    },
    mask(context, scenes, masks, i, x, y, side) {
      const from = i * scenes.rows * scenes.columns;
      put(context, scenes.rows, scenes.columns, x, y, side, (words) => words.forEach((_, p) => { words[p] = hexOf(colour(masks[from + p])); }));
    },
    // What the network says lies over the picture; the background leaves it as it is.
    over(context, scenes, masks, i, x, y, side) {
      const from = i * scenes.rows * scenes.columns;
      put(context, scenes.rows, scenes.columns, x, y, side, (words) => words.forEach((_, p) => {
        const below = grey(scenes, from + p);
        const k = masks[from + p];
        words[p] = hexOf(k === 0 ? below : colour(k).map((c, j) => Math.round(0.62 * c + 0.38 * below[j])));
      }));
    },
    // A wrong pixel has the colour of what was said; a right one is a faint picture.
    wrong(context, scenes, i, x, y, side) {
      const from = i * scenes.rows * scenes.columns;
      put(context, scenes.rows, scenes.columns, x, y, side, (words) => words.forEach((_, p) => {
        const right = scenes.masks[from + p] === scenes.saidMasks[from + p];
        words[p] = hexOf(right ? grey(scenes, from + p).map((c) => Math.round(0.28 * c)) : colour(scenes.saidMasks[from + p]));
      }));
    },
    box(context, boxes, i, x, y, side, dashed) {
      const [cx, cy, w, h] = boxes.subarray(4 * i, 4 * i + 4);
      const place = [x + (cx - w / 2) * side, y + (cy - h / 2) * side, w * side, h * side];
      context.save();
      context.beginPath();
      context.rect(x, y, side, side);
      context.clip();
      context.lineJoin = "round";
      const wide = side > 110 ? 2.5 : 2;
      context.strokeStyle = BOX.halo;
      context.lineWidth = wide + 2;
      context.strokeRect(...place);
      context.strokeStyle = dashed ? BOX.truth : BOX.said;
      context.lineWidth = wide;
      if (dashed) context.setLineDash([6, 4]);
      context.strokeRect(...place);
      context.restore();
    },
  };
}

const sceneIou = (scenes, i) => (Number.isFinite(scenes.ious?.[i]) ? `IoU ${Math.round(100 * scenes.ious[i])} %` : "");

// "star ✓", "circle ✗ star" (said, true), or what is said where the truth is not known.
function sceneClass(scenes, i) {
  if (!scenes.saidLabels) return "";
  const said = scenes.classes[scenes.saidLabels[i]] ?? "?";
  if (!scenes.labels) return said;
  return scenes.labels[i] === scenes.saidLabels[i] ? `${said} ✓` : `${said} ✗`;
}

// What stands under a place of one scene: (u, v) in [0, 1) from its upper left corner.
function sceneWords(scenes, i, u, v) {
  const [row, column] = [Math.floor(v * scenes.rows), Math.floor(u * scenes.columns)];
  const at = i * scenes.rows * scenes.columns + row * scenes.columns + column;
  const name = (k) => scenes.classes[k] ?? String(k);
  const value = scenes.planes === 1 ? `, grey value ${scenes.images[at]}` : "";
  const where = { text: `row ${row}, column ${column}${value}` };
  if (scenes.saidMasks) {
    const [truth, said] = [scenes.masks?.[at], scenes.saidMasks[at]];
    const mark = truth === undefined ? "" : truth === said ? " ✓" : ` ✗, true: ${name(truth)}`;
    return [{ text: `said: ${name(said)}${mark}`, strong: true }, where];
  }
  const told = (boxes) => {
    const [cx, cy, w, h] = [...boxes.subarray(4 * i, 4 * i + 4)].map((each) => (each * scenes.columns).toFixed(1));
    return `middle (${cx}, ${cy}), ${w} × ${h} pixels`;
  };
  const lines = [];
  if (scenes.ious) lines.push({ text: sceneIou(scenes, i), strong: true });
  const truth = scenes.labels ? `, ${name(scenes.labels[i])}` : "";
  if (scenes.boxes) lines.push({ text: `true: ${told(scenes.boxes)}${truth}` });
  lines.push({ text: `said: ${told(scenes.saidBoxes)}${scenes.saidLabels ? `, ${name(scenes.saidLabels[i])}` : ""}` });
  return [...lines, where];
}

// view: {theme, palette, sceneMode}
function createScenes(canvas, view, tell) {
  const panel = { cells: [] };
  const brush = createSceneBrush(view);

  function arrange(scenes, width) {
    const ratio = window.devicePixelRatio || 1;
    const tiles = scenes.saidMasks && view.sceneMode === "beside" ? 3 : 1;
    const inner = 2;
    let best = null;
    for (let across = 1; across <= scenes.count; across++) {
      const room = (width - (across - 1) * SCENE_GAP) / across - (tiles - 1) * inner;
      const cell = Math.min(LARGEST_CELL, Math.floor((room / tiles / scenes.columns) * ratio) / ratio);
      if (cell < 2.5 && best) break;
      const side = Math.max(2, cell) * scenes.columns;
      const down = Math.max(1, Math.min(Math.ceil(scenes.count / across), Math.floor(SCENE_ROOM / (side + SCENE_WORDS))));
      const shown = Math.min(scenes.count, across * down);
      const place = { tiles, across, down, side, shown };
      // As many as six scenes are worth smaller pixels, more are not.
      const worth = (Math.min(6, shown) + 0.05 * shown) * side;
      if (!best || worth > best.worth) best = { ...place, worth };
    }
    const wide = best.tiles * best.side + (best.tiles - 1) * inner;
    const gap = best.across > 1 ? Math.min(SCENE_GAP, (width - best.across * wide) / (best.across - 1)) : 0;
    return { ...best, wide, gap, inner };
  }

  panel.paint = (frame, width) => {
    const scenes = scenesOf(frame, "scenes");
    panel.scenes = scenes;
    panel.cells = [];
    if (!scenes) return false;
    const { tiles, across, shown, side, wide, gap, inner } = arrange(scenes, width);
    const head = tiles > 1 ? SCENE_WORDS : 2;
    const height = head + Math.ceil(shown / across) * (side + SCENE_WORDS + 5);
    const context = sizeCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    context.textBaseline = "alphabetic";
    const mode = scenes.masks ? view.sceneMode : view.sceneMode === "wrong" ? "over" : view.sceneMode;
    panel.first = Math.min(view.sceneFrom, scenes.count - shown);
    view.sceneShown = shown;
    view.sceneNext = panel.first + shown < scenes.count ? panel.first + shown : 0;
    for (let place = 0; place < shown; place++) {
      const i = panel.first + place;
      const x = Math.round((place % across) * (wide + gap));
      const y = head + Math.floor(place / across) * (side + SCENE_WORDS + 5);
      const at = (k) => x + k * (side + inner);
      if (scenes.saidMasks && tiles > 1) {
        brush.picture(context, scenes, i, at(0), y, side);
        if (scenes.masks) brush.mask(context, scenes, scenes.masks, i, at(1), y, side);
        brush.mask(context, scenes, scenes.saidMasks, i, at(2), y, side);
      } else if (scenes.saidMasks) {
        if (mode === "wrong") brush.wrong(context, scenes, i, x, y, side);
        else brush.over(context, scenes, scenes.saidMasks, i, x, y, side);
      } else {
        brush.picture(context, scenes, i, x, y, side);
        if (scenes.boxes) brush.box(context, scenes.boxes, i, x, y, side, true);
        brush.box(context, scenes.saidBoxes, i, x, y, side, false);
      }
      for (let k = 0; k < tiles; k++) panel.cells.push({ i, x: at(k), y, side });
      context.fillStyle = view.theme.text;
      context.textAlign = "left";
      if (tiles > 1 && place < across) {
        context.font = `12px ${view.theme.font}`;
        ["picture", scenes.masks ? "truth" : "", "network"].forEach((word, k) => context.fillText(word, at(k), head - 6, side));
      }
      context.font = `600 13px ${view.theme.font}`;
      context.fillText(sceneIou(scenes, i), tiles > 1 ? at(2) : x, y + side + 15, side);
      const named = sceneClass(scenes, i);
      if (named) {
        context.font = `13px ${view.theme.font}`;
        context.textAlign = "right";
        context.fillText(named, x + side, y + side + 15, side * 0.6);
      }
    }
    return true;
  };
  panel.title = () => {
    const shown = new Set(panel.cells.map(({ i }) => i)).size;
    return shown === panel.scenes.count ? `${shown} of the test set, never learned from` : `${panel.first + 1} to ${panel.first + shown} of ${panel.scenes.count} test scenes`;
  };
  panel.describe = (title) => canvas.setAttribute("aria-label", `${title}: ${panel.scenes ? panel.scenes.ious?.map((_, i) => `picture ${i + 1} ${sceneIou(panel.scenes, i)} ${sceneClass(panel.scenes, i)}`).join("; ") ?? "" : "nothing yet"}`);
  panel.point = (event) => {
    const around = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - around.left, event.clientY - around.top];
    const cell = panel.cells.find(({ x, y, side }) => px >= x && py >= y && px < x + side && py < y + side);
    tell(cell ? sceneWords(panel.scenes, cell.i, (px - cell.x) / cell.side, (py - cell.y) / cell.side) : null, event);
  };
  return panel;
}

// The line above the panels: what the colours and lines mean, how scenes are shown, and which. choose(): something has changed.
function createSceneBar(root, view, choose) {
  const [bar, legend, modes] = [".scene-bar", ".legend", ".scene-modes"].map((name) => root.querySelector(name));
  let told = "";
  for (const [mode, word] of Object.entries(SCENE_MODES)) {
    const button = element("button", "", word);
    button.type = "button";
    button.dataset.mode = mode;
    button.addEventListener("click", () => {
      view.sceneMode = mode;
      choose();
    });
    modes.append(button);
  }
  const others = element("button", "other-scenes", "Other scenes ›");
  others.type = "button";
  others.addEventListener("click", () => {
    view.sceneFrom = view.sceneNext;
    choose();
  });
  modes.append(others);

  function item(word, mark) {
    const one = element("span", "legend-item");
    one.append(mark, word);
    return one;
  }

  function swatch(rgb) {
    const made = element("span", "swatch");
    made.style.background = `rgb(${rgb.join(",")})`;
    return made;
  }

  return {
    // shown: the scenes of any frame that is on the screen, or null
    paint(shown) {
      const masks = Boolean(shown?.saidMasks);
      const more = Boolean(shown) && view.sceneShown < shown.count;
      const text = JSON.stringify([shown?.classes, masks, Boolean(shown), view.sceneMode, view.palette, more]);
      if (text === told) return;
      told = text;
      bar.hidden = !shown;
      others.hidden = !more;
      for (const button of modes.querySelectorAll("[data-mode]")) {
        button.hidden = !masks;
        button.setAttribute("aria-pressed", String(button.dataset.mode === view.sceneMode));
      }
      if (!shown) return;
      legend.replaceChildren(...(masks
        ? shown.classes.map((name, k) => item(name, swatch(view.palette[k % view.palette.length])))
        : [item("true box", element("span", "rule dashed")), item("the network's box", element("span", "rule")), item("IoU: shared area ÷ area of both together", "")]));
    },
  };
}
