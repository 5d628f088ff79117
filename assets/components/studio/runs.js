// One run of the studio: its card, its button to go on from it, its stream and its frames. Knows what comes from the server and
// whom it concerns; paints nothing.

import { element, write } from "../shared/dom.js";
import { createCard } from "./card.js";
import { createStore, createStream, sendCommand } from "./link.js";
import { branchStep } from "./snapshots.js";
import { checkedStatus, ENDED } from "./status.js";

/** @import { Run, RunEntry, View } from "./types.js" */

const TRY_AGAIN = 2000; // milliseconds after a frame could not be fetched

/**
 * What a run's news set off.
 * @typedef {{schedule: (what?: "curves" | "marks") => void, askExact: (run: Run) => void, describe: () => void,
 *   fail: (message: string) => void, time: ReturnType<typeof import("./time.js").createTime>}} Effects
 */

/**
 * @param {RunEntry} entry
 * @param {boolean} controls
 * @param {(text: string) => void} say
 * @returns {Run}
 */
export function createRun(entry, controls, say) {
  const send = (/** @type {string} */ name, /** @type {number | null} */ value) =>
    sendCommand(entry.commands, name, value, (sentence) => card.refuse(sentence));
  const card = createCard(entry, controls, send, say);
  const frames = { raw: null, newest: null, shown: null, at: null, asked: null, dirty: false, fresh: false };
  const told = { status: null, colour: "", described: undefined, spoken: undefined };
  return { ...entry, ...frames, ...told, gone: new Set(), panels: [], card, stream: null, store: null };
}

/**
 * The button that begins a new run from this one's weights.
 * @param {Run} run
 * @param {View} view
 * @param {number} runs - how many there are
 */
export function createBranch(run, view, runs) {
  const button = element("button", "branch", runs > 2 ? "Continue" : "Continue from here");
  if (runs > 1) {
    run.mark = element("span", "swatch");
    button.prepend(run.mark);
    button.setAttribute("aria-label", `Continue ${run.title} from here`);
  }
  button.type = "button";
  button.disabled = true;
  button.title = "A new run from the weights at the slider; while it trains, move the slider back first";
  button.addEventListener("click", () => {
    const step = branchStep(run, view.live);
    if (step !== null) view.branch({ run: run.id, step });
  });
  run.branchButton = button;
  return button;
}

/**
 * Open the run's stream and its store of frames.
 * @param {Run} run
 * @param {View} view
 * @param {Effects} effects
 */
export function connect(run, view, { schedule, askExact, describe, fail, time }) {
  run.stream = createStream(run.events, {
    status: hear,
    frame(bytes) {
      run.raw = bytes;
      if (view.live) schedule();
    },
    lost: (seconds) => run.card.lose(seconds),
  });
  run.store = createStore(run.frames, {
    frame(frame, step) {
      if (view.live ? run.asked !== step || run.shown?.header.step !== step : run.at !== step) return;
      [run.shown, run.dirty] = [frame, true];
      schedule("marks");
    },
    gone(step) {
      run.gone.add(step);
      if (run.at === step && !view.live) time.fetchAt(run);
      time.show();
    },
    failed(step, message) {
      if (run.at !== step || view.live) return;
      fail(message);
      setTimeout(() => run.store && run.at === step && !view.live && time.fetchAt(run), TRY_AGAIN);
    },
  });

  /** @param {Record<string, unknown>} sent */
  function hear(sent) {
    const pinned = run.status?.pin;
    const status = checkedStatus(sent);
    if (run.named) status.title = run.title;
    run.status = status;
    if (pinned !== undefined && pinned !== status.pin) {
      run.store?.clear(); // somebody pinned another picture: the kept frames show the old one
      if (!view.live) time.fetchAt(run);
    }
    run.card.hear(status);
    if (run.label) write(run.label, status.title || run.title);
    time.takeUp(run);
    askExact(run);
    time.show();
    if (!run.shown && !run.raw) {
      const words = ENDED.includes(status.state) ? "nothing was recorded" : "waiting for the first step …";
      for (const { kind, note } of run.panels) if (kind === "answer" || kind === "kernels") write(note, words);
    }
    if (run.spoken !== status.state) {
      run.spoken = status.state;
      describe();
    }
    schedule("curves");
  }
}

/** @param {Run} run */
export function disconnect(run) {
  run.stream?.close();
  run.store?.close();
  run.stream = run.store = null;
}
