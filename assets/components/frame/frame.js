// What is done with a page, at the end of its row: open its settings, share its address, mark signs, stage mode. All without the
// server.

/** @import { Component } from "../shared/types.js" */

import { finder, write } from "../shared/dom.js";
import { keepHistory } from "./history.js";
import { keep, kept } from "./keeping.js";
import { keepMended } from "./mending.js";
import { hideRestingPointer, isAsked, isOn, meaning, press, show, step } from "./mode.js";
import { keepWhole } from "./whole.js";

const SETTINGS = "explorer.settings"; // in the browser's storage: "open" where somebody last had them open
const SIGNS = "explorer.signs"; // likewise: "on" where signs are marked
const SAID_FOR = 2000; // milliseconds

let listens = false;
let areOpen = kept(SETTINGS) === "open"; // the settings, where a page has any
let signs = kept(SIGNS) === "on" ? "on" : "off"; // see shared/signs.js

/** @param {Component<{first: string, settings: boolean}>} component */
export default function ({ parentElement, data }) {
  if (isAsked() && !isOn()) show(true); // before anything writes the address
  keepHistory(data.first);
  const { button, find } = finder(parentElement);
  const [settings, share, marks, stage] = [".settings", ".share", ".signs", ".stage"].map(button);
  const turn = () => {
    document.documentElement.dataset.settings = areOpen && data.settings ? "open" : "closed";
    settings.setAttribute("aria-expanded", String(areOpen));
    document.documentElement.dataset.signs = signs;
    marks.setAttribute("aria-pressed", String(signs === "on"));
  };
  settings.hidden = !data.settings;
  turn();
  settings.onclick = () => {
    areOpen = !areOpen;
    keep(SETTINGS, areOpen ? "open" : "closed");
    turn();
  };
  marks.onclick = () => {
    signs = signs === "on" ? "off" : "on";
    keep(SIGNS, signs);
    turn();
  };
  share.onclick = () => copy().then((done) => say(find(".said"), done ? "Copied" : location.href));
  stage.onclick = enter;
  if (!listens) listen();
}

/** The page's own keys, once for all its pages. */
function listen() {
  listens = true;
  hideRestingPointer();
  keepMended();
  keepWhole();
  addEventListener("keydown", hear, true);
  addEventListener("resize", () => show(isOn()));
  addEventListener("popstate", () => show(isAsked()));
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && isOn()) leave();
  });
}

/** @param {KeyboardEvent} event */
function hear(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !event.isTrusted || isTyping(event)) return;
  if (!isOn()) {
    if (event.key === "f") enter();
    return;
  }
  const wanted = meaning(event.key);
  if (!wanted) return;
  event.preventDefault();
  event.stopPropagation();
  if (wanted === "leave") leave();
  else if (wanted === "reveal") press("reveal");
  else step(wanted === "forward" ? 1 : -1);
}

/** @param {boolean} on */
function turnMode(on) {
  show(on);
  history.replaceState(history.state, "", location.href); // keepHistory writes the mode into it
}

function enter() {
  turnMode(true);
  document.documentElement.requestFullscreen?.().catch(() => {}); // not everywhere allowed
}

function leave() {
  turnMode(false);
  if (document.fullscreenElement) document.exitFullscreen();
}

/** @param {Event} event */
function isTyping(event) {
  const at = event.composedPath()[0];
  return at instanceof HTMLElement && at.matches("input:not([type=range]), textarea, select, [contenteditable]");
}

async function copy() {
  try {
    await navigator.clipboard.writeText(location.href);
    return true;
  } catch {
    return false; // no permission, or a page that was not served from this machine
  }
}

/** @param {HTMLElement} at @param {string} text */
function say(at, text) {
  write(at, text);
  setTimeout(() => write(at, ""), SAID_FOR);
}
