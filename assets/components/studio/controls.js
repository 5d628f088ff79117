// The controls of a run: pause, step, speed, learning rate, weights of the loss, stop. Knows commands and what answers them.

import { element, write } from "../shared/dom.js";
import { readNumber, typed } from "../shared/numbers.js";
import { ENDED } from "./status.js";

/** @import { Status } from "./types.js" */

const SPEEDS = [1, 2, 5, 10, 50]; // steps a second; and full speed
const WEIGHTS = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]; // of a part of the loss, as far as the slider goes
const LARGEST_RATE = 100;
const PATIENCE = 4000; // milliseconds that a pressed button waits for the server's word

/** @typedef {HTMLButtonElement | HTMLInputElement | HTMLSelectElement} Control */
/** @typedef {{control: Control, name: string, value: number | null, before: Status | null, until: number}} Waiting */

/**
 * @param {{title: string}} run
 * @param {(name: string, value: number | null) => void} send
 * @param {(text: string) => void} say
 * @param {() => void} update - show the newest status again
 */
export function createControls(run, send, say, update) {
  const row = element("div", "transport");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", `Controls of ${run.title}`);
  const [go, step] = [element("button", "go", "Pause"), element("button", "step", "Step one batch")];
  const stop = element("button", "stop", "Stop");
  const [speed, rate] = [element("select"), element("input")];
  for (const value of SPEEDS) speed.append(new Option(value === 1 ? "1 step/s" : `${value} steps/s`, String(value)));
  speed.append(new Option("full", "full"));
  speed.value = "full";
  Object.assign(rate, { type: "text", inputMode: "decimal", title: "Type a number, then Enter" });
  for (const button of [go, step, stop]) button.type = "button";
  step.title = "One batch of pictures, then wait (while paused)";
  row.append(go, step, labelled("Speed", speed), labelled("Learning rate", rate), stop);
  /** @type {Map<string, {slider: HTMLInputElement, number: HTMLElement}>} part of the loss → its slider and its number */
  const weights = new Map();
  /** @type {Waiting | null} */
  let waiting = null;
  /** @type {Status | null} */
  let status = null;

  /**
   * @param {string} word
   * @param {HTMLElement} control
   */
  function labelled(word, control) {
    const label = element("label", "", `${word} `);
    label.append(control);
    return label;
  }

  go.addEventListener("click", () => ask(go, status?.state === "paused" ? "resume" : "pause"));
  step.addEventListener("click", () => ask(step, "step"));
  stop.addEventListener("click", () => ask(stop, "stop"));
  speed.addEventListener("change", () => ask(speed, "speed", speed.value === "full" ? null : Number(speed.value)));
  rate.addEventListener("blur", showRate);
  rate.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") {
      settle();
      rate.blur();
    }
    if (event.key !== "Enter") return;
    const value = readNumber(rate.value);
    const fits = value > 0 && value <= LARGEST_RATE;
    rate.setAttribute("aria-invalid", String(!fits));
    if (!fits) return say(`The learning rate has to be a number above 0 and at most ${LARGEST_RATE}.`);
    ask(rate, "rate", value);
    rate.blur();
  });

  /**
   * Pressed at once; free again when the server's word about it has come, or when it has taken too long.
   * @param {Control} control
   * @param {string} name
   * @param {number | null} [value]
   */
  function ask(control, name, value = null) {
    send(name, value);
    settle();
    control.classList.add("waiting");
    waiting = { control, name, value, before: status, until: performance.now() + PATIENCE };
    setTimeout(() => waiting?.control === control && update(), PATIENCE + 50);
    update();
  }

  function settle() {
    waiting?.control.classList.remove("waiting");
    waiting = null;
  }

  /**
   * @param {Waiting} asked
   * @param {Status} now
   */
  function answered({ name, value, before, until }, now) {
    if (performance.now() > until) return true;
    if (name === "step") return now.step !== before?.step;
    if (name === "speed") return now.wanted_speed === value;
    if (name === "rate") return now.rate !== before?.rate;
    if (name.endsWith("_weight")) return now.loss_weights[name.replace("_weight", "")] === value;
    return now.state !== before?.state;
  }

  function showRate() {
    if (rate.matches(":focus") || waiting?.control === rate || !status) return;
    rate.removeAttribute("aria-invalid");
    const text = typed(status.rate);
    if (rate.value !== text) rate.value = text;
  }

  /** @param {number | null} wanted - steps a second */
  function showSpeed(wanted) {
    if (speed.matches(":focus") || waiting?.control === speed) return;
    const now = String(wanted ?? "full");
    if (![...speed.options].some((option) => option.value === now)) speed.append(new Option(`${now} steps/s`, now));
    if (speed.value !== now) speed.value = now;
  }

  /** @param {string} name */
  function addWeight(name) {
    const label = element("label", "weight", `${name} loss ×`);
    const [slider, number] = [element("input"), element("output")];
    Object.assign(slider, { type: "range", min: 0, max: WEIGHTS.length - 1, step: 1 });
    slider.setAttribute("aria-label", `Weight of the ${name} loss of ${run.title}`);
    label.append(slider, number);
    row.insertBefore(label, stop);
    const chosen = () => WEIGHTS[Number(slider.value)];
    slider.addEventListener("keydown", (event) => event.stopPropagation());
    slider.addEventListener("input", () => write(number, String(chosen())));
    slider.addEventListener("change", () => ask(slider, `${name}_weight`, chosen()));
    weights.set(name, { slider, number });
    return { slider, number };
  }

  /**
   * A slider for the weight of each part of the loss, where it has parts.
   * @param {Record<string, number>} values
   * @param {boolean} idle
   */
  function showWeights(values, idle) {
    for (const [name, value] of Object.entries(values)) {
      const { slider, number } = weights.get(name) ?? addWeight(name);
      slider.disabled = idle;
      if (waiting?.control === slider || slider.matches(":active")) continue;
      const distances = WEIGHTS.map((each) => Math.abs(each - value));
      const near = String(distances.indexOf(Math.min(...distances)));
      if (slider.value !== near) slider.value = near;
      write(number, String(value));
      slider.setAttribute("aria-valuetext", String(value));
    }
  }

  /**
   * @param {Status} now
   * @param {string} known - its state
   * @param {boolean} lost - the connection
   */
  function show(now, known, lost) {
    status = now;
    if (waiting && answered(waiting, now)) settle();
    const ended = ENDED.includes(known);
    const idle = lost || ended || known === "starting" || known === "downloading";
    write(go, known === "paused" ? "Resume" : "Pause");
    go.disabled = idle;
    step.disabled = known !== "paused" || lost;
    stop.disabled = ended || lost;
    speed.disabled = rate.disabled = idle;
    showSpeed(now.wanted_speed);
    showRate();
    showWeights(now.loss_weights, idle);
  }

  return { row, show, settle };
}
