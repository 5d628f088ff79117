// What stands under the pointer on a network's canvas, beside it: the map enlarged, the value, the scale of its colours.

import { sizeCanvas } from "../shared/canvas.js";
import { finder } from "../shared/dom.js";
import { paintLegend } from "../shared/legend.js";
import { number } from "../shared/numbers.js";
import { cellsOf } from "./layout.js";
import { LONGEST, shortened } from "./names.js";

/** @import { LayerPanel, MapSpot, PicturePanel, View } from "./types.js" */

/**
 * @param {ParentNode} root
 * @param {View} view
 * @param {ReturnType<typeof import("./painting.js").createPainting>} painting
 */
export function createReading(root, view, { rangeOf, mapsOf, markMap, pictureCanvas }) {
  const { find, canvas } = finder(root);
  const [maps, zoom, legend] = [".maps", ".zoom", ".legend"].map(canvas);
  const ticks = [...find(".ticks").children];

  /**
   * @param {string} where
   * @param {string} value
   * @param {string} range
   */
  function tell(where, value, range) {
    find(".where").textContent = where;
    find(".value").textContent = value;
    find(".range").textContent = range;
  }

  function explain() {
    const spot = view.pointed ?? view.pinned;
    const panel = spot?.panel;
    legend.style.visibility = panel?.kind === "layer" ? "visible" : "hidden";
    maps.title = panel && panel.title.length > LONGEST ? panel.title : ""; // the whole of it, for who points at a map
    for (const tick of ticks) tick.textContent = "";
    enlarge(spot);
    if (!spot || !panel) tell(view.header.invitation, "", "");
    else if (panel.kind === "picture") explainPicture(spot, panel);
    else {
      explainLayer(spot, panel);
      explainLegend(panel, spot.channel);
    }
  }

  /** @param {MapSpot | null} spot */
  function enlarge(spot) {
    const side = zoom.clientWidth;
    const context = sizeCanvas(zoom, side, side);
    context.clearRect(0, 0, side, side);
    context.imageSmoothingEnabled = false;
    if (!spot) return;
    const { panel, channel, row, column } = spot;
    const [height, width] = cellsOf(panel);
    const scale = side / Math.max(height, width);
    const [w, h] = [width * scale, height * scale];
    const [x, y] = [(side - w) / 2, (side - h) / 2];
    if (panel.kind === "picture") context.drawImage(pictureCanvas(panel), x, y, w, h);
    else {
      const painted = mapsOf(panel);
      if (painted) context.drawImage(painted, 0, channel * height, width, height, x, y, w, h);
      markMap(context, panel, channel, { x, y, width: w, height: h });
    }
    context.strokeStyle = view.theme.primary;
    context.lineWidth = 2;
    context.strokeRect(x + column * scale, y + row * scale, Math.max(scale, 3), Math.max(scale, 3));
  }

  /**
   * @param {MapSpot} spot
   * @param {PicturePanel} panel
   */
  function explainPicture({ row, column }, panel) {
    const at = (row * panel.columnsOfPixels + column) * panel.planes;
    const values = [...view.arrays[panel.array].subarray(at, at + panel.planes)];
    const meaning = panel.planes === 3 ? "red, green, blue, 0 to 255" : "0 is black, 255 is white";
    tell(`${panel.title} · row ${row}, column ${column}`, values.join(", "), meaning);
  }

  /**
   * @param {MapSpot} spot
   * @param {LayerPanel} panel
   */
  function explainLayer({ channel, row, column }, panel) {
    const [height, width] = cellsOf(panel);
    const value = view.values[panel.start + (channel * height + row) * width + column];
    const [name, named] = [shortened(panel.title, LONGEST), panel.channels[channel]];
    if (height * width === 1) {
      const ends = `${number(Math.min(...panel.lows))} to ${number(Math.max(...panel.highs))}`;
      return tell(`${name} · unit ${named}`, number(value), `this layer: ${ends}`);
    }
    const ends = `${number(panel.lows[channel])} to ${number(panel.highs[channel])}`;
    const where = `${name} · channel ${named} · row ${row}, column ${column}`;
    tell(where, number(value), `this map: ${ends}`);
  }

  /**
   * @param {LayerPanel} panel
   * @param {number} channel
   */
  function explainLegend(panel, channel) {
    const [from, to] = rangeOf(panel, channel);
    [from, (from + to) / 2, to].forEach((tick, i) => {
      ticks[i].textContent = number(tick);
    });
    paintLegend(legend, view.tables[panel.signed ? "diverging" : "sequential"], panel.signed, view.theme);
  }

  return explain;
}
