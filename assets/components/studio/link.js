// What the studio hears from the server and says to it: one stream a run, single frames on request, commands.
// Knows messages, not what they look like.
// The only component that asks for anything, and only for paths on its own server.

import { unpack } from "../shared/wire.js";

/** @import { Frame } from "./types.js" */

const FIRST_WAIT = 500; // milliseconds before the first try to reconnect, and the longest
const LONGEST_WAIT = 8000;
const MOST_FRAMES = 72; // kept a run: some 100 kB each

/** @param {string} text */
function fromBase64(text) {
  const native = /** @type {{fromBase64?: (text: string) => Uint8Array}} */ (/** @type {unknown} */ (Uint8Array));
  if (native.fromBase64) return native.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/**
 * A path on this server, or null: an address of another machine is never opened.
 * @param {unknown} path
 */
export function ownPath(path) {
  return typeof path === "string" && /^[/][^/\\]/.test(path) ? path : null;
}

const TRIES = [300, 1500, 4000]; // milliseconds before a command that did not arrive is sent again
let sending = Promise.resolve(); // commands arrive in the order in which they were given

/**
 * One command to a run. The server acts once on each id, so that it may be sent again.
 * @param {string} path
 * @param {string} name
 * @param {number | null} value
 * @param {(sentence: string) => void} fail - it will not be obeyed
 */
export function sendCommand(path, name, value, fail) {
  const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const body = JSON.stringify({ id, name, value });
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  async function send() {
    for (const pause of [...TRIES, null]) {
      try {
        const answer = await fetch(path, request);
        if (answer.status < 500) {
          if (!answer.ok) fail((await answer.json()).message);
          return;
        }
      } catch {
        // It may have come or not: once more, under the same id.
      }
      if (pause) await new Promise((go) => setTimeout(go, pause));
    }
    fail("The server could not be reached.");
  }
  if (ownPath(path)) sending = sending.then(send, send);
}

/**
 * hear: {status(status), frame(frame), lost(seconds|null)}; `lost` with null says that the stream is back.
 * @param {string} path
 * @param {{status: (status: Record<string, unknown>) => void, frame: (bytes: Uint8Array) => void, lost: (seconds: number | null) => void}} hear
 */
export function createStream(path, hear) {
  /** @type {EventSource | null} */
  let source = null;
  let [timer, wait, lost, closed] = [0, FIRST_WAIT, false, false];

  function open() {
    clearTimeout(timer);
    if (closed || source || document.hidden || !ownPath(path)) return;
    source = new EventSource(path);
    source.addEventListener("status", (event) => {
      wait = FIRST_WAIT;
      if (lost) hear.lost(null);
      lost = false;
      guarded(() => hear.status(JSON.parse(event.data)));
    });
    source.addEventListener("frame", (event) => guarded(() => hear.frame(fromBase64(event.data))));
    source.addEventListener("error", () => {
      shut();
      if (closed || document.hidden) return;
      lost = true;
      hear.lost(Math.ceil(wait / 1000));
      timer = window.setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT, wait * 2);
    });
  }

  /**
   * One message that cannot be read must not end the stream.
   * @param {() => void} use
   */
  function guarded(use) {
    try {
      use();
    } catch (error) {
      console.warn("studio: a message could not be read", error);
    }
  }

  function shut() {
    source?.close();
    source = null;
  }

  // A tab that nobody sees gives its connection back: a browser has six to one server, over all its tabs.
  function turn() {
    if (document.hidden) {
      clearTimeout(timer);
      shut();
    } else open();
  }

  document.addEventListener("visibilitychange", turn);
  open();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", turn);
      shut();
    },
  };
}

/**
 * Frames of one run by step. At most one request at a time; the newest wish wins; neighbours are fetched when nothing else is.
 * hear: {frame(frame, step), gone(step), failed(step, message)}
 * @param {string} prefix
 * @param {{frame: (frame: Frame, step: number) => void, gone: (step: number) => void, failed: (step: number, message: string) => void}} hear
 */
export function createStore(prefix, hear) {
  /** @type {Map<number, Frame>} step → frame, the least recently used first */
  const kept = new Map();
  /** @type {number | null} */
  let wanted = null;
  /** @type {number | null} */
  let flying = null;
  /** @type {number[]} */
  let ahead = [];
  let closed = false;

  /** @param {number} step */
  function look(step) {
    const found = kept.get(step);
    if (found) {
      kept.delete(step);
      kept.set(step, found);
    }
    return found;
  }

  /**
   * @param {number} step
   * @param {number[]} [neighbours]
   */
  function want(step, neighbours = []) {
    [wanted, ahead] = [step, neighbours];
    const found = look(step);
    if (found) {
      wanted = null;
      hear.frame(found, step);
    }
    fly();
  }

  async function fly() {
    if (flying !== null || closed || !ownPath(prefix)) return;
    const step = wanted ?? ahead.find((near) => !kept.has(near));
    if (step === undefined || step === null) return;
    flying = step;
    ahead = ahead.filter((near) => near !== step);
    /** @type {Frame | null} */
    let found = null;
    /** @type {(() => void) | null} */
    let again = null;
    try {
      const answer = await fetch(`${prefix}${step}`);
      if (answer.status === 404) again = () => hear.gone(step);
      else if (!answer.ok) again = () => hear.failed(step, `The server answered ${answer.status}.`);
      else found = unpack(new Uint8Array(await answer.arrayBuffer()));
    } catch {
      again = () => hear.failed(step, "The server could not be reached.");
    }
    flying = null;
    if (closed) return;
    const mine = wanted === step;
    if (mine) wanted = null;
    if (found) {
      kept.set(step, found);
      if (kept.size > MOST_FRAMES) kept.delete([...kept.keys()][0]);
      if (mine) hear.frame(found, step);
    } else {
      if (!mine) ahead = [];
      again?.();
    }
    fly();
  }

  return {
    want,
    clear: () => kept.clear(),
    forget() {
      [wanted, ahead] = [null, []];
    },
    busy: () => wanted !== null,
    close() {
      closed = true;
    },
  };
}
