// Stage mode: nothing but the exhibit and its question, and a clicker's keys. Knows the page's places; not what stands there.

export const STAGE = "stage"; // of the address
const WIDTH = 1097; // pixels of the stage that fill the window: 14 px become 24 on a projector of 1920
const REST = 2000; // milliseconds after which a resting pointer is hidden
const FORWARD = ["ArrowRight", "ArrowDown", "PageDown"];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

/** Whether stage mode is on. */
export const isOn = () => document.documentElement.dataset.mode === "stage";

/**
 * The address with the stage mode in it where that is on, and without it where it is off.
 * @param {string | URL | null | undefined} address
 */
export function withStage(address) {
  const url = new URL(address ?? location.href, location.href);
  if (isOn()) url.searchParams.set(STAGE, "1");
  else if (url.searchParams.has(STAGE)) url.searchParams.delete(STAGE); // any change would write ~ as %7E
  return url.href;
}

/** Whether the address asks for stage mode. */
export const isAsked = () => new URLSearchParams(location.search).get(STAGE) === "1";

/** Turn stage mode on or off on the screen. @param {boolean} on */
export function show(on) {
  const root = document.documentElement;
  if (on) root.dataset.mode = "stage";
  else delete root.dataset.mode;
  root.style.setProperty("--zoom", on ? String(zoom(innerWidth)) : "1");
}

/** How much larger the stage is drawn in a window of that width. @param {number} width */
export const zoom = (width) => Math.max(1, width / WIDTH);

/**
 * What a key means in stage mode.
 * @param {string} key
 * @returns {"forward" | "back" | "reveal" | "leave" | null}
 */
export function meaning(key) {
  if (FORWARD.includes(key)) return "forward";
  if (BACK.includes(key)) return "back";
  if (key === " ") return "reveal";
  return key === "Escape" ? "leave" : null;
}

/**
 * One step of the exhibit; at its end, the next exhibit.
 * @param {1 | -1} by
 */
export function step(by) {
  const stepper = stepperOf(document);
  if (stepper && !atEnd(stepper, by)) {
    const key = by > 0 ? "ArrowRight" : "ArrowLeft";
    stepper.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  } else press(by > 0 ? "next" : "previous");
}

/** Click the button of that key, where it is there. @param {string} key */
export function press(key) {
  const button = document.querySelector(`.st-key-${key} button`);
  if (button instanceof HTMLButtonElement && !button.disabled) button.click();
}

/** @param {Document} page @returns {HTMLElement | null} */
function stepperOf(page) {
  for (const host of page.querySelectorAll("[class*='_stepper'] *")) {
    const found = host.shadowRoot?.querySelector(".stepper");
    if (found instanceof HTMLElement) return found;
  }
  return null;
}

/** @param {HTMLElement} stepper @param {1 | -1} by */
function atEnd(stepper, by) {
  const at = stepper.querySelector("input.at");
  return !(at instanceof HTMLInputElement) || at.value === (by > 0 ? at.max : at.min);
}

/** Hide the pointer while it rests in stage mode. */
export function hideRestingPointer() {
  let timer = 0;
  addEventListener("pointermove", () => {
    clearTimeout(timer);
    document.documentElement.classList.remove("resting");
    timer = setTimeout(() => document.documentElement.classList.toggle("resting", isOn()), REST);
  });
}
