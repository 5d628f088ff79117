// Paints a network's maps and the pictures before them, and the edges between. Knows panels and colours; not what is pointed at.

import { contextOf, fillPicture } from "../shared/canvas.js";
import { levelOf, scaleEnds } from "../shared/colours.js";
import { markSigns } from "../shared/signs.js";
import { BETWEEN, GAP } from "./layout.js";

/** @import { Buffer, LayerPanel, Panel, PicturePanel, View } from "./types.js" */

/** @param {View} view */
export function createPainting(view) {
  /** @type {Map<string, Buffer>} layer → its maps */
  const buffers = new Map();

  /**
   * The range of the colour scale that a map is painted with, [low, high]; a signed one is symmetric about zero.
   * @param {LayerPanel} layer
   * @param {number} channel
   */
  function rangeOf(layer, channel) {
    let [low, high] = [layer.lows[channel], layer.highs[channel]];
    if (view.scope === "layer") [low, high] = [Math.min(...layer.lows), Math.max(...layer.highs)];
    if (view.scope === "network") [low, high] = view.header.reach[layer.signed ? "signed" : "unsigned"];
    return scaleEnds(low, high, layer.signed);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {LayerPanel} panel
   */
  function paintLayer(context, panel) {
    const [channels, height, width] = panel.shape;
    let buffer = buffers.get(panel.key);
    if (!buffer || buffer.channels !== channels || buffer.height !== height || buffer.width !== width) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height * channels]; // one map below the other
      const image = new ImageData(width, height * channels);
      buffer = { canvas, image, words: new Uint32Array(image.data.buffer), channels, height, width };
      buffers.set(panel.key, buffer);
    }
    const table = view.tables[panel.signed ? "diverging" : "sequential"];
    const cells = height * width;
    const steps = new Uint32Array(256); // this map's 256 levels, already as colours of the chosen scale
    for (let channel = 0; channel < channels; channel++) {
      const [from, to] = rangeOf(panel, channel);
      const [low, span] = [panel.lows[channel], panel.highs[channel] - panel.lows[channel]];
      for (let level = 0; level < 256; level++) {
        const value = low + (span * level) / 255;
        steps[level] = table[levelOf(value, from, to)];
      }
      const start = panel.start + channel * cells;
      for (let i = 0; i < cells; i++) buffer.words[channel * cells + i] = steps[view.levels[start + i]];
    }
    contextOf(buffer.canvas).putImageData(buffer.image, 0, 0);
    context.fillStyle = view.theme.border; // a line around each map: where all is zero it has the page's own colour
    for (let channel = 0; channel < channels; channel++) {
      const [x, y] = mapCorner(panel, channel);
      context.fillRect(x - 1, y - 1, panel.mapWidth + 2, panel.mapHeight + 2);
      context.drawImage(buffer.canvas, 0, channel * height, width, height, x, y, panel.mapWidth, panel.mapHeight);
      markMap(context, panel, channel, { x, y, width: panel.mapWidth, height: panel.mapHeight });
    }
  }

  /**
   * The sign marks of a map that was painted at a place.
   * @param {CanvasRenderingContext2D} context
   * @param {LayerPanel} panel
   * @param {number} channel
   * @param {{x: number, y: number, width: number, height: number}} place
   */
  function markMap(context, panel, channel, place) {
    if (!panel.signed) return;
    const [, rows, columns] = panel.shape;
    const start = panel.start + channel * rows * columns;
    const [, reach] = rangeOf(panel, channel);
    const map = { ...place, rows, columns, reach };
    markSigns(context, map, (row, column) => view.values[start + row * columns + column], view.theme);
  }

  /**
   * @param {LayerPanel} panel
   * @param {number} channel
   */
  function mapCorner(panel, channel) {
    const column = channel % panel.columns;
    const row = Math.floor(channel / panel.columns);
    return [panel.x + column * (panel.mapWidth + GAP), panel.y + row * (panel.mapHeight + GAP)];
  }

  /** @param {PicturePanel} panel */
  function pictureCanvas(panel) {
    const canvas = document.createElement("canvas");
    fillPicture(canvas, view.arrays[panel.array], panel.rowsOfPixels, panel.columnsOfPixels, panel.planes);
    return canvas;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {PicturePanel} panel
   */
  function paintPicture(context, panel) {
    context.drawImage(pictureCanvas(panel), panel.x, panel.y, panel.width, panel.height);
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(panel.x + 0.5, panel.y + 0.5, panel.width - 1, panel.height - 1);
    if (!panel.box) return;
    const [sx, sy] = [panel.width / panel.columnsOfPixels, panel.height / panel.rowsOfPixels];
    const [top, left, bottom, right] = panel.box;
    context.strokeStyle = view.theme.primary;
    context.lineWidth = 1.5;
    context.strokeRect(panel.x + left * sx, panel.y + top * sy, (right - left) * sx, (bottom - top) * sy);
  }

  /**
   * The shape that leaves a panel, and the edge to the next one on which it stands.
   * @param {CanvasRenderingContext2D} context
   * @param {Panel} panel
   * @param {boolean} goesOn
   */
  function paintEdge(context, panel, goesOn) {
    const y = panel.y + panel.height + 9;
    const end = Math.min(panel.x + panel.taken + BETWEEN, view.size[0]) - 5;
    context.strokeStyle = context.fillStyle = view.theme.text;
    context.font = `14px ${view.theme.font}`;
    context.fillText(panel.shapeText, panel.x, y + 17);
    if (!goesOn) return;
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(panel.x, y + 0.5);
    context.lineTo(end, y + 0.5);
    context.stroke();
    context.beginPath();
    context.moveTo(end, y - 3);
    context.lineTo(end + 5, y + 0.5);
    context.lineTo(end, y + 4);
    context.fill();
    context.globalAlpha = 1;
  }

  /** @param {LayerPanel} panel */
  const mapsOf = (panel) => buffers.get(panel.key)?.canvas;

  return { rangeOf, paintLayer, markMap, mapCorner, mapsOf, pictureCanvas, paintPicture, paintEdge };
}
