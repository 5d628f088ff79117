// The studio's one time slider: places, playing, resting. Knows the runs' snapshots; paints nothing.

import { finder, write } from "../shared/dom.js";
import { used } from "../shared/keys.js";
import { grouped } from "../shared/numbers.js";
import { branchStep, keptSteps, nearest, stopsOf, total } from "./snapshots.js";

/** @import { Rest, Run, View } from "./types.js" */

const REST_AFTER = 500; // milliseconds without a move of the slider: it rests
const PLAY_LASTS = 12000; // milliseconds for all snapshots, if they come fast enough

/**
 * view: {runs, live, at, rest(rest)}; repaint(): the cursor has moved; renew(run): back to the newest frame.
 * @param {ParentNode} root
 * @param {View} view
 * @param {() => void} repaint
 * @param {(run: Run) => void} renew
 */
export function createTime(root, view, repaint, renew) {
  const { find, input, button } = finder(root);
  const [playButton, slider, when, liveButton] = [button(".play"), input(".at"), find(".when"), button(".live")];
  let [playing, resting, rested] = [0, 0, "{}"];
  /** @type {Rest | null} where the slider was before the page was left */
  let pending = null;

  const stops = () => stopsOf(view.runs);

  const furthest = () => stops().at(-1) || 1;

  /** @param {number} fraction */
  function choose(fraction) {
    pending = null;
    view.live = false;
    view.at = fraction;
    for (const run of view.runs) fetchAt(run);
    showTime();
    wait();
  }

  /** @param {Run} run */
  function fetchAt(run) {
    const steps = keptSteps(run);
    if (!steps.length) return;
    run.at = nearest(steps, view.at * total(run));
    const place = steps.indexOf(run.at);
    const ahead = [steps[place + 1], steps[place - 1], steps[place + 2]];
    run.store?.want(
      run.at,
      ahead.filter((step) => step !== undefined),
    );
  }

  function goLive() {
    pausePlay();
    pending = null;
    view.live = true;
    for (const run of view.runs) {
      run.store?.forget();
      [run.at, run.asked] = [null, null];
      renew(run);
    }
    showTime();
    repaint();
    wait();
  }

  /** @param {number} step */
  function seek(step) {
    const all = stops();
    if (!all.length) return;
    pausePlay();
    const most = Math.max(...view.runs.map(total));
    choose(nearest(all, step / most));
  }

  /** @param {number} by */
  function move(by) {
    const all = stops();
    if (!all.length) return;
    const now = view.live ? all.length - 1 : all.indexOf(nearest(all, view.at));
    choose(all[Math.max(0, Math.min(all.length - 1, now + by))]);
  }

  function play() {
    const all = stops();
    if (all.length < 2) return;
    if (view.live || view.at >= all[all.length - 1]) choose(all[0]);
    const pace = Math.max(60, Math.min(400, PLAY_LASTS / all.length));
    playButton.textContent = "❚❚ Pause";
    playing = window.setInterval(() => {
      if (document.hidden || view.runs.some((run) => run.store?.busy())) return;
      const now = stops();
      const next = now.find((stop) => stop > view.at + 1e-12);
      if (next === undefined) goLive();
      else choose(next);
    }, pace);
  }

  function pausePlay() {
    clearInterval(playing);
    playing = 0;
    write(playButton, "▶ Play");
  }

  // Python hears of a place only once the slider has come to rest there.
  function wait() {
    clearTimeout(resting);
    resting = window.setTimeout(() => {
      /** @type {Rest} */
      const rest = {};
      if (!view.live) for (const run of view.runs) if (run.at !== null) rest[run.id] = run.at;
      const text = JSON.stringify(rest);
      if (text === rested) return;
      rested = text;
      view.rest(rest);
    }, REST_AFTER);
  }

  function showTime() {
    const all = stops();
    slider.disabled = playButton.disabled = all.length < 2;
    liveButton.disabled = !all.length;
    liveButton.setAttribute("aria-pressed", String(view.live));
    const value = view.live ? 1000 : (1000 * view.at) / (all.at(-1) || 1);
    if (Math.abs(Number(slider.value) - value) > 0.05) slider.value = String(value);
    const told = view.runs.map((run) => {
      const step = view.live ? run.status?.step : run.at;
      if (!run.status || step === undefined || step === null) return "";
      const epochs = run.status.step ? (run.status.epoch * step) / run.status.step : 0;
      return `step ${grouped(step)} · epoch ${epochs.toFixed(2)}`;
    });
    const different = [...new Set(told)];
    const text =
      different.length > 1 ? told.map((words) => words.split(" · ")[0] || "–").join(" | ") : different[0] || "";
    write(when, text);
    slider.setAttribute("aria-valuetext", `${view.live ? "newest, " : ""}${text || "no snapshots yet"}`);
    for (const run of view.runs) {
      if (run.branchButton) run.branchButton.disabled = branchStep(run, view.live) === null;
    }
  }

  /**
   * The place that the slider had before the page was left.
   * @param {Run} run
   */
  function takeUp(run) {
    if (view.live && pending && run.status?.snapshots.length && Number.isInteger(pending[run.id])) {
      choose(nearest(stops(), pending[run.id] / total(run)));
    } else if (!view.live && run.at === null) fetchAt(run); // the others follow as they are heard
  }

  slider.addEventListener("input", () => {
    pausePlay();
    const all = stops();
    if (all.length) choose(nearest(all, (Number(slider.value) / 1000) * furthest()));
  });
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowLeft: () => move(-1),
    ArrowDown: () => move(-1),
    ArrowRight: () => move(1),
    ArrowUp: () => move(1),
    PageDown: () => move(-10),
    PageUp: () => move(10),
    Home: () => move(-Infinity),
    End: goLive,
    " ": () => (playing ? pausePlay() : play()),
  };
  slider.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    used(event);
    if (event.key !== " ") pausePlay();
    keys[event.key]();
  });
  playButton.addEventListener("click", () => (playing ? pausePlay() : play()));
  liveButton.addEventListener("click", goLive);

  /**
   * rest: {run: step} from before, or {}.
   * @param {Rest} rest
   */
  function start(rest) {
    pausePlay();
    const back = view.runs.find((run) => Number.isInteger(rest[run.id]));
    view.live = true;
    pending = back ? rest : null; // taken up once the run has said how long it is
    rested = JSON.stringify(back ? rest : {});
  }

  function stop() {
    pausePlay();
    clearTimeout(resting);
  }

  return { start, stop, seek, takeUp, fetchAt, show: showTime };
}
