// Stage mode shows a thing whole or not at all: nobody scrolls at a lectern, and half a chart tells nothing. Knows places and
// boxes; not what stands there.

import { isOn } from "./mode.js";

const EVERY = 250; // milliseconds: what is shown grows while it is trained and drawn, also where no observer looks
const OVER = 1.5; // pixels that are nobody's fault: browsers round
const PLACE = ".st-key-stage";
const PART = "[data-whole]"; // within a component: what is whole by itself

/** @type {Set<HTMLElement>} what is hidden here */
const hidden = new Set();
let wasOn = false;

/** Look again and again, while stage mode is on. */
export function keepWhole() {
  setInterval(hideCut, EVERY);
  addEventListener("resize", hideCut);
  addEventListener("scroll", hideCut, true); // who scrolls sees what comes as soon as it is whole
}

function hideCut() {
  const on = isOn();
  if (!on && !wasOn) return; // nothing to hide, nothing to undo
  wasOn = on;
  const stage = document.querySelector(PLACE);
  const parts = stage ? [...partsOf(stage, on)] : [];
  const wanted = new Set(on && stage ? parts.filter((part) => isCut(part, stage)) : []);
  for (const part of hidden) {
    if (wanted.has(part)) continue;
    part.style.opacity = "";
    hidden.delete(part);
  }
  for (const part of wanted) {
    part.style.opacity = "0"; // it keeps its place: nothing moves; and Streamlit makes parts of it visible again
    hidden.add(part);
  }
}

/** @param {Element} stage @param {boolean} on @returns {Generator<HTMLElement>} */
function* partsOf(stage, on) {
  for (const place of stage.querySelectorAll(".stElementContainer")) {
    if (!(place instanceof HTMLElement) || !place.offsetHeight) continue;
    const component = place.querySelector(".stBidiComponent");
    const parts = component ? wholesIn(component) : [];
    if (component) place.style.setProperty("--above", on ? `${above(place, stage)}px` : "");
    if (parts.length) yield* parts;
    else yield place;
  }
}

/** @param {Element} component @returns {HTMLElement[]} */
function wholesIn(component) {
  const roots = [...component.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  return roots.flatMap((root) => [...root.querySelectorAll(PART)]).filter((part) => part instanceof HTMLElement);
}

/** How much stands above a place, in the stage's own pixels. @param {HTMLElement} place @param {Element} stage */
function above(place, stage) {
  const [top, zoom] = [place.getBoundingClientRect().top, place.currentCSSZoom || 1];
  return Math.round((top - stage.getBoundingClientRect().top) / zoom + stage.scrollTop);
}

/**
 * Whether a part of it is out of sight. What is taller than its place is scrolled, and shown while half the place is its own.
 * @param {HTMLElement} part
 * @param {Element} stage
 */
function isCut(part, stage) {
  const { top, height } = part.getBoundingClientRect();
  const inner = part.matches(PART) ? part.scrollHeight * (part.currentCSSZoom || 1) : 0; // a chart's edges are Plotly's
  const tall = Math.max(height, inner);
  for (let at = around(part); at; at = around(at)) {
    const box = at.getBoundingClientRect();
    const needed = tall <= box.height + OVER ? tall : box.height / 2;
    const fits = top >= box.top - OVER && top + needed <= box.bottom + OVER;
    if (!fits && getComputedStyle(at).overflowY !== "visible") return true;
    if (at === stage) break;
  }
  return false;
}

/** The element around it, out of a component too. @param {Element} element */
function around(element) {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
