// The stepper: a window that slides over a grid of numbers, and everything that follows from where it stands.
// One component serves convolution, pooling, gradients, im2col, the sparse matrix and transposed convolution: in each, a cell of
// the "place" grid belongs to a window of cells of the "window" grid (row·stride + tap·dilation), perhaps with a kernel.

import { colourTables, readTheme } from "../shared/colours.js";
import { element, finder, later } from "../shared/dom.js";
import { listenForKeys } from "../shared/keys.js";
import { unpack } from "../shared/wire.js";
import { createCursor } from "./cursor.js";
import { createDemonstration } from "./demonstrating.js";
import { createEditing } from "./editing.js";
import { createGeometry } from "./geometry.js";
import { createGrid } from "./grid.js";
import { createGuessing } from "./guessing.js";
import { createPlayer } from "./playing.js";
import { createShowing } from "./showing.js";

/** @import { Component, Message } from "../shared/types.js" */
/** @import { Cell, Edit, Grids, Header, Pair, View } from "./types.js" */

const STEPPERS = new WeakMap();
const RESTS_AFTER = 500; // milliseconds at one step, until Python hears of it

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  /** @type {ReturnType<typeof createStepper>} */
  const stepper = STEPPERS.get(parentElement) ?? createStepper(parentElement);
  STEPPERS.set(parentElement, stepper);
  stepper.tellStep = (step) => setStateValue("step", step);
  stepper.tellGuess((cell) => setStateValue("guess", cell));
  stepper.tellEdits((edits) => setTriggerValue("edited", { edits }));
  stepper.receive(data);
  return () => stepper.remove();
}

/** @param {ParentNode} root */
function createStepper(root) {
  const { find, input, button } = finder(root);
  const [box, slider] = [find(".stepper"), input(".at")];
  /** @type {Grids} */
  const grids = {};
  /** @type {View} */
  const view = {
    header: later(),
    arrays: [],
    theme: later(),
    tables: later(),
    step: 0,
    furthest: -1,
    uncovered: true,
    waiting: false,
    tap: null,
    timer: 0,
    tellTimer: 0,
    told: 0,
    editing: false,
  };
  const geometry = createGeometry(view, grids);
  const { placeSpec, count } = geometry;
  const showing = createShowing(root, view, grids, geometry, tellSoon);
  const { links, paintGrid, repaintMoved, show } = showing;
  const editing = createEditing(root, view, grids, geometry, paintGrid);
  const guessing = createGuessing(view, grids, editing.edit);
  const cursor = createCursor(root, grids, { point: pointByKey, open: guessing.open, repaint: repaintMoved });
  const player = createPlayer(view, find(".play"), input(".speed input"), {
    start() {
      view.waiting = false;
      show(view.step === count() - 1 ? 0 : view.step);
    },
    next() {
      if (view.step >= count() - 1) return false;
      show(view.step + 1);
      return true;
    },
    rested: tellSoon,
  });
  editing.left = cursor.put;
  const demonstration = createDemonstration({
    show: (step) => show(step, { quiet: true }),
    isWanted() {
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
      const isOnStage = document.documentElement.dataset.mode === "stage";
      return (
        !isStill &&
        !isOnStage &&
        !view.header.asked &&
        box.isConnected &&
        view.step === 0 &&
        count() > 2 &&
        !view.editing &&
        !view.timer
      );
    },
  });

  // ── moving ─────────────────────────────────────────────────────────────────────────────────────

  function tellSoon() {
    clearTimeout(view.tellTimer);
    if (view.timer) return;
    view.tellTimer = window.setTimeout(() => {
      if (view.step !== view.told) stepper.tellStep((view.told = view.step));
    }, RESTS_AFTER);
  }

  /**
   * The user's first move answers the question that the page asked; from then on results are shown as they are reached.
   * @param {number} step
   */
  function go(step) {
    if (view.timer) player.pause();
    const first = view.waiting;
    view.waiting = false;
    show(first ? Math.min(step, view.step) : step);
  }

  /** @type {Record<string, () => void>} */
  const actions = {
    first: () => go(0),
    back: () => go(view.step - 1),
    play: player.play,
    forth: () => go(view.step + 1),
    last: () => go(count() - 1),
    uncover: showing.uncover,
    paint() {
      editing.painting = !editing.painting;
      find("[data-do=paint]").setAttribute("aria-pressed", String(editing.painting));
    },
  };
  for (const [name, act] of Object.entries(actions)) button(`[data-do=${name}]`).addEventListener("click", act);
  slider.addEventListener("input", () => go(Number(slider.value)));
  listenForKeys(box, (key) => {
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: actions.forth,
      ArrowLeft: actions.back,
      ArrowDown: () => go(view.step + placeSpec().cols),
      ArrowUp: () => go(view.step - placeSpec().cols),
      Home: actions.first,
      End: actions.last,
      " ": player.play,
    };
    return keys[key];
  });

  // ── pointing ───────────────────────────────────────────────────────────────────────────────────

  /** @param {string} key */
  function listen(key) {
    const grid = grids[key];
    grid.moved = () => repaintMoved(key);
    // A click steps or edits; the arrow keys then go on stepping. The cursor is for those who came here by Tab.
    grid.base.addEventListener("mousedown", (event) => {
      event.preventDefault();
      box.focus({ preventScroll: true });
    });
    grid.base.addEventListener("pointermove", (event) => {
      const cell = grid.cellAt(event);
      if (!cell) return;
      if (editing.painting && event.buttons && grid.spec.editable) return editing.paintCell(key, cell);
      if (view.timer || view.editing) return;
      point(key, cell);
    });
    grid.base.addEventListener("pointerleave", () => view.tap !== null && show(view.step, { quiet: true }));
    grid.base.addEventListener("pointerdown", (event) => {
      const cell = grid.cellAt(event);
      if (!cell) return;
      if (editing.painting && grid.spec.editable) {
        grid.base.setPointerCapture(event.pointerId);
        editing.startPainting(key);
        return editing.paintCell(key, cell);
      }
      pointByKey(key, cell);
    });
    grid.base.addEventListener("click", (event) => {
      const cell = grid.cellAt(event);
      if (cell && !editing.painting) guessing.open(key, cell);
    });
    grid.base.addEventListener("pointerup", editing.finishPainting);
    cursor.listen(key);
  }

  /**
   * @param {string} key
   * @param {Cell} cell
   */
  function pointByKey(key, cell) {
    if (view.timer) player.pause();
    point(key, cell);
  }

  /**
   * @param {string} key
   * @param {Cell} cell
   */
  function point(key, cell) {
    if (guessing.isAsked(key)) return; // pointing at a result would show it
    const meant = links.meant(key, cell);
    if (!meant) return;
    view.waiting = false;
    show(meant.step, { tap: meant.tap });
  }

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  /** @param {Header} header */
  function build(header) {
    for (const grid of Object.values(grids)) grid.remove();
    for (const key of Object.keys(grids)) delete grids[key];
    for (const [place, keys] of /** @type {const} */ ([
      [".main", header.order],
      [".extra", header.extraOrder],
    ])) {
      const scene = find(place);
      scene.replaceChildren();
      for (const key of keys) {
        if (header.grids[key]) {
          grids[key] = createGrid(scene, header.grids[key]);
          listen(key);
        } else scene.append(element("span", "sign", key));
      }
    }
  }

  /**
   * Lay out and paint; a grid of `kept` only if its cells changed their size.
   * @param {Set<string>} [kept]
   */
  function refresh(kept = new Set()) {
    const sizes = Object.fromEntries(Object.entries(grids).map(([key, grid]) => [key, grid.cell]));
    if (!view.header || !showing.layOut()) return;
    for (const key of Object.keys(grids)) if (!kept.has(key) || grids[key].cell !== sizes[key]) paintGrid(key);
    show(view.step, { quiet: true, tap: () => view.tap });
  }

  const resize = new ResizeObserver(() => refresh());
  resize.observe(box);

  /** @param {Message<Header>} message */
  function take({ header, arrays }) {
    const changed = view.header?.token !== header.token;
    const shape = (/** @type {Header} */ h) => JSON.stringify([h.order, h.extraOrder]);
    const rebuild = !view.header || shape(view.header) !== shape(header);
    const theme = readTheme(box);
    const same = !rebuild && !changed && view.theme.background === theme.background;
    const isKept = (/** @type {string} */ key) => {
      const [old, values] = [grids[key].values, arrays[header.grids[key].array]];
      return old.length === values.length && old.every((value, i) => value === values[i]);
    };
    const kept = new Set(same ? Object.keys(grids).filter(isKept) : []);
    Object.assign(view, { header, arrays, theme, tables: colourTables(header.colours, theme) });
    if (rebuild) build(header);
    editing.acknowledge(header.acknowledged);
    for (const [key, grid] of Object.entries(grids)) grid.set(header.grids[key], arrays[header.grids[key].array]);
    if (changed) {
      editing.forget();
      player.pause();
      const step = Math.min(header.step, count() - 1);
      Object.assign(view, { tap: null, step, told: header.step, furthest: -1 });
      Object.assign(view, { uncovered: !header.covered, waiting: header.covered });
    }
    view.step = Math.min(view.step, count() - 1);
    slider.max = String(count() - 1);
    find(".uncover").hidden = view.uncovered;
    guessing.receive(header);
    find(".paint").hidden = !Object.values(header.grids).some(({ editable }) => editable);
    showing.cover(header);
    if (changed && header.step === 0) demonstration.arm();
    return kept;
  }

  const stepper = {
    /** @type {(step: number) => void} */
    tellStep: () => {},
    /** @param {(cell: Pair) => void} tell */
    tellGuess(tell) {
      guessing.tell = tell;
    },
    /** @param {(edits: Edit[]) => void} tell */
    tellEdits(tell) {
      editing.tell = tell;
    },
    /** @param {Uint8Array} data */
    receive(data) {
      refresh(take(unpack(data)));
      requestAnimationFrame(() => {
        performance.clearMarks("stepper-painted");
        performance.mark("stepper-painted"); // the benchmark measures up to here
      });
    },
    remove() {
      clearTimeout(view.timer);
      clearTimeout(view.tellTimer);
      demonstration.remove();
      showing.remove();
      resize.disconnect();
    },
  };
  return stepper;
}
