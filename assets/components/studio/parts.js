// The studio's panels on the page: their heads, their canvases, and which of them are shown. Knows panels; not what they paint.

import { element, write } from "../shared/dom.js";
import { within } from "../shared/keys.js";
import { createAnswer } from "./answer.js";
import { createConfusion } from "./confusion.js";
import { createDistributions } from "./distributions.js";
import { createScenes } from "./scenes.js";
import { createTiles } from "./tiles.js";
import { walkCanvas } from "./walking.js";

/** @import { Frame, Kind, Panel, Part, Run, Tell, View } from "./types.js" */

/** @type {Record<Kind, string>} */
const KINDS = {
  scenes: "Test scenes",
  answer: "Pinned picture",
  kernels: "Kernels",
  maps: "Feature maps",
  confusion: "Confusion matrix",
  distributions: "Distributions",
};

/** @type {Record<Kind, (canvas: HTMLCanvasElement, view: View) => Panel>} */
const MAKERS = {
  scenes: createScenes,
  answer: createAnswer,
  confusion: createConfusion,
  distributions: createDistributions,
  kernels: (canvas, view) => createTiles("kernels", canvas, view),
  maps: (canvas, view) => createTiles("maps", canvas, view),
};

/**
 * @param {Kind} kind
 * @param {Run} run
 * @param {View} view
 * @param {Tell} tell
 * @param {boolean} named - whether its head names the run instead of the panel
 * @returns {Part}
 */
export function createPart(kind, run, view, tell, named) {
  const [box, canvas, note] = [element("div", `panel ${kind}`), element("canvas"), element("span", "note")];
  const head = element("div", "panel-head");
  if (named) {
    run.label = element("span", "panel-title", run.title);
    run.dot = element("span", "swatch");
    head.append(run.dot, run.label);
  } else head.append(element("span", "panel-title", KINDS[kind]));
  head.append(note);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", KINDS[kind]);
  const panel = MAKERS[kind](canvas, view);
  canvas.addEventListener("pointermove", (event) => tell(panel.at(...within(event, canvas)), event));
  walkCanvas(canvas, panel.at, tell);
  canvas.addEventListener("pointerleave", () => tell(null));
  box.append(head, canvas);
  box.dataset.whole = "";
  box.classList.add("waiting");
  return { kind, box, canvas, note, width: 0, any: undefined, panel };
}

/**
 * Paint a frame in all panels of its run; true where a panel has something now that had nothing, or the other way round.
 * @param {Run} run
 * @param {Frame} frame
 * @param {boolean} live
 */
export function paintParts(run, frame, live) {
  let changed = false;
  for (const part of run.panels) {
    part.box.classList.remove("waiting");
    let any = false;
    try {
      any = part.panel.paint(frame, part.width, run);
    } catch (error) {
      console.warn(`studio: ${part.kind} could not be drawn`, error);
    }
    changed ||= any !== part.any;
    part.any = any;
    if (any && part.panel.title) write(part.note, part.panel.title());
  }
  // For those who hear it: not at every frame.
  if (run.described === run.status?.state && live) return changed;
  run.described = run.status?.state;
  for (const { any, panel, kind } of run.panels) {
    if (any) panel.describe(`${KINDS[kind]} of ${run.status?.title ?? run.title}`);
  }
  return changed;
}

/**
 * A panel that no run has takes no room; beside a run that has it, the other's place says why it is empty.
 * @param {View} view
 * @param {HTMLElement} runsBox
 */
export function showParts(view, runsBox) {
  for (const kind of /** @type {Kind[]} */ (Object.keys(KINDS))) {
    const parts = view.runs.flatMap((run) => run.panels.filter((part) => part.kind === kind));
    const some = parts.some((part) => (kind === "scenes" && !view.awaits ? part.any : part.any !== false));
    for (const part of parts) {
      part.box.hidden = !some;
      part.canvas.hidden = !part.any;
      if (part.any === false)
        write(part.note, kind === "kernels" ? "no convolution in this network" : "nothing to show");
      else if (!part.panel.title) write(part.note, "");
    }
    runsBox.classList.toggle(`no-${kind}`, !some || !parts.length);
  }
}

/**
 * Put the panels of all runs on the page: several runs side by side, panel by panel; one run in columns.
 * @param {View} view
 * @param {HTMLElement} runsBox
 */
export function arrangeParts(view, runsBox) {
  const [first, ...others] = view.runs;
  runsBox.replaceChildren();
  if (others.length) {
    first.panels.forEach((_, i) => runsBox.append(...view.runs.map((run) => run.panels[i].box)));
  } else {
    const boxesOf = (/** @type {Kind[]} */ kinds) =>
      first.panels.filter(({ kind }) => kinds.includes(kind)).map(({ box }) => box);
    runsBox.append(...boxesOf(["scenes"]));
    for (const kinds of /** @type {Kind[][]} */ ([["answer", "confusion"], ["kernels", "distributions"], ["maps"]])) {
      const column = element("div", "column");
      column.append(...boxesOf(kinds));
      if (column.children.length) runsBox.append(column);
    }
  }
  runsBox.dataset.columns = String(runsBox.querySelectorAll(".column").length);
}
