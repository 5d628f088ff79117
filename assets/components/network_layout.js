// Where each layer's maps stand on the network's canvas. Knows shapes and sizes; draws nothing.

const GAP = 2;        // between the maps of a layer, in CSS pixels
const BETWEEN = 20;   // between two layers
const TITLE = 34;     // above a layer's maps
const EDGE = 26;      // below them, where the shape stands on the edge to the next layer
const CLOSEST = 0.7;  // letters may be set so much closer before a name is cut
const LONGEST = 48;  // signs of a name beside the lens
const MARGIN = 2;     // at the canvas's sides, so that a mark around the first map is whole

function createPanels({ steps, layers }) {
  const pictures = steps.map((step, i) => ({ kind: "picture", key: `step ${i}`, ...step }));
  return [...pictures, ...layers.map((layer) => ({ kind: "layer", key: layer.name, ...layer }))];
}

// How large one map is drawn: with the root of its side, so that 28×28 and 5×5 both stay readable.
function mapSize([, height, width], zoomFactor) {
  const side = Math.max(height, width);
  const wanted = zoomFactor * Math.sqrt(side);
  const cell = wanted >= side ? Math.round((2 * wanted) / side) / 2 : wanted / side;  // whole or half pixels: even enough
  return [Math.max(1, width * cell), Math.max(1, height * cell)];
}

// The fewest columns that need no more than `rows` rows, or up to two more if those divide the maps evenly.
function evenColumns(channels, rows) {
  const fewest = Math.ceil(channels / rows);
  return [fewest, fewest + 1, fewest + 2].find((columns) => channels % columns === 0) ?? fewest;
}

// Place all panels in rows for one zoom factor and row height; returns the height that they take.
function place(panels, width, factor, rowHeight, tall) {
  // Pictures get a square of one size: the ink's own shape changes with every stroke, and nothing may jump for that.
  const slot = Math.min(factor * 11, 150);
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
      [panel.width, panel.height] = [Math.max(2, panel.columnsOfPixels * scale), Math.max(2, panel.rowsOfPixels * scale)];
    }
    const picture = panel.kind !== "layer";
    const taken = Math.max(panel.width, panel.shapeText.length > 14 ? 128 : 84, picture ? slot : 0);
    if (x > MARGIN && x + taken > width - MARGIN) {
      [x, y, lowest] = [MARGIN, lowest + 10, 0];
    }
    [panel.x, panel.y, panel.taken] = [x, y + TITLE, taken];
    x += taken + BETWEEN;
    lowest = Math.max(lowest, panel.y + (picture ? slot : panel.height) + EDGE);
  }
  return lowest;
}

// A name that could not be read in this width, even set close, is cut in its middle: both its ends tell which it is.
function fitting(context, text, width) {
  const fits = (most) => context.measureText(shortened(text, most)).width <= width / CLOSEST;
  if (fits(text.length)) return text;
  let [enough, much] = [3, text.length];
  while (much - enough > 1) {
    const middle = (enough + much) >> 1;
    if (fits(middle)) enough = middle;
    else much = middle;
  }
  return shortened(text, enough);
}

// At most so many signs of a name, its middle left out: "features.denseblock1…layer.conv2".
function shortened(text, most) {
  const signs = [...text];
  if (signs.length <= most) return text;
  const before = Math.ceil((most - 1) / 2);
  return [...signs.slice(0, before), "…", ...signs.slice(signs.length - (most - 1 - before))].join("");
}
