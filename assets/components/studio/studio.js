// The live view of one to three training runs. Python sends addresses and colours; the server's streams bring all numbers.

import { colourTables, parseColour, readTheme } from "../shared/colours.js";
import { finder, later } from "../shared/dom.js";
import { followSigns } from "../shared/signs.js";
import { unpack } from "../shared/wire.js";
import { createCurves } from "./curves.js";
import { arrangeParts, createPart, paintParts, showParts } from "./parts.js";
import { rangesOf } from "./ranges.js";
import { connect, createBranch, createRun, disconnect } from "./runs.js";
import { createSceneBar } from "./scene_bar.js";
import { scenesOf } from "./scene_record.js";
import { keptSteps } from "./snapshots.js";
import { createTime } from "./time.js";
import { createTip } from "./tip.js";

/** @import { Component, Message } from "../shared/types.js" */
/** @import { Header, Kind, Run, View } from "./types.js" */

const STUDIOS = new WeakMap();
const FIRST_WIDTH = 300; // CSS pixels of a panel, until it is measured
const INKS = {
  light: { line: "#c3c8d4", muted: "#8f9ab0", alarm: "#b3261e" },
  dark: { line: "#4a5163", muted: "#7b869d", alarm: "#ff9d8a" },
};

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  /** @type {ReturnType<typeof createStudio>} */
  const studio = STUDIOS.get(parentElement) ?? createStudio(parentElement);
  STUDIOS.set(parentElement, studio);
  const { view } = studio;
  view.rest = (rest) => setStateValue("rest", rest);
  view.branch = (branch) => setTriggerValue("branch", branch);
  studio.receive(data);
  return () => studio.remove();
}

/** @param {ParentNode} root */
function createStudio(root) {
  const { find } = finder(root);
  const [box, cards, runsBox, branches] = [".studio", ".cards", ".runs", ".branches"].map(find);
  /** @type {View} */
  const view = {
    header: later(),
    runs: [],
    theme: later(),
    tables: later(),
    ranges: new Map(),
    live: true,
    at: 1,
    sceneMode: "beside",
    sceneFrom: 0,
    sceneShown: 0,
    sceneNext: 0,
    palette: [],
    awaits: false,
    rest: () => {},
    branch: () => {},
  };
  const todo = { curves: false, marks: false, request: 0 };
  let rangesBefore = "";
  const tell = createTip(box, find(".tip"), find(".ring"), say);

  /** @param {string} text */
  function say(text) {
    find(".said").textContent = text;
  }

  // All runs that are shown have the same test pictures: one legend, one way to show them.
  const sceneBar = createSceneBar(root, view, () => {
    for (const run of view.runs) run.dirty = true;
    schedule();
  });
  const curves = createCurves(root, view, tell, (step) => time.seek(step));
  const time = createTime(root, view, () => schedule("marks"), renew);

  /**
   * Following again: the frame that came last while the slider stood elsewhere is the one to show.
   * @param {Run} run
   */
  function renew(run) {
    run.raw ??= run.newest;
    askExact(run);
    schedule();
  }

  /**
   * A run that rests shows its exact numbers: the same step, fetched once, in place of the rounded live ones.
   * @param {Run} run
   */
  function askExact(run) {
    const { step, exact } = run.shown?.header ?? {};
    if (step === undefined || !view.live || run.status?.state === "running" || exact || run.asked === step) return;
    if (!keptSteps(run).includes(step)) return;
    run.asked = step;
    run.store?.want(step);
  }

  // ── painting ───────────────────────────────────────────────────────────────────────────────────

  /** @param {"curves" | "marks"} [what] */
  function schedule(what) {
    if (what) todo[what] = true;
    todo.request ||= requestAnimationFrame(paint);
  }

  function paint() {
    todo.request = 0;
    const begun = performance.now();
    if (view.live) view.runs.forEach(takeNewest);
    const ranges = findRanges();
    let changed = false;
    for (const run of view.runs) {
      if (run.shown && (run.dirty || ranges)) changed = paintParts(run, run.shown, view.live) || changed;
      run.dirty = false;
    }
    if (changed) show();
    sceneBar.paint(shownScenes());
    if (todo.curves) curves.paint();
    else if (todo.marks) curves.mark();
    todo.curves = todo.marks = false;
    performance.clearMarks("studio-painted");
    performance.mark("studio-painted", { detail: performance.now() - begun }); // the benchmark reads it
  }

  /** @param {Run} run */
  function takeNewest(run) {
    if (!run.raw) return;
    const frame = run.raw instanceof Uint8Array ? unpack(run.raw) : run.raw;
    [run.raw, run.newest] = [null, frame];
    const shown = run.shown?.header;
    if (shown?.exact && !frame.header.exact && shown.step === frame.header.step && !run.fresh) return;
    [run.shown, run.dirty, run.fresh] = [frame, true, false];
    askExact(run);
  }

  /** The scenes of any frame that is on the screen, or null. */
  function shownScenes() {
    for (const { shown, panels } of view.runs) {
      const scenes = shown && panels.some(({ kind }) => kind === "scenes") ? scenesOf(shown, "scenes") : null;
      if (scenes) return scenes;
    }
    return null;
  }

  /** One range a layer over all runs; says whether another run's has changed what must be painted. */
  function findRanges() {
    view.ranges = rangesOf(view.runs.flatMap(({ shown }) => (shown ? [shown.header] : [])));
    if (view.runs.length < 2) return false;
    const text = JSON.stringify([...view.ranges]);
    const changed = text !== rangesBefore;
    rangesBefore = text;
    return changed;
  }

  function show() {
    showParts(view, runsBox);
    measure();
  }

  function measure() {
    curves.measure();
    let changed = false;
    for (const part of view.runs.flatMap(({ panels }) => panels)) {
      const width = Math.floor(part.box.clientWidth);
      changed ||= width !== part.width;
      part.width = width || part.width || FIRST_WIDTH;
    }
    if (changed) for (const run of view.runs) run.dirty = true;
    schedule("curves");
  }

  // ── runs ───────────────────────────────────────────────────────────────────────────────────────

  /** @param {Header} header */
  function build(header) {
    closeRuns();
    for (const place of [cards, runsBox, branches]) place.replaceChildren();
    const several = header.runs.length > 1;
    /** @type {Kind[]} */
    const kinds = ["answer", ...header.panels];
    kinds.sort((a, b) => Number(b === "scenes") - Number(a === "scenes")); // the scenes first
    runsBox.className = `runs n${header.runs.length}`;
    cards.className = `cards n${header.runs.length}`;
    view.runs = header.runs.map((entry) => {
      const run = createRun(entry, header.controls, say);
      cards.append(run.card.box);
      run.panels = kinds.map((kind, i) => createPart(kind, run, view, tell, several && i === 0));
      if (header.branches) branches.append(createBranch(run, view, header.runs.length));
      return run;
    });
    arrangeParts(view, runsBox);
    time.start(header.rest ?? {});
    show();
  }

  const closeRuns = () => view.runs.forEach(disconnect);
  const effects = {
    schedule,
    askExact,
    time,
    describe: curves.describe,
    fail(/** @type {string} */ message) {
      find(".when").textContent = message;
    },
  };
  const resize = new ResizeObserver(() => view.header && measure());
  const stopFollowing = followSigns(() => {
    for (const run of view.runs) run.dirty = true;
    schedule();
  });

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  /** @param {Header} header */
  function dress(header) {
    const theme = readTheme(box);
    const name = theme.dark ? "dark" : "light";
    view.theme = { ...theme, ...INKS[name] };
    view.tables = colourTables(header.scales, theme);
    view.palette = header.classes[name].map(parseColour);
    view.runs.forEach((run, i) => {
      run.colour = header.colours[name][i];
      run.card.paint(run.colour);
      for (const dot of [run.dot, run.mark]) if (dot) dot.style.background = run.colour;
    });
  }

  /** @param {Uint8Array} data */
  function receive(data) {
    /** @type {Message<Header>} */
    const { header } = unpack(data);
    const shape = (/** @type {Header} */ each) =>
      JSON.stringify([each.runs.map(({ id }) => id), each.controls, each.branches, each.panels]);
    view.awaits = header.awaits_scenes;
    if (!view.header || shape(view.header) !== shape(header)) build(header);
    view.header = header;
    dress(header);
    view.runs.forEach((run, i) => {
      const { events, frames } = header.runs[i];
      run.dirty = true;
      if (run.stream && run.events === events && run.frames === frames) return;
      disconnect(run);
      Object.assign(run, { events, frames, fresh: true, asked: null });
      run.gone.clear();
      connect(run, view, effects);
      if (!view.live && run.status) time.fetchAt(run);
    });
    resize.observe(box);
    measure();
  }

  function remove() {
    time.stop();
    cancelAnimationFrame(todo.request);
    todo.request = 0;
    resize.disconnect();
    stopFollowing();
    closeRuns();
  }

  return { view, receive, remove };
}
