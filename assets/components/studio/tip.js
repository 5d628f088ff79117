// The studio's tooltip: lines beside the pointer, within the studio. Knows words; not what they are about.

import { element } from "../shared/dom.js";
import { within } from "../shared/keys.js";
import { clamp } from "../shared/numbers.js";

/** @import { Tell } from "./types.js" */

/**
 * @param {HTMLElement} box - the studio
 * @param {HTMLElement} tip
 * @param {HTMLElement} ring - around what the keyboard is on
 * @param {(text: string) => void} say - to those who hear it
 * @returns {Tell}
 */
export function createTip(box, tip, ring, say) {
  return (lines, event) => {
    tip.hidden = !lines?.length || !event;
    ring.hidden = tip.hidden || !event?.around;
    if (!lines || !event || tip.hidden) return;
    if (!(event instanceof Event)) say(lines.map(({ text }) => text).join(", ")); // a mouse's are not said
    const rows = lines.map(({ text, colour, strong }) => {
      const row = element("div", strong ? "strong" : "");
      if (colour) {
        const dot = element("span", "swatch");
        dot.style.background = colour;
        row.append(dot);
      }
      row.append(text);
      return row;
    });
    tip.replaceChildren(...rows);
    const [x, y] = within(event, box);
    if (event.around) {
      const [wide, tall] = event.around;
      Object.assign(ring.style, { width: `${wide}px`, height: `${tall}px` });
      ring.style.transform = `translate(${x - wide / 2}px, ${y - tall / 2}px)`;
    }
    const { offsetWidth: w, offsetHeight: h } = tip;
    const left = clamp(x + 14, 0, Math.max(0, box.getBoundingClientRect().width - w));
    tip.style.transform = `translate(${left}px, ${y > h + 20 ? y - h - 12 : y + 18}px)`;
  };
}
