// A whole network on one canvas. Python sends every map once; pointing, scaling and enlarging happen here.

const NETWORKS = new WeakMap();

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  let view = NETWORKS.get(parentElement);
  if (!view) {
    view = createView(parentElement);
    NETWORKS.set(parentElement, view);
  }
  view.choose = (chosen) => setStateValue("chosen", chosen);
  view.follow = (chosen) => setTriggerValue("followed", chosen);
  view.receive(data);
  return () => view.remove();
}

function createView(root) {
  const find = (selector) => root.querySelector(selector);
  const [maps, marks, zoom, legend, bars] = [".maps", ".marks", ".zoom", ".legend", ".bars"].map(find);
  const scope = find("select");
  const openButton = find(".open");
  const buffers = new Map();  // layer name → an off-screen canvas with one pixel a cell
  const view = { header: null, panels: [], pointed: null, pinned: null, tables: null, theme: null };

  function layOut() {
    const width = find(".stage").clientWidth;
    if (!width) return false;
    const tall = view.header.tall;
    const room = Math.max(430, window.innerHeight * 0.66);
    // The largest zoom at which everything fits on the screen; below the smallest readable one the page scrolls instead.
    let best = null;
    for (let factor = tall ? 24 : 20; factor >= (tall ? 9 : 4) && !(best?.height <= room); factor -= 0.5) {
      best = null;
      for (const rows of tall ? [18] : [18, 26, 36]) {
        const height = place(view.panels, width, factor, factor * rows, tall);
        if (!best || height < best.height) best = { factor, rows, height };
      }
    }
    const height = place(view.panels, width, best.factor, best.factor * best.rows, tall);
    sizeCanvas(maps, width, height);
    sizeCanvas(marks, width, height);
    view.size = [width, height];
    return true;
  }

  // ── painting ───────────────────────────────────────────────────────────────────────────────────

  // The range of the colour scale that a map is painted with, [low, high]; a signed one is symmetric about zero.
  function rangeOf(layer, channel) {
    let [low, high] = [layer.lows[channel], layer.highs[channel]];
    if (scope.value === "layer") [low, high] = [Math.min(...layer.lows), Math.max(...layer.highs)];
    if (scope.value === "network") [low, high] = view.header.reach[layer.signed ? "signed" : "unsigned"];
    if (!layer.signed) return [Math.min(0, low), high > low ? high : low + 1];
    const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return [-size, size];
  }

  function paintLayer(context, panel) {
    const [channels, height, width] = panel.shape;
    let buffer = buffers.get(panel.key);
    if (!buffer || buffer.channels !== channels || buffer.height !== height || buffer.width !== width) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height * channels];  // one map below the other
      const image = canvas.getContext("2d").createImageData(width, height * channels);
      buffer = { canvas, image, words: new Uint32Array(image.data.buffer), channels, height, width };
      buffers.set(panel.key, buffer);
    }
    const table = view.tables[panel.signed ? "diverging" : "sequential"];
    const cells = height * width;
    const steps = new Uint32Array(256);  // this map's 256 levels, already as colours of the chosen scale
    for (let channel = 0; channel < channels; channel++) {
      const [from, to] = rangeOf(panel, channel);
      const [low, span] = [panel.lows[channel], panel.highs[channel] - panel.lows[channel]];
      for (let level = 0; level < 256; level++) {
        const value = low + (span * level) / 255;
        steps[level] = table[Math.max(0, Math.min(255, Math.round((255 * (value - from)) / (to - from))))];
      }
      const start = panel.start + channel * cells;
      for (let i = 0; i < cells; i++) buffer.words[channel * cells + i] = steps[view.levels[start + i]];
    }
    buffer.canvas.getContext("2d").putImageData(buffer.image, 0, 0);
    context.fillStyle = view.theme.border;  // a line around each map: where all is zero it has the page's own colour
    for (let channel = 0; channel < channels; channel++) {
      const [x, y] = mapCorner(panel, channel);
      context.fillRect(x - 1, y - 1, panel.mapWidth + 2, panel.mapHeight + 2);
      context.drawImage(buffer.canvas, 0, channel * height, width, height, x, y, panel.mapWidth, panel.mapHeight);
    }
  }

  function mapCorner(panel, channel) {
    const column = channel % panel.columns;
    const row = Math.floor(channel / panel.columns);
    return [panel.x + column * (panel.mapWidth + GAP), panel.y + row * (panel.mapHeight + GAP)];
  }

  function pictureCanvas(panel) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [panel.columnsOfPixels, panel.rowsOfPixels];
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    const pixels = view.arrays[panel.array];
    for (let i = 0, j = 0; j < image.data.length; j += 4) {
      for (let k = 0; k < 3; k++) image.data[j + k] = pixels[panel.planes === 3 ? i + k : i];
      image.data[j + 3] = 255;
      i += panel.planes;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

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

  // The bars stand in the head, at a fixed size, so that they never move while the maps below are laid out anew.
  function paintAnswer() {
    const rows = view.header.answer;
    bars.style.visibility = rows.length ? "visible" : "hidden";  // it keeps its column of the head
    if (!rows.length) return void sizeCanvas(bars, 1, 138);
    const long = rows.some(({ label }) => label.length > 10);  // ImageNet's names are
    const names = long ? 82 : 68;
    const [width, height] = [names + 132, 138];
    const context = sizeCanvas(bars, width, height);
    context.clearRect(0, 0, width, height);
    const step = height / Math.max(rows.length, 6);
    const best = Math.max(...rows.map((row) => row.probability));
    context.textBaseline = "middle";
    rows.forEach(({ label, probability }, i) => {
      const y = i * step + step / 2;
      const winner = probability === best;
      context.font = `${winner ? 600 : 400} 12px ${view.theme.font}`;
      context.fillStyle = view.theme.text;
      context.textAlign = "right";
      context.fillText(fitting(context, label, names - 2), names, y, names - 2);
      context.fillStyle = view.theme.panel;
      context.fillRect(names + 6, y - step * 0.32, 68, step * 0.64);
      context.fillStyle = winner ? view.theme.primary : view.theme.text;
      context.fillRect(names + 6, y - step * 0.32, Math.max(0.5, 68 * probability), step * 0.64);
      context.fillStyle = view.theme.text;
      context.fillText(percent(probability), width, y);
    });
    bars.setAttribute("aria-label", rows.map((row) => `${row.label} ${percent(row.probability)}`).join(", "));
  }

  function percent(share) {
    return share > 0.9995 && share < 1 ? "> 99.9 %" : `${(100 * share).toFixed(share < 0.0995 ? 2 : 1)} %`;
  }

  function paint() {
    const context = sizeCanvas(maps, ...view.size);
    context.clearRect(0, 0, ...view.size);
    context.imageSmoothingEnabled = false;
    view.panels.forEach((panel, i) => {
      context.textAlign = "left";
      context.fillStyle = view.theme.text;
      context.font = `600 13px ${view.theme.font}`;
      const room = panel.taken + BETWEEN - 6;
      context.fillText(fitting(context, panel.title, room), panel.x, panel.y - 20, room);
      context.font = `11px ${view.theme.font}`;
      context.globalAlpha = 0.75;
      context.fillText(fitting(context, panel.subtitle, room), panel.x, panel.y - 6, room);
      context.globalAlpha = 1;
      if (panel.kind === "layer") paintLayer(context, panel);
      else paintPicture(context, panel);
      paintEdge(context, panel, i < view.panels.length - 1);
    });
    paintAnswer();
    requestAnimationFrame(() => {
      performance.clearMarks("network-painted");
      performance.mark("network-painted");  // the benchmark measures up to here
    });
  }

  // The shape that leaves a panel, and the edge to the next one on which it stands.
  function paintEdge(context, panel, goesOn) {
    const y = panel.y + panel.height + 9;
    const end = Math.min(panel.x + panel.taken + BETWEEN, view.size[0]) - 5;
    context.strokeStyle = context.fillStyle = view.theme.text;
    context.font = `12px ${view.theme.font}`;
    context.fillText(panel.shapeText, panel.x, y + 14);
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

  // ── pointing ───────────────────────────────────────────────────────────────────────────────────

  function cellAt(event) {
    const box = maps.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    for (const panel of view.panels) {
      if (px < panel.x || py < panel.y || px >= panel.x + panel.width || py >= panel.y + panel.height) continue;
      if (panel.kind === "picture") {
        return {
          panel, channel: 0,
          column: Math.floor(((px - panel.x) / panel.width) * panel.columnsOfPixels),
          row: Math.floor(((py - panel.y) / panel.height) * panel.rowsOfPixels),
        };
      }
      const [channels, height, width] = panel.shape;
      const [across, down] = [panel.mapWidth + GAP, panel.mapHeight + GAP];
      const channel = Math.floor((py - panel.y) / down) * panel.columns + Math.floor((px - panel.x) / across);
      const [inX, inY] = [(px - panel.x) % across, (py - panel.y) % down];
      if (channel >= channels || inX >= panel.mapWidth || inY >= panel.mapHeight) return null;
      return { panel, channel, row: Math.floor((inY / panel.mapHeight) * height), column: Math.floor((inX / panel.mapWidth) * width) };
    }
    return null;
  }

  function mark() {
    const context = sizeCanvas(marks, ...view.size);
    context.clearRect(0, 0, ...view.size);
    for (const [spot, colour] of [[view.pinned, view.theme.text], [view.pointed, view.theme.primary]]) {
      if (!spot) continue;
      const { panel } = spot;
      const picture = panel.kind === "picture";
      const [x, y] = picture ? [panel.x, panel.y] : mapCorner(panel, spot.channel);
      const [w, h] = picture ? [panel.width, panel.height] : [panel.mapWidth, panel.mapHeight];
      const [rows, columns] = picture ? [panel.rowsOfPixels, panel.columnsOfPixels] : panel.shape.slice(1);
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.strokeRect(x - 1, y - 1, w + 2, h + 2);
      const [cw, ch] = [w / columns, h / rows];
      if (rows * columns > 1) context.strokeRect(x + spot.column * cw - 1, y + spot.row * ch - 1, cw + 2, ch + 2);
    }
  }

  function explain() {
    const spot = view.pointed ?? view.pinned;
    const set = (selector, text) => { find(selector).textContent = text; };
    const ticks = find(".ticks").children;
    const side = zoom.clientWidth;
    const context = sizeCanvas(zoom, side, side);
    context.clearRect(0, 0, side, side);
    context.imageSmoothingEnabled = false;
    openButton.hidden = !(view.header.follow && view.pinned?.panel.kind === "layer");
    legend.style.visibility = spot?.panel.kind === "layer" ? "visible" : "hidden";
    for (const tick of ticks) tick.textContent = "";
    if (!spot) {
      set(".where", view.header.invitation);
      set(".value", "");
      set(".range", "");
      return;
    }
    const { panel, channel, row, column } = spot;
    const picture = panel.kind === "picture";
    const [height, width] = picture ? [panel.rowsOfPixels, panel.columnsOfPixels] : panel.shape.slice(1);
    const scale = side / Math.max(height, width);
    const [w, h] = [width * scale, height * scale];
    const [x, y] = [(side - w) / 2, (side - h) / 2];
    if (picture) context.drawImage(pictureCanvas(panel), x, y, w, h);
    else context.drawImage(buffers.get(panel.key).canvas, 0, channel * height, width, height, x, y, w, h);
    context.strokeStyle = view.theme.primary;
    context.lineWidth = 2;
    context.strokeRect(x + column * scale, y + row * scale, Math.max(scale, 3), Math.max(scale, 3));
    if (picture) {
      const at = (row * width + column) * panel.planes;
      const values = [...view.arrays[panel.array].subarray(at, at + panel.planes)];
      set(".where", `${panel.title} · row ${row}, column ${column}`);
      set(".value", values.join(", "));
      set(".range", panel.planes === 3 ? "red, green, blue, 0 to 255" : "0 is black, 255 is white");
      return;
    }
    const value = view.values[panel.start + (channel * height + row) * width + column];
    const place = height * width > 1 ? ` · row ${row}, column ${column}` : "";
    maps.title = panel.title.length > LONGEST ? panel.title : "";  // the whole of it, for who points at a map
    set(".where", `${shortened(panel.title, LONGEST)} · ${height * width > 1 ? "channel" : "unit"} ${panel.channels[channel]}${place}`);
    set(".value", number(value));
    const [low, high] = height * width > 1
      ? [panel.lows[channel], panel.highs[channel]]
      : [Math.min(...panel.lows), Math.max(...panel.highs)];
    set(".range", `this ${height * width > 1 ? "map" : "layer"}: ${number(low)} to ${number(high)}`);
    const [from, to] = rangeOf(panel, channel);
    [from, (from + to) / 2, to].forEach((tick, i) => { ticks[i].textContent = number(tick); });
    const bar = sizeCanvas(legend, legend.clientWidth, legend.clientHeight);
    const table = view.tables[panel.signed ? "diverging" : "sequential"];
    for (let i = 0; i < 256; i++) {
      bar.fillStyle = `rgb(${table[i] & 255}, ${(table[i] >> 8) & 255}, ${(table[i] >> 16) & 255})`;
      bar.fillRect((legend.clientWidth * i) / 256, 0, legend.clientWidth / 256 + 0.5, legend.clientHeight);
    }
  }

  function point(spot) {
    view.pointed = spot;
    mark();
    explain();
  }

  function pin(spot) {
    view.pinned = spot;
    mark();
    explain();
    if (spot?.panel.kind === "layer") view.choose({ layer: spot.panel.key, channel: spot.panel.channels[spot.channel] });
  }

  // The same spot in the panels of a new picture or a new layout; null where it is gone.
  function again(spot) {
    const panel = spot && view.panels.find(({ key }) => key === spot.panel.key);
    if (!panel) return null;
    if (panel.kind === "layer" && spot.channel >= panel.shape[0]) return null;
    const [rows, columns] = panel.kind === "layer" ? panel.shape.slice(1) : [panel.rowsOfPixels, panel.columnsOfPixels];
    return { ...spot, panel, row: Math.min(spot.row, rows - 1), column: Math.min(spot.column, columns - 1) };
  }

  function step(rows, columns) {
    const spot = view.pointed ?? view.pinned ?? startSpot();
    if (!spot || spot.panel.kind !== "layer") return point(startSpot());
    const [channels, height, width] = spot.panel.shape;
    let { channel, row, column } = spot;
    [row, column] = [row + rows, column + columns];
    if (column < 0 || column >= width) [channel, column] = [channel + Math.sign(columns), column < 0 ? width - 1 : 0];
    if (row < 0 || row >= height) [channel, row] = [channel + Math.sign(rows) * spot.panel.columns, row < 0 ? height - 1 : 0];
    if (channel >= 0 && channel < channels) point({ ...spot, channel, row, column });
  }

  function startSpot() {
    const panel = view.panels.find(({ kind }) => kind === "layer");
    return panel ? { panel, channel: 0, row: 0, column: 0 } : null;
  }

  function stepLayer(by) {
    const layers = view.panels.filter(({ kind }) => kind === "layer");
    const at = layers.indexOf((view.pointed ?? view.pinned)?.panel);
    const panel = layers[Math.max(0, Math.min(layers.length - 1, at + by))];
    if (panel) point({ panel, channel: 0, row: 0, column: 0 });
  }

  const keys = {
    ArrowUp: () => step(-1, 0), ArrowDown: () => step(1, 0), ArrowLeft: () => step(0, -1), ArrowRight: () => step(0, 1),
    PageUp: () => stepLayer(-1), PageDown: () => stepLayer(1),
    Enter: () => view.pointed && pin(view.pointed), Escape: () => { pin(null); point(null); },
  };
  maps.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  maps.addEventListener("pointermove", (event) => point(cellAt(event)));
  maps.addEventListener("pointerleave", () => point(null));
  maps.addEventListener("click", (event) => pin(cellAt(event)));
  scope.addEventListener("change", () => { paint(); explain(); });
  openButton.addEventListener("click", () => view.follow({ layer: view.pinned.panel.key, channel: view.pinned.panel.channels[view.pinned.channel] }));

  // Only the width is given from outside; the height is our own, and must not set off another round.
  const resize = new ResizeObserver(() => view.header && find(".stage").clientWidth !== view.size?.[0] && refresh());
  resize.observe(find(".stage"));

  function refresh() {
    if (!layOut()) return;
    view.pinned = again(view.pinned);
    view.pointed = again(view.pointed);
    paint();
    mark();
    explain();
  }

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  view.receive = (data) => {
    const { header, arrays } = unpack(data);
    const [levels, values] = arrays;
    Object.assign(view, { header, arrays, levels, values, theme: readTheme(maps) });
    const { sequential, diverging } = header.colours[view.theme.dark ? "dark" : "light"];
    view.tables = { sequential: colourTable(sequential), diverging: colourTable(diverging) };
    view.panels = createPanels(header);
    if (header.pinned && !view.panels.some(({ key }) => key === view.pinned?.panel.key)) {
      const channels = header.layers.find(({ name }) => name === header.pinned.layer)?.channels ?? [];
      const channel = channels.indexOf(header.pinned.channel);
      if (channel >= 0) view.pinned = { panel: { key: header.pinned.layer }, channel, row: 0, column: 0 };
    }
    openButton.textContent = header.follow || "";
    scope.options[2].textContent = header.everything;
    find(".best").textContent = header.best;
    find(".best").classList.toggle("long", header.best.length > 20);
    find(".note").textContent = header.note;
    maps.setAttribute("aria-label", header.label);
    refresh();
  };
  view.remove = () => resize.disconnect();
  return view;
}
