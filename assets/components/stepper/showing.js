// What the stepper shows at a step: its grids' colours, what is covered, outlines, panel and count. Knows the screen; not who moves.

import { scaleEnds } from "../shared/colours.js";
import { finder, later } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { followSigns } from "../shared/signs.js";
import { arrange } from "./arranging.js";
import { acrossOf, captionText, gridSize, signSize, signText } from "./layout.js";
import { createLinks } from "./links.js";
import { createPanel } from "./panel.js";

/** @import { Cell, Geometry, Grids, Header, Pair, View } from "./types.js" */

const LARGEST_CELL = 120;
const BAR_GAP = 8; // pixels under the controls
const EDGES = [12, 8]; // pixels of both edges, across and down
const PHONE = 640; // as in assets/frame.css
const PHONE_SHARE = 1.2; // of the window's height, there

/**
 * @param {ParentNode} root
 * @param {View} view
 * @param {Grids} grids
 * @param {Geometry} geometry
 * @param {() => void} rested - the step has been shown, and Python may hear of it
 */
export function createShowing(root, view, grids, geometry, rested) {
  const { find, input } = finder(root);
  const [box, slider] = [find(".stepper"), input(".at")];
  const { placeSpec, count, placeOf } = geometry;
  const { explain, measure } = createPanel(root, view, grids, geometry);
  const links = createLinks(view, grids, geometry);

  let [asked, found] = ["", later()];

  /**
   * The arrangement, searched for again only where something that decides it is another: most edits change no size.
   * @param {string[]} main
   * @param {string[]} extra
   * @param {number} width
   * @param {number} height
   * @returns {ReturnType<typeof arrange>}
   */
  function arranged(main, extra, width, height) {
    const panel = measure();
    const specs = [...main, ...extra].map((key) => {
      const { title, planes, rows, cols, names } = grids[key]?.spec ?? { title: key };
      return [title, planes, rows, cols, Boolean(names)];
    });
    const now = JSON.stringify([specs, main.length, panel, width, height]);
    if (now !== asked) [asked, found] = [now, arrange({ main, extra, grids, panel }, width, height, LARGEST_CELL)];
    return found;
  }

  /** Make everything as large as the host lets it; false while there is no host to be seen. */
  function layOut() {
    const width = box.clientWidth - EDGES[0];
    if (width <= 0) return false;
    box.classList.toggle("on-stage", document.documentElement.dataset.mode === "stage");
    const isPhone = window.innerWidth <= PHONE; // there the page scrolls, and the host is as tall as this makes it
    const whole = isPhone ? window.innerHeight * PHONE_SHARE : box.clientHeight;
    const above = find(".bar").offsetHeight + BAR_GAP + EDGES[1];
    const height = whole - above;
    const { order: main, extraOrder: extra } = view.header;
    const {
      beside,
      row,
      compact,
      n,
      cell,
      small,
      text,
      width: room,
      tall,
      panel,
    } = arranged(main, extra, width, height);
    box.style.minHeight = isPhone ? `${Math.ceil(tall + above)}px` : "";
    find(".work").dataset.panel = beside ? "beside" : "below";
    find(".scenes").dataset.extra = row ? "beside" : "below";
    find(".scenes").style.maxWidth = `${Math.ceil(room) + 1}px`;
    find(".panel").classList.toggle("compact", compact);
    const styles = { "--text": text, "--wide": panel.wide, "--term": panel.term, "--words": panel.words };
    for (const [name, size] of Object.entries(styles)) find(".panel").style.setProperty(name, `${Math.round(size)}px`);
    for (const [name, keys, size] of /** @type {const} */ ([
      [".main", main, cell],
      [".extra", extra, small],
    ])) {
      for (const sign of /** @type {NodeListOf<HTMLElement>} */ (find(name).querySelectorAll(".sign"))) {
        const [width] = signSize(sign.textContent ?? "", size);
        Object.assign(sign.style, { width: `${width}px`, fontSize: `${signText(size)}px` });
      }
      for (const key of keys.filter((key) => grids[key])) {
        const grid = grids[key];
        Object.assign(grid, { cell: size, perRow: acrossOf(grid.spec, n) });
        grid.holder.style.minWidth = `${gridSize(grid.spec, n, size)[0]}px`;
        grid.holder.style.fontSize = `${captionText(size)}px`;
      }
    }
    return true;
  }

  /**
   * @param {string} key
   * @returns {Pair}
   */
  function rangeOf(key) {
    const { range, signed } = view.header.grids[key];
    let [low, high] = range ?? [Infinity, -Infinity];
    if (!range) {
      for (const value of grids[key].values) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return scaleEnds(low, high, signed);
  }

  /** @param {string} key */
  function paintGrid(key) {
    grids[key].paint(view.theme, view.tables, rangeOf(key));
  }

  /** @param {string} key */
  function repaintMoved(key) {
    paintGrid(key);
    links.mark(placeOf(view.step), { reveal: false });
  }

  // Grids that give the end away stay covered until the last step was reached.
  const lateGrids = () => Object.keys(grids).filter((key) => view.header.grids[key].late);
  const isOver = () => view.uncovered || view.furthest >= count() - 1;

  /**
   * @param {number} step
   * @param {{quiet?: boolean, tap?: () => number | null}} [how] - tap: the product that is pointed at, asked at the new step
   */
  function show(step, { quiet = false, tap = () => null } = {}) {
    const started = performance.now();
    const { roles, window: slid, kind } = view.header;
    const before = placeOf(view.step);
    view.step = clamp(step, 0, count() - 1);
    view.tap = tap();
    const place = placeOf(view.step);
    const [tall, wide] = slid.kernel.map((size, axis) => slid.dilation[axis] * (size - 1) + 1);

    const fresh = view.step > view.furthest && !view.waiting;
    if (fresh) view.furthest = view.step;
    if (fresh && isOver()) lateGrids().forEach(paintGrid);
    const windowMoved = grids[roles.window].reveal(place.row * slid.stride[0], place.col * slid.stride[1], tall, wide);
    const placeMoved = grids[roles.place].reveal(place.row, place.col, 1, 1);
    if (roles.sum) {
      // the grid that fills up while stepping: a kernel's gradient, or the stamped output
      grids[roles.sum].values = geometry.filledUpTo(view.waiting ? -1 : view.step, grids[roles.sum].values.length);
      paintGrid(roles.sum);
    }
    if (windowMoved) paintGrid(roles.window);
    if (placeMoved || (fresh && !view.uncovered)) paintGrid(roles.place);
    if (fresh && !view.uncovered) links.resultGrids().forEach(paintGrid);
    if (roles.kernel && before.plane !== place.plane && kind !== "gradient") setKernel(roles.kernel, place);

    links.mark(place, { reveal: true }).forEach(paintGrid);
    explain(place);
    slider.value = String(view.step);
    find(".count").textContent = `${view.step + 1} of ${count()}`;
    if (!quiet) rested();
    performance.clearMarks("stepper-work");
    performance.mark("stepper-work", { detail: performance.now() - started });
  }

  /**
   * Show the kernel of the output channel that the step is in.
   * @param {string} key
   * @param {Cell} place
   */
  function setKernel(key, place) {
    const spec = view.header.grids[key];
    const each = spec.planes * spec.rows * spec.cols;
    const several = placeSpec().planes > 1 && !view.header.perChannel;
    const first = view.header.perChannel ? 0 : place.plane * each;
    const title = several ? `${spec.title} ${place.plane}` : spec.title;
    grids[key].set({ ...spec, title }, view.arrays[spec.array].subarray(first, first + each));
    paintGrid(key);
  }

  function uncover() {
    view.uncovered = true;
    view.waiting = false;
    find(".uncover").hidden = true;
    for (const key of [view.header.roles.place, ...lateGrids(), ...links.resultGrids()]) paintGrid(key);
    if (view.header.roles.sum) return show(count() - 1);
    show(view.step, { quiet: true });
  }

  /**
   * What is hidden before its step: late grids, and results that come one a step.
   * @param {Header} header
   */
  function cover({ roles, kind }) {
    if (roles.kernel && kind !== "gradient") setKernel(roles.kernel, placeOf(view.step));
    for (const key of lateGrids()) grids[key].covered = () => !isOver();
    for (const key of [...links.resultGrids(), ...(roles.sum ? [] : [roles.place])]) {
      grids[key].covered = (index) => !view.uncovered && index > view.furthest;
    }
  }

  const stopFollowing = followSigns(() => Object.keys(grids).forEach(paintGrid));

  return { links, layOut, paintGrid, repaintMoved, show, uncover, cover, remove: stopFollowing };
}
