// Numbers for the studio's commands. Knows that Streamlit may lose one; not what a command does.

/** @import { Command, Numbered } from "./types.js" */

const RECENT = 30_000; // milliseconds for which a command goes along with later ones
const MOST_EARLIER = 8; // how many do

/**
 * Of two commands that come quickly the first is lost on its way: each takes along those before it, and all are numbered.
 * @returns {(command: Command, now?: number) => Numbered & {earlier: Numbered[]}}
 */
export function createNumbering() {
  /** @type {Numbered[]} */
  let sent = [];
  return (command, now = Date.now()) => {
    const earlier = sent.filter(({ number }) => number > now - RECENT).slice(-MOST_EARLIER);
    const one = { ...command, number: Math.max(now, (sent.at(-1)?.number ?? 0) + 1) };
    sent = [...earlier, one];
    return { ...one, earlier };
  };
}
