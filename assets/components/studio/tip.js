// The studio's tooltip: lines beside the pointer, within the studio. Knows words; not what they are about.

import { element } from "../shared/dom.js";
import { within } from "../shared/keys.js";
import { clamp } from "../shared/numbers.js";

/** @import { Tell } from "./types.js" */

/**
 * @param {HTMLElement} box - the studio
 * @param {HTMLElement} tip
 * @returns {Tell}
 */
export function createTip(box, tip) {
  return (lines, event) => {
    tip.hidden = !lines?.length || !event;
    if (!lines || !event || tip.hidden) return;
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
    const { offsetWidth: w, offsetHeight: h } = tip;
    const left = clamp(x + 14, 0, Math.max(0, box.getBoundingClientRect().width - w));
    tip.style.transform = `translate(${left}px, ${y > h + 20 ? y - h - 12 : y + 18}px)`;
  };
}
