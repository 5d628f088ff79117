// What becomes an entry of the browser's history.

import assert from "node:assert/strict";
import { test } from "node:test";

import { keepHistory } from "../../assets/components/frame/history.js";

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
  const document = { documentElement: { dataset: {} } };
  Object.assign(globalThis, { document, history: new History(), location: new URL(address) });
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
