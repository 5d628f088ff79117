// Where each layer's maps stand on the network's canvas. Knows shapes and sizes; draws nothing.

/** @import { Header, LayerEntry, MapSpot, Panel } from "./types.js" */

export const GAP = 2; // between the maps of a layer, in CSS pixels
export const BETWEEN = 20; // between two layers
const TITLE = 42; // above a layer's maps
const EDGE = 30; // below them, where the shape stands on the edge to the next layer
const [NARROW, WIDE] = [92, 156]; // of a panel: room for the words above and below it
const LARGEST = 60; // zoom factor
const LARGEST_PICTURE = 240; // its side
const MARGIN = 2; // at the canvas's sides, so that a mark around the first map is whole

const NOWHERE = { x: 0, y: 0, width: 0, height: 0, taken: 0 };
const NO_MAPS = { mapWidth: 0, mapHeight: 0, columns: 1, rows: 1 };

/**
 * The pictures and layers that are sent, not placed yet.
 * @param {Pick<Header, "steps" | "layers">} header
 * @returns {Panel[]}
 */
export function createPanels({ steps, layers }) {
  return [
    ...steps.map((step, i) => ({ ...NOWHERE, kind: /** @type {const} */ ("picture"), key: `step ${i}`, ...step })),
    ...layers.map((layer) => ({
      ...NOWHERE,
      ...NO_MAPS,
      kind: /** @type {const} */ ("layer"),
      key: layer.name,
      ...layer,
    })),
  ];
}

/**
 * How large one map is drawn: with the root of its side, so that 28×28 and 5×5 both stay readable.
 * @param {LayerEntry["shape"]} layerEntry
 * @param {number} zoomFactor
 */
function mapSize([, height, width], zoomFactor) {
  const side = Math.max(height, width);
  const wanted = zoomFactor * Math.sqrt(side);
  const cell = wanted >= side ? Math.round((2 * wanted) / side) / 2 : wanted / side; // whole or half pixels: even enough
  return [Math.max(1, width * cell), Math.max(1, height * cell)];
}

/**
 * The fewest columns that need no more than `rows` rows, or up to two more if those divide the maps evenly.
 * @param {number} channels
 * @param {number} rows
 */
function evenColumns(channels, rows) {
  const fewest = Math.ceil(channels / rows);
  return [fewest, fewest + 1, fewest + 2].find((columns) => channels % columns === 0) ?? fewest;
}

/**
 * Place all panels in rows for one zoom factor and row height; returns the height that they take.
 * @param {Panel[]} panels
 * @param {number} width
 * @param {number} factor
 * @param {number} rowHeight
 * @param {boolean} tall
 */
function place(panels, width, factor, rowHeight, tall) {
  // Pictures get a square of one size: the ink's own shape changes with every stroke, and nothing may jump for that.
  const slot = Math.min(factor * 11, LARGEST_PICTURE);
  let [x, y, lowest] = [MARGIN, 0, 0];
  for (const panel of panels) {
    if (panel.kind === "layer") {
      const [channels] = panel.shape;
      [panel.mapWidth, panel.mapHeight] = mapSize(panel.shape, factor);
      const most = Math.max(1, Math.floor((width - 2 * MARGIN + GAP) / (panel.mapWidth + GAP)));
      const rows = Math.max(1, Math.floor(rowHeight / (panel.mapHeight + GAP)));
      panel.columns = tall ? Math.min(most, channels) : Math.min(most, evenColumns(channels, rows));
      panel.rows = Math.ceil(channels / panel.columns);
      panel.width = panel.columns * (panel.mapWidth + GAP) - GAP;
      panel.height = panel.rows * (panel.mapHeight + GAP) - GAP;
    } else {
      const scale = slot / Math.max(panel.rowsOfPixels, panel.columnsOfPixels);
      panel.width = Math.max(2, panel.columnsOfPixels * scale);
      panel.height = Math.max(2, panel.rowsOfPixels * scale);
    }
    const picture = panel.kind !== "layer";
    const taken = Math.max(panel.width, panel.shapeText.length > 14 ? WIDE : NARROW, picture ? slot : 0);
    if (x > MARGIN && x + taken > width - MARGIN) {
      [x, y, lowest] = [MARGIN, lowest + 10, 0];
    }
    [panel.x, panel.y, panel.taken] = [x, y + TITLE, taken];
    x += taken + BETWEEN;
    lowest = Math.max(lowest, panel.y + (picture ? slot : panel.height) + EDGE);
  }
  return lowest;
}

/**
 * Place all panels at the largest zoom at which everything fits on the screen; below the smallest readable one the page scrolls
 * instead. Returns the height that they take.
 * @param {Panel[]} panels
 * @param {number} width
 * @param {number} room - in height
 * @param {boolean} tall - few layers, drawn large
 */
export function placeBest(panels, width, room, tall) {
  let best = { factor: 0, rows: 0, height: Infinity };
  for (let factor = LARGEST; factor >= (tall ? 6 : 4) && best.height > room; factor -= 0.5) {
    best = { factor, rows: 0, height: Infinity };
    for (const rows of tall ? [18] : [6, 12, 18, 26, 36]) {
      const height = place(panels, width, factor, factor * rows, tall);
      if (height < best.height) best = { factor, rows, height };
    }
  }
  return place(panels, width, best.factor, best.factor * best.rows, tall);
}

/**
 * Rows and columns of what is drawn: of each map, or of the picture.
 * @param {Panel} panel
 */
export const cellsOf = (panel) =>
  panel.kind === "picture" ? [panel.rowsOfPixels, panel.columnsOfPixels] : [panel.shape[1], panel.shape[2]];

/**
 * The cell or pixel under a point of the canvas, or null.
 * @param {Panel[]} panels
 * @param {number} px
 * @param {number} py
 * @returns {MapSpot | null}
 */
export function spotUnder(panels, px, py) {
  const panel = panels.find(({ x, y, width, height }) => px >= x && py >= y && px < x + width && py < y + height);
  if (!panel) return null;
  const [rows, columns] = cellsOf(panel);
  if (panel.kind === "picture") {
    const row = Math.floor(((py - panel.y) / panel.height) * rows);
    return { panel, channel: 0, row, column: Math.floor(((px - panel.x) / panel.width) * columns) };
  }
  const [across, down] = [panel.mapWidth + GAP, panel.mapHeight + GAP];
  const channel = Math.floor((py - panel.y) / down) * panel.columns + Math.floor((px - panel.x) / across);
  const [inX, inY] = [(px - panel.x) % across, (py - panel.y) % down];
  if (channel >= panel.shape[0] || inX >= panel.mapWidth || inY >= panel.mapHeight) return null;
  const row = Math.floor((inY / panel.mapHeight) * rows);
  return { panel, channel, row, column: Math.floor((inX / panel.mapWidth) * columns) };
}
