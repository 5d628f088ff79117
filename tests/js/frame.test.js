// What becomes an entry of the browser's history.

import assert from "node:assert/strict";
import { test } from "node:test";

import { keepHistory } from "../../assets/components/frame/history.js";
import { meaning, show, withStage, zoom } from "../../assets/components/frame/mode.js";

/** A browser at an address: its history keeps all entries, the present one last. */
function browse(address) {
  const entries = [address];
  const go = (url) => {
    entries.push(new URL(url ?? globalThis.location.href, globalThis.location.href).href);
    globalThis.location = new URL(entries.at(-1));
  };
  class History {
    pushState(state, title, url) {
      go(url);
    }
    replaceState(state, title, url) {
      entries.pop();
      go(url);
    }
  }
  const document = { documentElement: { dataset: {}, style: { setProperty() {} } } };
  Object.assign(globalThis, { innerWidth: 1280, document, history: new History(), location: new URL(address) });
  return entries;
}

test("another exhibit or another page is an entry of its own; another setting is none", () => {
  const entries = browse("http://here/layers?sample=star");
  keepHistory("sliding");
  history.pushState({}, "", "?exhibit=sliding&kernel=3");
  history.pushState({}, "", "?exhibit=sliding&kernel=5");
  history.pushState({}, "", "?exhibit=edges");
  history.pushState({}, "", "?exhibit=edges&kernel=5");
  history.pushState({}, "", "/pooling");
  assert.deepEqual(entries, [
    "http://here/layers?exhibit=sliding&kernel=5",
    "http://here/layers?exhibit=edges&kernel=5",
    "http://here/pooling",
  ]);
});

test("the next page's first exhibit counts, and its entries are made once", () => {
  const entries = browse("http://here/layers");
  keepHistory("sliding");
  const { pushState } = history;
  keepHistory("pooling");
  assert.equal(history.pushState, pushState);
  history.pushState({}, "", "?exhibit=pooling");
  history.pushState({}, "");
  history.pushState({}, "", "?exhibit=sliding");
  assert.deepEqual(entries, ["http://here/layers?exhibit=pooling", "http://here/layers?exhibit=sliding"]);
});

test("stage mode stays in the address, whatever is written there, and leaves it", () => {
  browse("http://here/layers?exhibit=edges");
  show(true);
  assert.equal(withStage("?exhibit=sliding"), "http://here/layers?exhibit=sliding&stage=1");
  show(false);
  assert.equal(withStage("?exhibit=sliding&stage=1"), "http://here/layers?exhibit=sliding");
  assert.equal(withStage(null), "http://here/layers?exhibit=edges");
});

test("in stage mode 14 pixels are at least 24 on a projector, and never less than they are", () => {
  assert.ok(14 * zoom(1920) >= 24);
  assert.equal(zoom(800), 1);
});

test("a clicker's keys mean a step, the space the answer", () => {
  assert.deepEqual(["PageDown", "ArrowRight"].map(meaning), ["forward", "forward"]);
  assert.deepEqual(["PageUp", "ArrowLeft"].map(meaning), ["back", "back"]);
  assert.deepEqual([" ", "Escape", "a"].map(meaning), ["reveal", "leave", null]);
});
