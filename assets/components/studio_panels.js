// The studio's tiles: kernels and feature maps as pixels. Knows one frame's layers; not where frames come from.

const HEAD = 19;         // a block's line of words, in CSS pixels
const BLOCK_GAP = 14;    // between two blocks
const TILE_GAP = 3;
const MOST_PLANES = 8;   // of a kernel that are shown; the rest is named in the title

const productOf = (shape) => shape.reduce((product, size) => product * size, 1);
const sane = (entry, rank) => entry && Array.isArray(entry.shape) && entry.shape.length === rank && entry.shape.every((size) => Number.isInteger(size) && size > 0 && size <= 4096);

// The layers of a frame that can be drawn, each with its values, its tiles' arrangement and its words.
function tilesOf(frame, kind) {
  const entries = Array.isArray(frame.header[kind]) ? frame.header[kind] : [];
  return entries.filter((entry) => sane(entry, kind === "kernels" ? 4 : 3) && frame.arrays[entry.array]?.length === productOf(entry.shape)).map((entry) => {
    const values = frame.arrays[entry.array];
    const [low, high] = [Number(entry.low), Number(entry.high)];
    const common = { layer: String(entry.layer), values, low, high, coded: values instanceof Uint8Array };
    if (kind === "maps") {
      const [channels, h, w] = entry.shape;
      return { ...common, title: String(entry.title ?? entry.layer), about: channels * h * w === channels ? `${channels} units` : `${channels}×${h}×${w}`, signed: Boolean(entry.signed), tiles: channels, h, w, fixed: 0, source: (tile) => tile, flat: h * w === 1 };
    }
    const [out, planes, h, w] = entry.shape;
    const shown = Math.min(planes, MOST_PLANES);
    const about = `${out} × ${planes}×${h}×${w}${shown < planes ? `, first ${shown} planes` : ""}`;
    // One kernel a column, its planes below each other; a single plane may break into lines.
    return { ...common, title: common.layer, about, signed: true, tiles: out * shown, h, w, fixed: shown > 1 ? out : 0, planes, flat: h * w === 1,
      source: shown > 1 ? (tile) => (tile % out) * planes + Math.floor(tile / out) : (tile) => tile * planes };
  });
}

// The range of the colours of one layer over all runs that are shown: signed symmetric about zero.
function layerRange(entry, lows, highs) {
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  if (!(Number.isFinite(low) && Number.isFinite(high))) return [-1, 1];
  if (!entry.signed) return [Math.min(0, low), high > Math.min(0, low) ? high : Math.min(0, low) + 1];
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return [-reach, reach];
}

// kind: kernels or maps. view: {theme, tables, ranges}. tell: the tooltip.
function createTiles(kind, canvas, view, tell) {
  const panel = { blocks: [], signature: "", entries: [], height: 0 };

  // The largest whole cell with which a layer fits into width × room.
  function arrange(entry, width, room) {
        const most = entry.flat ? 12 : kind === "kernels" ? 11 : Math.max(2, Math.floor(90 / entry.h));
    for (let cell = most; cell >= 1; cell--) {
      const gap = entry.flat ? 0 : kind === "kernels" ? 2 + Math.min(6, cell) : TILE_GAP;
      const [tw, th] = [entry.w * cell + gap, entry.h * cell + gap];
      const fit = Math.max(1, Math.floor((width + gap - 2) / tw));
      const columns = entry.fixed || Math.min(entry.tiles, fit);
      if (columns > fit && cell > 1) continue;
      if (kind === "kernels" && !entry.fixed && entry.tiles > fit && cell > 6) continue;  // rather smaller in one line
      const even = entry.fixed ? columns : Math.ceil(entry.tiles / Math.ceil(entry.tiles / columns));
      const rows = Math.ceil(entry.tiles / even);
      if (rows * th <= room || cell === 1) return { cell, gap, columns: even, rows, w: even * tw - gap + 2, h: rows * th - gap + 2, tw, th };
    }
    return null;
  }

  function layOut(width, ratio) {
    const context = sizeCanvas(canvas, width, Math.max(1, panel.height));
    let [x, y, line] = [0, 0, 0];
    panel.blocks = panel.entries.map((entry) => {
      const room = kind === "kernels" ? 150 : entry.flat ? 40 : 118;
      const place = arrange(entry, width, room);
      context.font = `600 12px ${view.theme.font}`;
      const words = context.measureText(entry.title).width;
      context.font = `12px ${view.theme.font}`;
      const taken = Math.max(place.w, words + context.measureText(`  ${entry.about}  −0.000 … 0.000`).width);
      if (x > 0 && x + taken > width) [x, y, line] = [0, y + line + BLOCK_GAP - 4, 0];
      const block = { ...place, x, y: y + HEAD, taken: Math.min(taken, width - x), entry };
      x += taken + BLOCK_GAP;
      line = Math.max(line, HEAD + place.h);
      block.image = outlined(block, ratio);
      return block;
    });
    panel.height = y + line;
    sizeCanvas(canvas, width, Math.max(1, panel.height)).clearRect(0, 0, width, panel.height);
  }

  // The block's pixels on the screen, with a line around every tile: an empty map has the page's own colour.
  function outlined(block, ratio) {
    const { entry } = block;
    const px = (value) => Math.round(value * ratio);
    const size = Math.max(1, Math.round(block.cell * ratio));
    const image = new ImageData(px(block.w), px(block.h));
    const words = new Uint32Array(image.data.buffer);
    const [r, g, b] = parseColour(view.theme.line);
    const border = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    const corners = [];
    for (let tile = 0; tile < entry.tiles; tile++) {
      const [left, top] = [px(1 + (tile % block.columns) * block.tw), px(1 + Math.floor(tile / block.columns) * block.th)];
      corners.push([left, top]);
      for (let row = top - 1; row <= top + entry.h * size && row < image.height; row++) {
        if (row >= 0) words.fill(border, row * image.width + Math.max(0, left - 1), row * image.width + Math.min(image.width, left + entry.w * size + 1));
      }
    }
    return { image, words, corners, size };
  }

  function paintBlock(context, block, entry, ratio) {
    const { image, words, corners, size } = block.image;
    const [from, to] = view.ranges.get(`${kind} ${entry.layer}`) ?? [-1, 1];
    const table = view.tables[entry.signed ? "diverging" : "sequential"];
    const { values, h, w } = entry;
    const factor = 255 / (to - from);
    let steps = null;
    if (entry.coded) {
      steps = new Uint32Array(256);
      const span = (entry.high - entry.low) / 255;
      for (let level = 0; level < 256; level++) steps[level] = table[Math.max(0, Math.min(255, Math.round((entry.low + span * level - from) * factor)))];
    }
    const across = image.width;
    for (let tile = 0; tile < entry.tiles; tile++) {
      let start = entry.source(tile) * h * w;
      const [left, top] = corners[tile];
      const stop = Math.min(left + w * size, across);
      for (let row = 0; row < h; row++) {
        const base = (top + row * size) * across;
        let at = base + left;
        for (let column = 0; column < w; column++) {
          const value = values[start++];
          const colour = steps ? steps[value] : table[value >= to ? 255 : value > from ? Math.round((value - from) * factor) : 0];
          for (let k = 0; k < size; k++) words[at++] = colour;
        }
        for (let k = 1; k < size; k++) words.copyWithin(base + k * across + left, base + left, base + stop);
      }
    }
    context.putImageData(image, Math.round(block.x * ratio), Math.round(block.y * ratio));
    context.clearRect(block.x, block.y - HEAD, block.taken, HEAD - 1);
    context.textBaseline = "alphabetic";
    context.fillStyle = view.theme.text;
    context.font = `600 12px ${view.theme.font}`;
    context.fillText(entry.title, block.x, block.y - 6);
    const after = block.x + context.measureText(entry.title).width + 7;
    context.font = `12px ${view.theme.font}`;
    context.globalAlpha = 0.75;
    const range = entry.signed ? `±${rounded(to)}` : `${rounded(from)} … ${rounded(to)}`;
    context.fillText(`${entry.about}  ${range}`, after, block.y - 6, Math.max(20, block.taken - (after - block.x)));
    context.globalAlpha = 1;
  }

  const rounded = (value) => String(Number(value.toPrecision(2))).replace("-", "−");

  panel.paint = (frame, width) => {
    const ratio = window.devicePixelRatio || 1;
    panel.entries = tilesOf(frame, kind);
    panel.exact = Boolean(frame.header.exact);
    const signature = `${width} ${ratio} ${view.theme.background} ${panel.entries.map((entry) => `${entry.title} ${entry.tiles}/${entry.planes} ${entry.h} ${entry.w}`)}`;
    if (signature !== panel.signature) {
      panel.signature = signature;
      layOut(width, ratio);
    }
    const context = sizeCanvas(canvas, width, Math.max(1, panel.height));
    panel.blocks.forEach((block, i) => {
      block.entry = panel.entries[i];
      paintBlock(context, block, block.entry, ratio);
    });
    return panel.entries.length > 0;
  };

  function hit(px, py) {
    for (const block of panel.blocks) {
      const [inX, inY] = [px - block.x - 1, py - block.y - 1];
      if (inX < 0 || inY < 0 || inX >= block.w || inY >= block.h) continue;
      const [column, row] = [Math.floor(inX / block.tw), Math.floor(inY / block.th)];
      const tile = row * block.columns + column;
      const [x, y] = [Math.floor((inX - column * block.tw) / block.cell), Math.floor((inY - row * block.th) / block.cell)];
      const { entry } = block;
      if (column >= block.columns || tile >= entry.tiles || x >= entry.w || y >= entry.h) return null;
      return { entry, tile, x, y };
    }
    return null;
  }

  function words({ entry, tile, x, y }) {
    const source = entry.source(tile);
    const raw = entry.values[source * entry.h * entry.w + y * entry.w + x];
    const value = entry.coded ? entry.low + (raw * (entry.high - entry.low)) / 255 : raw;
    const place = entry.flat ? "" : `, row ${y}, column ${x}`;
    const which = kind === "kernels" ? `kernel ${Math.floor(source / entry.planes)}, plane ${source % entry.planes}` : `${entry.flat ? "unit" : "channel"} ${source}`;
    return [
      { text: `${panel.exact && !entry.coded ? "" : "≈ "}${number(value)}`, strong: true },
      { text: `${entry.title}: ${which}${place}` },
    ];
  }

  panel.describe = (title) => {
    const names = panel.entries.map((entry) => `${entry.title} ${entry.about}`).join("; ");
    canvas.setAttribute("aria-label", `${title}: ${names}`);
  };
  panel.point = (event) => {
    const box = canvas.getBoundingClientRect();
    const spot = hit(event.clientX - box.left, event.clientY - box.top);
    tell(spot ? words(spot) : null, event);
  };
  return panel;
}
