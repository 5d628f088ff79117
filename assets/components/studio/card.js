// The studio's card of a run: its state, its large digits and its progress. Knows a run's status; not its frames.

import { element, write } from "../shared/dom.js";
import { asPercent, clamp, duration, grouped, lossText } from "../shared/numbers.js";
import { createControls } from "./controls.js";
import { ENDED, STATES, newestAccuracy } from "./status.js";

/** @import { Status } from "./types.js" */

const READING = 8000; // milliseconds that a refusal stays
const DIGITS = {
  accuracy: "test accuracy",
  loss: "loss",
  epoch: "epoch",
  step: "step",
  speed: "samples/s",
  seconds: "training time",
};

/**
 * @param {{title: string}} run
 * @param {boolean} controls - whether the run can be steered from here
 * @param {(name: string, value: number | null) => void} send - a command to this run
 * @param {(text: string) => void} say - to the live region
 */
export function createCard(run, controls, send, say) {
  const box = element("section", "card");
  box.setAttribute("aria-label", run.title);
  box.dataset.whole = "";
  const head = element("div", "card-head");
  const [swatch, title] = [element("span", "swatch"), element("span", "title", run.title)];
  const [state, message] = [element("span", "state badge", "Connecting"), element("span", "message")];
  const device = element("span", "device");
  head.append(swatch, title, state, message, device);
  const body = element("div", "card-body");
  const digits = element("div", "digits");
  const facts = Object.fromEntries(Object.entries(DIGITS).map(([name, word]) => [name, digit(name, word)]));
  /** @type {Map<string, HTMLElement>} name → its digit: what a task is judged by besides its metric */
  const extras = new Map();
  const verdict = element("div", "verdict"); // the message of a run that has ended, where its controls were
  body.append(digits, verdict);
  const progress = element("div", "progress");
  const done = element("div", "done");
  progress.setAttribute("role", "progressbar");
  progress.setAttribute("aria-label", `Progress of ${run.title}`);
  progress.append(done);
  box.append(head, body, progress);
  const transport = controls ? createControls(run, send, say, update) : null;
  if (transport) body.append(transport.row);
  /** @type {Status | null} */
  let status = null;
  /** @type {number | null} seconds until the next try to connect */
  let lost = null;
  /** @type {string | null} why the last command was not obeyed */
  let refused = null;

  /**
   * @param {string} name
   * @param {string} word
   * @param {Node | null} [before]
   */
  function digit(name, word, before = null) {
    const cell = element("div", `digit ${name}`);
    const [value, label] = [element("span", "number", "–"), element("span", "word", word)];
    cell.append(value, label);
    digits.insertBefore(cell, before);
    return { cell, value, label };
  }

  /** @param {Status} status */
  function showExtras(status) {
    for (const [name, rows] of Object.entries(status.extras)) {
      const value = extras.get(name) ?? digit("extra", name, facts.loss.cell).value;
      extras.set(name, value);
      const last = rows.at(-1);
      write(value, last ? asPercent(last[1]) : "–");
    }
  }

  /**
   * @param {Status} status
   * @param {string} known
   */
  function messageOf(status, known) {
    if (lost) return "Trying again …";
    const { snapshots } = status;
    const told = refused ?? status.message;
    const broken = ["failed", "interrupted", "stopped"].includes(known);
    if (!broken || !snapshots.length || /\bkept\b/i.test(told)) return told;
    return `${told}${told ? " " : ""}Kept: everything up to step ${grouped(snapshots[snapshots.length - 1])}.`;
  }

  function update() {
    if (!status) return;
    const known = STATES[status.state] ? status.state : "starting";
    const ended = ENDED.includes(known);
    const word = lost ? "Connection lost" : STATES[known];
    if (state.textContent !== word) {
      say(`${status.title}: ${word}. ${status.message}`);
      state.dataset.state = box.dataset.state = lost ? "lost" : known;
    }
    write(state, word);
    write(title, status.title);
    const told = messageOf(status, known);
    write(message, told);
    message.title = told;
    write(verdict, ended ? told : "");
    box.classList.toggle("ended", ended);
    device.title = status.device;
    const memory = status.memory_mb ? `${grouped(status.memory_mb)} MB` : "";
    write(device, [status.device, memory].filter(Boolean).join(" · "));
    showDigits(status, known);
    const share = clamp(status.fraction, 0, 1);
    done.style.transform = `scaleX(${share})`;
    progress.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    transport?.show(status, known, Boolean(lost));
  }

  /**
   * @param {Status} status
   * @param {string} known
   */
  function showDigits(status, known) {
    const accuracy = newestAccuracy(status);
    write(facts.accuracy.value, accuracy.value === null ? "–" : asPercent(accuracy.value));
    write(facts.accuracy.label, accuracy.word);
    showExtras(status);
    const last = status.loss.at(-1);
    write(facts.loss.value, last ? lossText(last[1]) : "–");
    write(facts.epoch.value, status.epoch.toFixed(2));
    write(facts.step.value, grouped(status.step));
    write(facts.step.label, status.total_steps ? `of ${grouped(status.total_steps)} steps` : "steps");
    write(facts.speed.value, known === "running" && status.speed > 0 ? grouped(status.speed) : "–");
    write(facts.seconds.value, duration(status.seconds));
  }

  return {
    box,
    /** @param {Status} heard */
    hear(heard) {
      status = heard;
      update();
    },
    /** @param {number | null} seconds - until the next try; null: the stream is back */
    lose(seconds) {
      lost = seconds;
      if (status) return update();
      write(state, seconds ? "No connection" : "Connecting");
      write(message, seconds ? "Trying again …" : "");
    },
    /**
     * Why the last command was not obeyed, for as long as one reads a sentence.
     * @param {string} sentence
     */
    refuse(sentence) {
      refused = sentence;
      say(sentence);
      transport?.settle();
      update();
      setTimeout(() => {
        if (refused !== sentence) return;
        refused = null;
        update();
      }, READING);
    },
    /** @param {string} colour */
    paint(colour) {
      swatch.style.background = done.style.background = colour;
    },
  };
}
