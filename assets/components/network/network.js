// A whole network on one canvas. Python sends every map once; pointing, scaling and enlarging happen here.

import { sizeCanvas } from "../shared/canvas.js";
import { colourTables, readTheme } from "../shared/colours.js";
import { finder, later } from "../shared/dom.js";
import { ARROWS, hearWhileFocused, within } from "../shared/keys.js";
import { clamp } from "../shared/numbers.js";
import { followSigns } from "../shared/signs.js";
import { unpack } from "../shared/wire.js";
import { paintAnswer } from "./answer.js";
import { BETWEEN, cellsOf, createPanels, placeBest, spotUnder } from "./layout.js";
import { fitting } from "./names.js";
import { createPainting } from "./painting.js";
import { createReading } from "./reading.js";

/** @import { Component, Message, Pointer } from "../shared/types.js" */
/** @import { Header, LayerPanel, MapSpot, View } from "./types.js" */

const NETWORKS = new WeakMap();
const LEAST = 130; // CSS pixels of height, less is not worth fitting into

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  /** @type {View} */
  const view = NETWORKS.get(parentElement) ?? createView(parentElement);
  NETWORKS.set(parentElement, view);
  view.choose = (chosen) => setStateValue("chosen", chosen);
  view.follow = (chosen) => setTriggerValue("followed", chosen);
  view.receive(data);
  return () => view.remove();
}

/** @param {ParentNode} root */
function createView(root) {
  const { find, canvas, of } = finder(root);
  const [maps, marks, bars] = [".maps", ".marks", ".bars"].map(canvas);
  const scope = of("select", HTMLSelectElement);
  const [openButton, stage] = [find(".open"), find(".stage")];
  /** @type {View} */
  const view = {
    header: later(),
    arrays: [],
    panels: [],
    levels: later(),
    values: later(),
    tables: later(),
    theme: later(),
    pointed: null,
    pinned: null,
    size: [0, 0],
    room: [0, 0],
    scope: scope.value,
    choose: () => {},
    follow: () => {},
    receive,
    remove() {
      resize.disconnect();
      stopFollowing();
    },
  };
  const painting = createPainting(view);
  const { paintLayer, mapCorner, paintPicture, paintEdge } = painting;
  const read = createReading(root, view, painting);

  const layers = () => view.panels.filter((panel) => panel.kind === "layer");
  /**
   * @param {LayerPanel} panel
   * @param {number} channel
   */
  const channelOf = (panel, channel) => ({ layer: panel.key, channel: panel.channels[channel] });

  /** The width and height that there is for the maps; where nobody gives a height, two thirds of the window. */
  function measure() {
    stage.style.minHeight = "0";
    const given = stage.clientHeight;
    return [stage.clientWidth, given >= LEAST ? given : window.innerHeight * 0.66];
  }

  function layOut() {
    const [width, room] = measure();
    if (!width) return false;
    const height = placeBest(view.panels, width, room, view.header.tall);
    stage.style.minHeight = `${height}px`; // what does not fit makes the page scroll
    sizeCanvas(maps, width, height);
    sizeCanvas(marks, width, height);
    view.size = [width, height];
    view.room = [width, room];
    return true;
  }

  // ── painting ───────────────────────────────────────────────────────────────────────────────────

  function paint() {
    const context = sizeCanvas(maps, ...view.size);
    context.clearRect(0, 0, ...view.size);
    context.imageSmoothingEnabled = false;
    view.panels.forEach((panel, i) => {
      context.textAlign = "left";
      context.fillStyle = view.theme.text;
      context.font = `600 14px ${view.theme.font}`;
      const room = panel.taken + BETWEEN - 6;
      context.fillText(fitting(context, panel.title, room), panel.x, panel.y - 25, room);
      context.font = `14px ${view.theme.font}`;
      context.globalAlpha = 0.75;
      context.fillText(fitting(context, panel.subtitle, room), panel.x, panel.y - 8, room);
      context.globalAlpha = 1;
      if (panel.kind === "layer") paintLayer(context, panel);
      else paintPicture(context, panel);
      paintEdge(context, panel, i < view.panels.length - 1);
    });
    paintAnswer(bars, view.header.answer, view.theme);
    requestAnimationFrame(() => {
      performance.clearMarks("network-painted");
      performance.mark("network-painted"); // the benchmark measures up to here
    });
  }

  // ── pointing ───────────────────────────────────────────────────────────────────────────────────

  /** @param {Pointer} event */
  const cellAt = (event) => spotUnder(view.panels, ...within(event, maps));

  function mark() {
    const context = sizeCanvas(marks, ...view.size);
    context.clearRect(0, 0, ...view.size);
    const spots = /** @type {const} */ ([
      [view.pinned, view.theme.text],
      [view.pointed, view.theme.primary],
    ]);
    for (const [spot, colour] of spots) {
      if (!spot) continue;
      const { panel } = spot;
      const [x, y] = panel.kind === "picture" ? [panel.x, panel.y] : mapCorner(panel, spot.channel);
      const [w, h] = panel.kind === "picture" ? [panel.width, panel.height] : [panel.mapWidth, panel.mapHeight];
      const [rows, columns] = cellsOf(panel);
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.strokeRect(x - 1, y - 1, w + 2, h + 2);
      const [cw, ch] = [w / columns, h / rows];
      if (rows * columns > 1) context.strokeRect(x + spot.column * cw - 1, y + spot.row * ch - 1, cw + 2, ch + 2);
    }
  }

  function explain() {
    openButton.hidden = !(view.header.follow && view.pinned?.panel.kind === "layer");
    read();
  }

  /** @param {MapSpot | null} spot */
  function point(spot) {
    view.pointed = spot;
    mark();
    explain();
  }

  /** @param {MapSpot | null} spot */
  function pin(spot) {
    view.pinned = spot;
    mark();
    explain();
    if (spot?.panel.kind === "layer") view.choose(channelOf(spot.panel, spot.channel));
  }

  /**
   * The same spot in the panels of a new picture or a new layout; null where it is gone.
   * @param {MapSpot | null} spot
   */
  function again(spot) {
    const panel = spot && view.panels.find(({ key }) => key === spot.panel.key);
    if (!panel || (panel.kind === "layer" && spot.channel >= panel.shape[0])) return null;
    const [rows, columns] = cellsOf(panel);
    return { ...spot, panel, row: Math.min(spot.row, rows - 1), column: Math.min(spot.column, columns - 1) };
  }

  /**
   * @param {number} rows
   * @param {number} columns
   */
  function step(rows, columns) {
    const spot = view.pointed ?? view.pinned ?? startSpot();
    if (!spot || spot.panel.kind !== "layer") return point(startSpot());
    const [channels, height, width] = spot.panel.shape;
    let { channel, row, column } = spot;
    [row, column] = [row + rows, column + columns];
    if (column < 0 || column >= width) [channel, column] = [channel + Math.sign(columns), column < 0 ? width - 1 : 0];
    const below = channel + Math.sign(rows) * spot.panel.columns;
    if (row < 0 || row >= height) [channel, row] = [below, row < 0 ? height - 1 : 0];
    if (channel >= 0 && channel < channels) point({ ...spot, channel, row, column });
  }

  function startSpot() {
    const [panel] = layers();
    return panel ? { panel, channel: 0, row: 0, column: 0 } : null;
  }

  /** @param {number} by */
  function stepLayer(by) {
    const now = (view.pointed ?? view.pinned)?.panel;
    const all = layers();
    const at = all.findIndex((panel) => panel === now);
    const panel = all[clamp(at + by, 0, all.length - 1)];
    if (panel) point({ panel, channel: 0, row: 0, column: 0 });
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    PageUp: () => stepLayer(-1),
    PageDown: () => stepLayer(1),
    Enter: () => view.pointed && pin(view.pointed),
    Escape() {
      pin(null);
      point(null);
    },
  };
  maps.addEventListener("keydown", (event) => {
    if (ARROWS[event.key]) step(...ARROWS[event.key]);
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });
  hearWhileFocused(maps, find(".reading"));
  maps.addEventListener("pointermove", (event) => point(cellAt(event)));
  maps.addEventListener("pointerleave", () => point(null));
  maps.addEventListener("click", (event) => pin(cellAt(event)));
  scope.addEventListener("change", () => {
    view.scope = scope.value;
    paint();
    explain();
  });
  openButton.addEventListener("click", () => {
    if (view.pinned?.panel.kind === "layer") view.follow(channelOf(view.pinned.panel, view.pinned.channel));
  });

  // What is given from outside may change; a height of our own must not set off another round.
  const resize = new ResizeObserver(() => {
    if (!view.header) return;
    const kept = stage.style.minHeight;
    const [width, room] = measure();
    stage.style.minHeight = kept;
    if (width !== view.room[0] || Math.abs(room - view.room[1]) > 1) refresh();
  });
  resize.observe(stage);
  resize.observe(find(".network")); // which may shrink while the maps still hold their place
  const stopFollowing = followSigns(() => view.size[0] && refresh());

  function refresh() {
    if (!layOut()) return;
    view.pinned = again(view.pinned);
    view.pointed = again(view.pointed);
    paint();
    mark();
    explain();
  }

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  /** @param {Uint8Array} data */
  function receive(data) {
    /** @type {Message<Header>} */
    const { header, arrays } = unpack(data);
    const [levels, values] = arrays;
    const theme = readTheme(maps);
    Object.assign(view, { header, arrays, levels, values, theme, tables: colourTables(header.colours, theme) });
    view.panels = createPanels(header);
    const { pinned } = header;
    if (pinned && !view.panels.some(({ key }) => key === view.pinned?.panel.key)) {
      const panel = layers().find(({ key }) => key === pinned.layer);
      const channel = panel?.channels.indexOf(pinned.channel) ?? -1;
      if (panel && channel >= 0) view.pinned = { panel, channel, row: 0, column: 0 };
    }
    openButton.textContent = header.follow || "";
    scope.options[2].textContent = `Colours: ${header.everything}`;
    find(".best").textContent = header.best;
    find(".best").classList.toggle("long", header.best.length > 20);
    find(".note").textContent = header.note;
    maps.setAttribute("aria-label", header.label);
    refresh();
  }

  return view;
}
