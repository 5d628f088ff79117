// The studio's tiles: kernels and feature maps as pixels. Knows one frame's layers; not where frames come from.

import { sizeCanvas, wordOf } from "../shared/canvas.js";
import { levelOf, parseColour } from "../shared/colours.js";
import { number, rounded } from "../shared/numbers.js";
import { areSignsMarked, markSigns } from "../shared/signs.js";
import { arrange, tilesOf } from "./layers.js";

/** @import { Block, Frame, Tiles, View } from "./types.js" */

const HEAD = 19; // a block's line of words, in CSS pixels
const BLOCK_GAP = 14; // between two blocks

/**
 * kind: kernels or maps. view: {theme, tables, ranges}.
 * @param {"kernels" | "maps"} kind
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function createTiles(kind, canvas, view) {
  const panel = {
    blocks: /** @type {Block[]} */ ([]),
    entries: /** @type {Tiles[]} */ ([]),
    signature: "",
    height: 0,
    exact: false,
    paint,
    describe,
    at,
  };

  /**
   * @param {number} width
   * @param {number} ratio
   */
  function layOut(width, ratio) {
    const context = sizeCanvas(canvas, width, Math.max(1, panel.height));
    let [x, y, line] = [0, 0, 0];
    panel.blocks = panel.entries.map((entry) => {
      const room = kind === "kernels" ? 150 : entry.flat ? 40 : 118;
      const place = arrange(entry, kind, width, room);
      context.font = `600 12px ${view.theme.font}`;
      const words = context.measureText(entry.title).width;
      context.font = `12px ${view.theme.font}`;
      const taken = Math.max(place.w, words + context.measureText(`  ${entry.about}  −0.000 … 0.000`).width);
      if (x > 0 && x + taken > width) [x, y, line] = [0, y + line + BLOCK_GAP - 4, 0];
      const block = { ...place, x, y: y + HEAD, taken: Math.min(taken, width - x), entry };
      x += taken + BLOCK_GAP;
      line = Math.max(line, HEAD + place.h);
      return { ...block, image: outlined(block, ratio) };
    });
    panel.height = y + line;
    sizeCanvas(canvas, width, Math.max(1, panel.height)).clearRect(0, 0, width, panel.height);
  }

  /**
   * The block's pixels on the screen, with a line around every tile: an empty map has the page's own colour.
   * @param {Omit<Block, "image">} block
   * @param {number} ratio
   */
  function outlined(block, ratio) {
    const { entry } = block;
    /** @param {number} value */
    const px = (value) => Math.round(value * ratio);
    const size = Math.max(1, Math.round(block.cell * ratio));
    const image = new ImageData(px(block.w), px(block.h));
    const words = new Uint32Array(image.data.buffer);
    const border = wordOf(parseColour(view.theme.line));
    /** @type {[number, number][]} */
    const corners = [];
    for (let tile = 0; tile < entry.tiles; tile++) {
      const [left, top] = [
        px(1 + (tile % block.columns) * block.tw),
        px(1 + Math.floor(tile / block.columns) * block.th),
      ];
      corners.push([left, top]);
      for (let row = top - 1; row <= top + entry.h * size && row < image.height; row++) {
        const [from, to] = [Math.max(0, left - 1), Math.min(image.width, left + entry.w * size + 1)];
        if (row >= 0) words.fill(border, row * image.width + from, row * image.width + to);
      }
    }
    return { image, words, corners, size };
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Block} block
   * @param {Tiles} entry
   * @param {number} ratio
   */
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
      for (let level = 0; level < 256; level++) steps[level] = table[levelOf(entry.low + span * level, from, to)];
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
          const level = value >= to ? 255 : value > from ? Math.round((value - from) * factor) : 0;
          const colour = steps ? steps[value] : table[level];
          for (let k = 0; k < size; k++) words[at++] = colour;
        }
        for (let k = 1; k < size; k++) words.copyWithin(base + k * across + left, base + left, base + stop);
      }
    }
    context.putImageData(image, Math.round(block.x * ratio), Math.round(block.y * ratio));
    if (entry.signed) markTiles(context, block, entry, ratio, to);
    context.clearRect(block.x, block.y - HEAD, block.taken, HEAD - 1);
    context.textBaseline = "alphabetic";
    context.fillStyle = view.theme.text;
    context.font = `600 12px ${view.theme.font}`;
    context.fillText(entry.title, block.x, block.y - 6);
    const after = block.x + context.measureText(entry.title).width + 7;
    context.font = `12px ${view.theme.font}`;
    context.globalAlpha = 0.75;
    const ends = entry.signed ? `±${rounded(to)}` : `${rounded(from)} … ${rounded(to)}`;
    const range = entry.signed && areSignsMarked() ? `${ends}, hatched: negative` : ends;
    context.fillText(`${entry.about}  ${range}`, after, block.y - 6, Math.max(20, block.taken - (after - block.x)));
    context.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Block} block
   * @param {Tiles} entry
   * @param {number} ratio
   * @param {number} reach - of the scale
   */
  function markTiles(context, block, entry, ratio, reach) {
    const { corners, size } = block.image;
    const [width, height] = [(entry.w * size) / ratio, (entry.h * size) / ratio];
    corners.forEach(([left, top], tile) => {
      const [x, y] = [(Math.round(block.x * ratio) + left) / ratio, (Math.round(block.y * ratio) + top) / ratio];
      const map = { x, y, width, height, rows: entry.h, columns: entry.w, reach };
      markSigns(context, map, (row, column) => valueOf(entry, tile, row, column), view.theme);
    });
  }

  /**
   * @param {Frame} frame
   * @param {number} width
   */
  function paint(frame, width) {
    const ratio = window.devicePixelRatio || 1;
    panel.entries = tilesOf(frame, kind);
    panel.exact = Boolean(frame.header.exact);
    const shapes = panel.entries.map(({ title, tiles, planes, h, w }) => `${title} ${tiles}/${planes} ${h} ${w}`);
    const signature = `${width} ${ratio} ${view.theme.background} ${shapes}`;
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
  }

  /**
   * @param {number} px
   * @param {number} py
   */
  function hit(px, py) {
    for (const block of panel.blocks) {
      const [inX, inY] = [px - block.x - 1, py - block.y - 1];
      if (inX < 0 || inY < 0 || inX >= block.w || inY >= block.h) continue;
      const [column, row] = [Math.floor(inX / block.tw), Math.floor(inY / block.th)];
      const tile = row * block.columns + column;
      const [x, y] = [
        Math.floor((inX - column * block.tw) / block.cell),
        Math.floor((inY - row * block.th) / block.cell),
      ];
      const { entry } = block;
      if (column >= block.columns || tile >= entry.tiles || x >= entry.w || y >= entry.h) return null;
      return { entry, tile, x, y };
    }
    return null;
  }

  /** @param {{entry: Tiles, tile: number, x: number, y: number}} found */
  function words({ entry, tile, x, y }) {
    const [source, value] = [entry.source(tile), valueOf(entry, tile, y, x)];
    const place = entry.flat ? "" : `, row ${y}, column ${x}`;
    const kernel = `kernel ${Math.floor(source / entry.planes)}, plane ${source % entry.planes}`;
    const which = kind === "kernels" ? kernel : `${entry.flat ? "unit" : "channel"} ${source}`;
    return [
      { text: `${panel.exact && !entry.coded ? "" : "≈ "}${number(value)}`, strong: true },
      { text: `${entry.title}: ${which}${place}` },
    ];
  }

  /** @param {string} title */
  function describe(title) {
    const names = panel.entries.map((entry) => `${entry.title} ${entry.about}`).join("; ");
    canvas.setAttribute("aria-label", `${title}: ${names}`);
  }

  /**
   * What is told of a place of the canvas.
   * @param {number} px
   * @param {number} py
   */
  function at(px, py) {
    const spot = hit(px, py);
    return spot && words(spot);
  }

  return panel;
}

/**
 * @param {Tiles} entry
 * @param {number} tile
 * @param {number} row
 * @param {number} column
 */
function valueOf(entry, tile, row, column) {
  const raw = entry.values[(entry.source(tile) * entry.h + row) * entry.w + column];
  return entry.coded ? entry.low + (raw * (entry.high - entry.low)) / 255 : raw;
}
