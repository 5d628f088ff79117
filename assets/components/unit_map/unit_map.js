// One map of numbers: pointing reads a number, a click chooses its unit. Python sends the numbers and the chosen unit.

import { contextOf, sizeCanvas } from "../shared/canvas.js";
import { colourTables, levelOf, readTheme } from "../shared/colours.js";
import { finder, later } from "../shared/dom.js";
import { hearWhileFocused, listenForCursor, within } from "../shared/keys.js";
import { paintLegend } from "../shared/legend.js";
import { clamp, number } from "../shared/numbers.js";
import { followSigns, markSigns } from "../shared/signs.js";
import { unpack } from "../shared/wire.js";

/** @import { Component, Message, Numbers, Pointer, Spot, Theme, ThemedScales } from "../shared/types.js" */

const UNIT_MAPS = new WeakMap();
const [LEAST, LARGEST_CELL] = [120, 64]; // CSS pixels: a height that is worth fitting into; a unit's side
const UNGIVEN = 320; // the height where nobody gives one

/**
 * row, column: of the chosen unit; length: how many cells are units, where the map is a row of units broken into lines.
 * @typedef {{rows: number, columns: number, row: number, column: number, low: number, high: number, signed: boolean,
 *   length: number | null, label: string, node: unknown, colours: ThemedScales}} Header
 */

/** @param {Component} component */
export default function ({ parentElement, data, setTriggerValue }) {
  /** @type {ReturnType<typeof createUnitMap>} */
  const view = UNIT_MAPS.get(parentElement) ?? createUnitMap(parentElement);
  UNIT_MAPS.set(parentElement, view);
  view.send = (spot) => setTriggerValue("unit", spot);
  view.receive(data);
  return () => view.remove();
}

/** @param {ParentNode} root */
function createUnitMap(root) {
  const { find, canvas } = finder(root);
  const [map, marks, legend] = [".map", ".marks", ".legend"].map(canvas);
  const stage = find(".stage");
  const picture = document.createElement("canvas"); // one pixel a unit
  const view = {
    header: /** @type {Header} */ (later()),
    values: /** @type {Numbers} */ (later()),
    theme: /** @type {Theme} */ (later()),
    pointed: /** @type {Spot | null} */ (null),
    cell: 0,
    size: /** @type {[number, number] | null} */ (null),
    /** @type {(unit: Spot & {node: unknown}) => void} */
    send: () => {},
    receive,
    remove() {
      resize.disconnect();
      stopFollowing();
    },
  };

  const tableOf = () => colourTables(view.header.colours, view.theme)[view.header.signed ? "diverging" : "sequential"];

  function paintPicture() {
    const { rows, columns, low, high } = view.header;
    const table = tableOf();
    [picture.width, picture.height] = [columns, rows];
    const context = contextOf(picture);
    const image = context.createImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    const top = high > low ? high : low + 1;
    for (let i = 0; i < words.length; i++) words[i] = table[levelOf(view.values[i], low, top) || 0]; // 0: no number
    context.putImageData(image, 0, 0);
    find(".low").textContent = number(low);
    find(".high").textContent = number(high);
  }

  function layOut() {
    const [width, given] = [stage.clientWidth, stage.clientHeight];
    if (!width || !view.header) return false;
    const { rows, columns } = view.header;
    const fitting = Math.min(width / columns, (given >= LEAST ? given : UNGIVEN) / rows, LARGEST_CELL);
    view.cell = fitting >= 4 ? Math.floor(fitting) : fitting;
    view.size = [columns * view.cell, rows * view.cell];
    stage.style.minHeight = given >= LEAST ? "" : `${view.size[1]}px`;
    return true;
  }

  function paint() {
    if (!layOut() || !view.size) return;
    const context = sizeCanvas(map, ...view.size);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0, ...view.size);
    const { rows, columns, signed, high } = view.header;
    const [width, height] = view.size;
    const whole = { x: 0, y: 0, width, height, rows, columns, reach: high };
    if (signed) markSigns(context, whole, (row, column) => view.values[row * columns + column], view.theme);
    paintLegend(legend, tableOf(), signed, view.theme);
    context.strokeStyle = view.theme.border;
    context.strokeRect(0.5, 0.5, view.size[0] - 1, view.size[1] - 1);
    mark(view.size);
  }

  /** @param {[number, number]} size */
  function mark(size) {
    const context = sizeCanvas(marks, ...size);
    context.clearRect(0, 0, ...size);
    const { row, column } = view.header;
    const spots = /** @type {const} */ ([
      [{ row, column }, view.theme.primary],
      [view.pointed, view.theme.text],
    ]);
    for (const [spot, colour] of spots) {
      if (!spot) continue;
      const side = Math.max(view.cell, 6);
      const [x, y] = [(spot.column + 0.5) * view.cell - side / 2, (spot.row + 0.5) * view.cell - side / 2];
      context.strokeStyle = view.theme.background;
      context.lineWidth = 4;
      context.strokeRect(x, y, side, side);
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.strokeRect(x, y, side, side);
    }
    const spot = view.pointed ?? { row, column };
    const { length, columns } = view.header;
    const index = spot.row * columns + spot.column;
    const place = length === null ? `row ${spot.row}, column ${spot.column}` : `unit ${index}`;
    find(".readout").textContent =
      length !== null && index >= length ? "\u00a0" : `${place}: ${number(view.values[index])}`;
  }

  /** @param {Spot | null} spot */
  function point(spot) {
    view.pointed = spot;
    if (view.size) mark(view.size);
  }

  /** @param {Pointer} event */
  function at(event) {
    const [x, y] = within(event, map);
    const { rows, columns } = view.header;
    const row = clamp(Math.floor(y / view.cell), 0, rows - 1);
    return { row, column: clamp(Math.floor(x / view.cell), 0, columns - 1) };
  }

  /** @param {Spot | null} spot */
  const choose = (spot) => spot && view.send({ ...spot, node: view.header.node });
  map.addEventListener("pointermove", (event) => point(at(event)));
  map.addEventListener("pointerleave", () => point(null));
  map.addEventListener("click", (event) => choose(at(event)));
  hearWhileFocused(map, find(".readout"));
  listenForCursor(map, {
    move([rows, columns]) {
      const from = view.pointed ?? view.header;
      const row = clamp(from.row + rows, 0, view.header.rows - 1);
      point({ row, column: clamp(from.column + columns, 0, view.header.columns - 1) });
    },
    open: () => choose(view.pointed),
    leave: () => point(null),
  });
  const resize = new ResizeObserver(() => view.header && paint());
  resize.observe(stage);
  const stopFollowing = followSigns(() => view.header && paint());

  /** @param {Uint8Array} data */
  function receive(data) {
    /** @type {Message<Header>} */
    const { header, arrays } = unpack(data);
    Object.assign(view, { header, values: arrays[0], pointed: null, theme: readTheme(map) });
    map.setAttribute("aria-label", `${header.label} Arrow keys move, Enter chooses a unit.`);
    paintPicture();
    paint();
  }

  return view;
}
