// A picture before and after a kernel, with a divider to drag, and the kernel's cells under the window that is pointed at.
// Python sends both pictures and the kernel once; pointing, dragging and the window's products happen here.

import { fillPicture, sizeCanvas } from "../shared/canvas.js";
import { readTheme } from "../shared/colours.js";
import { finder, later } from "../shared/dom.js";
import { ARROWS, hearWhileFocused, used, within } from "../shared/keys.js";
import { clamp } from "../shared/numbers.js";
import { unpack } from "../shared/wire.js";
import { createComparePanel, panelWidth } from "./panel.js";

/** @import { Component, Message, Pointer, Spot } from "../shared/types.js" */
/** @import { Header, View } from "./types.js" */

const COMPARES = new WeakMap();
const BETWEEN = 24; // CSS pixels between picture and panel
const AROUND = 52; // what stands above and below the picture
const LEAST = 300; // of the picture's room, either way: with less the panel stands below

/** @param {Component} component */
export default function ({ parentElement, data, setTriggerValue }) {
  /** @type {View} */
  const view = COMPARES.get(parentElement) ?? createCompare(parentElement);
  COMPARES.set(parentElement, view);
  view.send = (edit) => setTriggerValue("edited", edit);
  view.receive(data);
  return () => view.remove();
}

/** @param {ParentNode} root */
function createCompare(root) {
  const { find, canvas } = finder(root);
  const [stage, frame, divider] = [".stage", ".frame", ".divider"].map(find);
  const [picture, marks] = [canvas(".picture"), canvas(".marks")];
  // [before, after]: `whole` one pixel a pixel, `scaled` as large as on the screen
  const [whole, scaled] = [0, 1].map(() => [0, 1].map(() => document.createElement("canvas")));
  /** @type {View} */
  const view = {
    header: later(),
    before: later(),
    shown: later(),
    kernel: later(),
    theme: later(),
    at: 0.5,
    pointed: null,
    chosen: later(),
    plane: 0,
    width: 0,
    height: 0,
    scale: 1,
    digits: 3,
    send: () => {},
    receive,
    remove: () => resize.disconnect(),
  };

  const { buildPanel, sizeCells, explain } = createComparePanel(root, view);

  // ── drawing ────────────────────────────────────────────────────────────────────────────────────

  function layOut() {
    const room = stage.clientWidth;
    if (!room || !view.header) return false;
    const { rows, columns, kernelColumns } = view.header;
    const panel = panelWidth(kernelColumns, room);
    const narrow = room < panel + BETWEEN + LEAST;
    stage.classList.toggle("narrow", narrow);
    const tallest = Math.max(LEAST, narrow ? window.innerHeight / 2 : stage.clientHeight - AROUND);
    const scale = Math.min((narrow ? room : room - panel - BETWEEN) / columns, tallest / rows);
    const [width, height] = [columns, rows].map((size) => Math.max(1, Math.round(size * scale)));
    Object.assign(view, { scale, width, height });
    find(".side").style.width = `${narrow ? room : Math.max(view.width, LEAST)}px`;
    find(".panel").style.width = `${panel}px`;
    sizeCells(panel);
    frame.style.width = `${view.width}px`;
    find(".titles").style.width = `${Math.max(view.width, LEAST)}px`;
    for (const i of [0, 1]) {
      const context = sizeCanvas(scaled[i], view.width, view.height);
      context.imageSmoothingEnabled = scale < 1;
      context.imageSmoothingQuality = "high";
      context.drawImage(whole[i], 0, 0, view.width, view.height);
    }
    return true;
  }

  function paint() {
    const context = sizeCanvas(picture, view.width, view.height);
    const cut = Math.round(view.at * view.width);
    context.drawImage(scaled[1], 0, 0, view.width, view.height);
    context.save();
    context.beginPath();
    context.rect(0, 0, cut, view.height);
    context.clip();
    context.drawImage(scaled[0], 0, 0, view.width, view.height);
    context.restore();
    divider.style.left = `${cut}px`;
    const percent = Math.round(view.at * 100);
    divider.setAttribute("aria-valuenow", String(percent));
    divider.setAttribute("aria-valuetext", `${percent} % before, ${100 - percent} % after`);
  }

  function mark() {
    const context = sizeCanvas(marks, view.width, view.height);
    context.clearRect(0, 0, view.width, view.height);
    const { row, column } = view.pointed ?? view.chosen;
    const { kernelRows, kernelColumns } = view.header;
    const s = view.scale;
    const [top, left] = [row - Math.floor((kernelRows - 1) / 2), column - Math.floor((kernelColumns - 1) / 2)];
    const grow = Math.max(0, 9 - kernelColumns * s) / 2; // a window of few screen pixels is still found
    const [wide, tall] = [kernelColumns, kernelRows].map((size) => size * s + 2 + 2 * grow);
    const lines = /** @type {const} */ ([
      ["rgba(0, 0, 0, 0.8)", 4],
      [view.pointed ? view.theme.primary : "#ffffff", 2],
    ]);
    for (const [colour, width] of lines) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(left * s - 1 - grow, top * s - 1 - grow, wide, tall);
    }
  }

  // ── pointing, dragging, keys ───────────────────────────────────────────────────────────────────

  /** @param {Pointer} event */
  function pixelAt(event) {
    const [x, y] = within(event, picture);
    const row = clamp(Math.floor(y / view.scale), 0, view.header.rows - 1);
    return { row, column: clamp(Math.floor(x / view.scale), 0, view.header.columns - 1) };
  }

  /** @param {Spot | null} spot */
  function point(spot) {
    view.pointed = spot;
    mark();
    explain();
  }

  /** @param {number} to */
  function moveDivider(to) {
    view.at = clamp(to, 0, 1);
    paint();
  }

  picture.addEventListener("pointermove", (event) => point(pixelAt(event)));
  picture.addEventListener("pointerleave", () => point(null));
  picture.addEventListener("click", (event) => {
    view.chosen = pixelAt(event);
    point(view.chosen);
  });
  divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    moveDivider(within(event, picture)[0] / view.width);
  });
  divider.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.1 : 0.01;
    const [less, more] = [view.at - step, view.at + step];
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: less, ArrowDown: less, ArrowRight: more, ArrowUp: more, Home: 0, End: 1 };
    if (places[event.key] === undefined) return;
    used(event);
    moveDivider(places[event.key]);
  });
  hearWhileFocused(picture, find(".reading"));
  picture.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    const now = view.pointed ?? view.chosen;
    const step = event.shiftKey ? 10 : 1;
    if (by) {
      const row = clamp(now.row + by[0] * step, 0, view.header.rows - 1);
      point({ row, column: clamp(now.column + by[1] * step, 0, view.header.columns - 1) });
    } else if (event.key === "Enter") {
      view.chosen = now;
      point(null);
    } else if (event.key === "Escape") point(null);
    else return;
    used(event);
  });

  const resize = new ResizeObserver(() => refresh());
  resize.observe(find(".compare"));

  function refresh() {
    if (!layOut()) return;
    paint();
    mark();
    explain();
  }

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  /** @param {Uint8Array} data */
  function receive(data) {
    /** @type {Message<Header>} */
    const { header, arrays } = unpack(data);
    const [before, shown, kernel] = arrays;
    const other = view.header?.digest !== header.digest;
    Object.assign(view, { header, before, shown, kernel, theme: readTheme(picture) });
    const { rows, columns, planes } = header;
    if (other) {
      fillPicture(whole[0], before, rows, columns, planes);
      Object.assign(view, { pointed: null, chosen: { row: rows >> 1, column: Math.floor(0.7 * columns) }, plane: 0 });
    }
    fillPicture(whole[1], shown, rows, columns, planes);
    find(".before-title").textContent = header.before;
    find(".after-title").textContent = header.after;
    find(".legend").textContent = header.legend;
    buildPanel();
    refresh();
  }

  return view;
}
