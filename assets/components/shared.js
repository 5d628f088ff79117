// What every component of the explorer shares. Prepended to each component's own file: no build step, no imports.

// Unpack what explorer/live/wire.py packed: a JSON header, then the arrays it lists, each aligned to four bytes.
function unpack(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = 4 + length;
  const arrays = header.arrays.map(({ offset, length, type }) => {
    const from = start + offset;
    if (type === "uint8") return bytes.subarray(from, from + length);
    const [Kind, size] = type === "float32" ? [Float32Array, 4] : [Float64Array, 8];
    return new Kind(bytes.slice(from, from + size * length).buffer);  // a copy, because its place may be unaligned
  });
  return { header, arrays };
}

// "rgb(1, 2, 3)" or "#rrggbb" → [r, g, b]
function parseColour(text) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = text;
  const hex = probe.fillStyle;
  if (hex.startsWith("#")) return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return hex.match(/[\d.]+/g).slice(0, 3).map(Number);
}

// The theme's colours as the browser resolved them, and whether it is a dark theme.
function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = read("--st-background-color", "#ffffff");
  const [r, g, b] = parseColour(background);
  return {
    background,
    text: read("--st-text-color", "#31333f"),
    primary: read("--st-primary-color", "#ff4b4b"),
    border: read("--st-border-color", "#d0d0d8"),
    panel: read("--st-secondary-background-color", "#f0f2f6"),
    font: read("--st-font", "sans-serif"),
    dark: 0.299 * r + 0.587 * g + 0.114 * b < 128,
  };
}

// Anchor colours ["#rrggbb", …] → 256 little-endian RGBA words, ready for a Uint32Array over ImageData.
function colourTable(anchors) {
  const colours = anchors.map(parseColour);
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (colours.length - 1);
    const low = Math.min(Math.floor(at), colours.length - 2);
    const mix = colours[low].map((c, k) => Math.round(c + (at - low) * (colours[low + 1][k] - c)));
    table[i] = (255 << 24) | (mix[2] << 16) | (mix[1] << 8) | mix[0];
  }
  return table;
}

// Whole numbers as they are, others with four significant digits; a real minus sign: 12, 0.1234, −12.30
function number(value) {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value).replace("-", "−");
  const size = Math.abs(value);
  const text = size >= 1000 || size < 0.001 ? value.toExponential(2) : value.toPrecision(4);
  return text.replace("-", "−");
}

// Size a canvas in CSS pixels with a backing store that is sharp on this screen; returns its context, scaled.
function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
