// Keys and pointers as steps and places. Knows events; not what moves.

import { zoomOf } from "./dom.js";

/** @import { Pointer } from "./types.js" */

/**
 * The arrow keys as [rows, columns].
 * @type {Readonly<Record<string, readonly [number, number]>>}
 */
export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Where a pointer is within an element, in CSS pixels.
 * @param {Pointer} event
 * @param {Element} element
 * @returns {[x: number, y: number]}
 */
export function within(event, element) {
  const [box, zoom] = [element.getBoundingClientRect(), zoomOf(element)];
  return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
}

/**
 * This key has been used: neither the browser nor the page does anything else with it.
 * @param {Event} event
 */
export function used(event) {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Do what a key means, unless it is typed into a field, belongs to the browser, or presses a button.
 * @param {HTMLElement} element
 * @param {(key: string) => (() => void) | undefined} meaning
 */
export function listenForKeys(element, meaning) {
  element.addEventListener("keydown", (event) => {
    const from = event.target instanceof Element ? event.target.tagName : "";
    if (from === "INPUT" || event.ctrlKey || event.metaKey || (event.key === " " && from === "BUTTON")) return;
    const act = meaning(event.key);
    if (!act) return;
    used(event);
    act();
  });
}
