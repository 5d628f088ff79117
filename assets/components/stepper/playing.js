// Plays the stepper: one step after the other at the chosen speed. Knows time; not what a step is.

/**
 * @param {{timer: number}} view - timer: 0 while nothing plays
 * @param {HTMLElement} button
 * @param {HTMLInputElement} speed - steps a second, as a power of two
 * @param {{start: () => void, next: () => boolean, rested: () => void}} steps - next: goes one on; false at the end
 */
export function createPlayer(view, button, speed, steps) {
  const wait = (/** @type {() => void} */ act) => window.setTimeout(act, 1000 / 2 ** Number(speed.value));

  function pause() {
    clearTimeout(view.timer);
    view.timer = 0;
    button.textContent = "▶ Play";
    steps.rested();
  }

  function tick() {
    if (!steps.next()) return pause();
    view.timer = wait(tick);
  }

  function play() {
    if (view.timer) return pause();
    steps.start();
    button.textContent = "⏸ Pause";
    view.timer = wait(tick);
  }

  return { play, pause };
}
