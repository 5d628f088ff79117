// The stepper's first steps, shown by themselves while nobody has touched anything. Knows time; not what a step is.

const RESTS = 4000; // milliseconds after opening
const EACH = 1300;
const FIRST = [1, 2, 0]; // then back to where it began
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/**
 * Arm it with `arm` when something new has opened; anyone's first touch of the page ends it.
 * @param {{show: (step: number) => void, isWanted: () => boolean}} steps - show: without anybody having stepped
 * @param {{target?: EventTarget, wait?: (act: () => void, milliseconds: number) => number,
 *   stop?: (timer: number) => void}} [clock]
 */
export function createDemonstration(
  steps,
  { target = window, wait = window.setTimeout.bind(window), stop = window.clearTimeout.bind(window) } = {},
) {
  let timer = 0;
  let isShowing = false;
  /** @param {number[]} left */
  function next([step, ...left]) {
    timer = 0;
    if (!isShowing && !steps.isWanted()) return;
    isShowing = left.length > 0;
    steps.show(step);
    if (isShowing) timer = wait(() => next(left), EACH);
  }

  /** Back to the first step, where something else was being shown. */
  function end() {
    stop(timer);
    if (isShowing) steps.show(0);
    isShowing = false;
    timer = 0;
  }

  function arm() {
    end();
    timer = wait(() => next(FIRST), RESTS);
  }

  for (const touch of TOUCHES) target.addEventListener(touch, end, { capture: true, passive: true });
  function remove() {
    stop(timer);
    for (const touch of TOUCHES) target.removeEventListener(touch, end, { capture: true });
  }

  return { arm, end, remove };
}
