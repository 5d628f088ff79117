// A picture as numbers. Python sends all pixels once; moving the region, pointing and zooming happen here.

import { sizeCanvas } from "../shared/canvas.js";
import { readTheme } from "../shared/colours.js";
import { finder, later } from "../shared/dom.js";
import { ARROWS, used, within } from "../shared/keys.js";
import { clamp } from "../shared/numbers.js";
import { unpack } from "../shared/wire.js";
import { followFingers, heldOnGrid, heldOnPicture } from "./fingers.js";
import { layoutOf, pixelUnder, placeGrids, readableSide } from "./layout.js";
import { createPainting } from "./painting.js";
import { createReading } from "./reading.js";
import { longestSide, moved, resized, showing } from "./region.js";

/** @import { Component, Message, Pointer, Spot } from "../shared/types.js" */
/** @import { Header, Look, PlaneGrid, Region, View } from "./types.js" */

const PIXELS = new WeakMap();
/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  /** @type {View} */
  const view = PIXELS.get(parentElement) ?? createPixels(parentElement);
  PIXELS.set(parentElement, view);
  view.send = setStateValue;
  view.receive(data);
  return () => view.remove();
}

/** @param {ParentNode} root */
function createPixels(root) {
  const { find, canvas, input } = finder(root);
  const [overview, overviewMarks] = [canvas(".overview"), canvas(".overview-marks")];
  const [grids, gridMarks] = [canvas(".grids"), canvas(".grids-marks")];
  const slider = input("input");
  const whole = document.createElement("canvas"); // the picture, one pixel a pixel
  /** @type {View} */
  const view = {
    header: later(),
    pixels: later(),
    theme: later(),
    region: later(),
    sized: false,
    grids: [],
    pointed: null,
    chosen: later(),
    apart: true,
    grey: false,
    plane: -1,
    frame: 0,
    scale: 1,
    gridsSize: null,
    overviewSize: [1, 1],
    send: () => {},
    receive,
    remove,
  };
  const painting = createPainting(view);
  const { colour, paintWhole, paintGrid } = painting;
  const { mark, explain } = createReading(root, view, painting);

  // ── the region ─────────────────────────────────────────────────────────────────────────────────

  /** @param {Region} region */
  function take(region) {
    view.region = region;
    slider.max = String(longestSide(view.header));
    slider.value = String(region.side);
    find("output").textContent = `${region.rows}×${region.columns}`;
    repaint();
  }

  /** @param {number} side */
  function resizeRegion(side) {
    view.sized = true; // from now on it is a person's
    take(resized(view.region, side, view.header));
  }

  function layOut() {
    const [stage, panel] = [find(".stage"), find(".panel")];
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    if (!width) return false;
    const { kind, side } = layoutOf(width, height, 0, view.header);
    stage.className = `stage ${kind}`;
    find(".side").style.width = `${side}px`;
    const { scale, gridsSize, overviewSize } = layoutOf(width, height, panel.offsetHeight, view.header);
    const sizes = { scale, gridsSize, overviewSize };
    Object.assign(view, sizes);
    if (!view.sized) take(resized(view.region, readableSide(gridsSize, colour() && view.apart), view.header));
    for (const each of [grids, gridMarks]) sizeCanvas(each, ...sizes.gridsSize);
    for (const each of [overview, overviewMarks]) sizeCanvas(each, ...sizes.overviewSize);
    return true;
  }

  // ── painting ───────────────────────────────────────────────────────────────────────────────────

  function paint() {
    view.frame = 0;
    if (!view.header || !view.gridsSize) return;
    view.grids = placeGrids(view.gridsSize, view.region, colour() ? view.header.names : null, view.apart);
    const context = sizeCanvas(grids, ...view.gridsSize);
    context.clearRect(0, 0, ...view.gridsSize);
    for (const grid of view.grids) paintGrid(context, grid);
    mark();
    explain();
  }

  function repaint() {
    if (!view.frame) view.frame = requestAnimationFrame(paint);
  }

  function paintOverview() {
    const context = sizeCanvas(overview, ...view.overviewSize);
    context.imageSmoothingEnabled = view.scale < 1;
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, ...view.overviewSize);
    context.drawImage(whole, 0, 0, ...view.overviewSize);
  }

  // ── pointing ───────────────────────────────────────────────────────────────────────────────────

  /** @param {Pointer} event */
  const cellAt = (event) => pixelUnder(view.grids, view.region, ...within(event, grids));

  /** @param {Pointer} event */
  function overviewAt(event) {
    const [x, y] = within(event, overview);
    const { rows, columns } = view.header;
    const row = clamp(Math.floor(y / view.scale), 0, rows - 1);
    return { row, column: clamp(Math.floor(x / view.scale), 0, columns - 1) };
  }

  /** @param {Spot | null} spot */
  function point(spot) {
    const same = spot && view.pointed && spot.row === view.pointed.row && spot.column === view.pointed.column;
    if (same || (!spot && !view.pointed)) return;
    view.pointed = spot;
    mark();
    explain();
  }

  /** @param {Spot | null} spot */
  function choosePixel(spot) {
    if (!spot) return;
    view.chosen = spot;
    mark();
    explain();
    view.send("pixel", { ...spot, shape: view.header.shape });
  }

  /** @type {[row: number, column: number] | null} */
  let grip = null; // while the region is dragged: from the pointer's pixel to the region's corner
  /** @type {{region: Region, grid: PlaneGrid}} */
  let held; // by fingers
  const hold = () => {
    held = { region: view.region, grid: view.grids[0] };
  };
  followFingers(overview, hold, (from, to) => {
    if (to.length < 2) return; // one is a pointer that drags
    grip = null;
    view.sized = true;
    take(heldOnPicture(held.region, from, to, view.scale, view.header));
  });
  followFingers(grids, hold, (from, to) => {
    view.sized ||= to.length > 1;
    take(heldOnGrid(held.region, from, to, held.grid, view.header));
  });
  overview.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    overview.setPointerCapture(event.pointerId);
    const { row, column } = overviewAt(event);
    const { top, left, rows, columns } = view.region;
    const inside = row >= top && row < top + rows && column >= left && column < left + columns;
    grip = inside ? [row - top, column - left] : [rows / 2, columns / 2];
    take(moved(view.region, row - grip[0], column - grip[1], view.header));
  });
  overview.addEventListener("pointermove", (event) => {
    const { row, column } = overviewAt(event);
    if (grip) take(moved(view.region, row - grip[0], column - grip[1], view.header));
    else if (event.isPrimary) point({ row, column });
  });
  const release = () => {
    grip = null;
  };
  overview.addEventListener("pointerup", release);
  overview.addEventListener("pointercancel", release);
  overview.addEventListener("pointerleave", () => point(null));
  // At either end of the range the wheel scrolls the page again.
  overview.addEventListener(
    "wheel",
    (event) => {
      const before = view.region.side;
      resizeRegion(before + Math.sign(event.deltaY));
      if (view.region.side !== before) event.preventDefault();
    },
    { passive: false },
  );
  grids.addEventListener("pointermove", (event) => point(cellAt(event)));
  grids.addEventListener("pointerleave", () => point(null));
  grids.addEventListener("click", (event) => choosePixel(cellAt(event)));

  /** @type {Record<string, number>} */
  const sizes = { "+": 1, "=": 1, "-": -1, "−": -1 };
  /**
   * @param {KeyboardEvent} event
   * @param {(down: number, right: number, by: number) => void} arrow
   */
  function onKey(event, arrow) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) arrow(...ARROWS[event.key], event.shiftKey ? view.region.side : 1);
    else if (sizes[event.key]) resizeRegion(view.region.side + sizes[event.key]);
    else if (event.key === "Enter" && event.currentTarget === grids) choosePixel(view.pointed);
    else if (event.key === "Escape") point(null);
    else return;
    used(event);
  }
  overview.addEventListener("keydown", (event) =>
    onKey(event, (down, right, by) => {
      take(moved(view.region, view.region.top + down * by, view.region.left + right * by, view.header));
    }),
  );
  grids.addEventListener("keydown", (event) =>
    onKey(event, (down, right, by) => {
      const { row, column } = view.pointed ?? view.chosen;
      const { rows, columns } = view.header;
      const next = { row: clamp(row + down * by, 0, rows - 1), column: clamp(column + right * by, 0, columns - 1) };
      take(showing(view.region, next.row, next.column, view.header));
      point(next);
    }),
  );

  slider.addEventListener("input", () => resizeRegion(Number(slider.value)));
  find(".smaller").addEventListener("click", () => resizeRegion(view.region.side - 1));
  find(".larger").addEventListener("click", () => resizeRegion(view.region.side + 1));
  // Rows of buttons of which one is pressed: a row's buttons carry what each means in data-to.
  /** @type {Look} */
  const look = { plane: "RGB", paint: "hue", planes: "apart" };
  const switches = /** @type {const} */ (["plane", "paint", "planes"]).flatMap((name) =>
    [...find(`.switch.${name}`).querySelectorAll("button")].map((button) => ({ name, button })),
  );
  /** @param {Partial<Look>} looks */
  function wear(looks) {
    const { plane, paint, planes } = Object.assign(look, looks);
    Object.assign(view, { plane: ["R", "G", "B"].indexOf(plane), grey: paint === "grey", apart: planes === "apart" });
    for (const { name, button } of switches) {
      button.setAttribute("aria-pressed", String(button.dataset.to === look[name]));
    }
    paintWhole(whole);
  }
  for (const { name, button } of switches) {
    button.addEventListener("click", () => {
      wear({ [name]: button.dataset.to });
      paintOverview();
      repaint();
      view.send("look", { ...look });
    });
  }

  const resize = new ResizeObserver(() => view.header && refresh());
  resize.observe(find(".pixels"));

  function refresh() {
    if (!layOut()) return;
    paintOverview();
    paint();
  }

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  /** @param {Uint8Array} data */
  function receive(data) {
    /** @type {Message<Header>} */
    const { header, arrays } = unpack(data);
    // The next stroke of a drawing keeps the region; settings that were loaded anew do not.
    const other = view.header?.shape !== header.shape || view.header.token !== header.token;
    Object.assign(view, { header, pixels: arrays[0], theme: readTheme(overview) });
    wear(other ? header.look : {});
    if (other) {
      const { row, column } = header.chosen;
      Object.assign(view, { chosen: { row, column }, pointed: null });
      const side = view.region?.side ?? Number(slider.value);
      take(resized({ top: row, left: column, rows: 1, columns: 1, side }, side, header));
    }
    find(".switches").hidden = !colour();
    find(".whole").textContent = header.title;
    overview.setAttribute("aria-label", `${header.label} Arrow keys move the region, plus and minus change its size.`);
    refresh();
  }

  function remove() {
    cancelAnimationFrame(view.frame);
    resize.disconnect();
  }

  return view;
}
