// The studio's numbers: statuses, snapshots on a slider, scales of curves, tiles, ranges, scenes, commands.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as scale from "../../assets/components/studio/curve_scale.js";
import { arrange, tilesOf } from "../../assets/components/studio/layers.js";
import { ownPath, sendCommand } from "../../assets/components/studio/link.js";
import { rangesOf } from "../../assets/components/studio/ranges.js";
import { isAmongScenes, sceneClass, sceneWords, scenesOf } from "../../assets/components/studio/scene_record.js";
import { branchStep, keptSteps, nearest, stopsOf } from "../../assets/components/studio/snapshots.js";
import { checkedStatus, newestAccuracy } from "../../assets/components/studio/status.js";

const status = (sent) =>
  checkedStatus({ state: "running", step: 100, total_steps: 200, snapshots: [0, 50, 100], ...sent });
const run = (sent, more = {}) => ({ status: status(sent), gone: new Set(), at: null, ...more });

test("whatever is sent, a status has every part", () => {
  const empty = checkedStatus({ loss: "x", snapshots: [3, -1, "a", 1], classes: 5, extras: { a: [[1, 2], [null]] } });
  assert.deepEqual([empty.loss, empty.snapshots, empty.classes, empty.rate], [[], [1, 3], [], 0]);
  assert.deepEqual(empty.extras, { a: [[1, 2]] });
  assert.equal(checkedStatus({ title: "x".repeat(900) }).title.length, 500);
  assert.deepEqual(Object.keys(checkedStatus({ task: "boxes" }).extras), ["accuracy", "found"]);
});

test("the newest accuracy is the sampled one where that is newer", () => {
  const both = { evaluations: [[10, 0.5]], sampled: [[20, 0.6]] };
  assert.deepEqual(newestAccuracy(status(both)), { value: 0.6, word: "accuracy, sampled" });
  assert.equal(newestAccuracy(status({ ...both, sampled: [[5, 0.4]] })).value, 0.5);
  assert.equal(newestAccuracy(status({})).value, null);
});

test("snapshots are places of one slider; those that are gone are none", () => {
  const other = run({ total_steps: 100, snapshots: [0, 100] });
  assert.deepEqual(stopsOf([run({}), other]), [0, 0.25, 0.5, 1]);
  assert.deepEqual(keptSteps(run({}, { gone: new Set([50]) })), [0, 100]);
  assert.equal(nearest([0, 0.25, 1], 0.2), 0.25);
});

test("a run goes on from the slider, or from its end once it is over", () => {
  assert.equal(branchStep(run({}), true), null);
  assert.equal(branchStep(run({ state: "finished" }), true), 100);
  assert.equal(branchStep(run({}, { at: 50 }), false), 50);
});

test("ticks are round, also of powers of ten", () => {
  assert.deepEqual(scale.niceTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(scale.niceTicks(0, 937, 4), [0, 500]);
  assert.deepEqual(scale.logTicks(0.09, 1.1), [0.1, 0.2, 0.5, 1]);
  assert.deepEqual(scale.logTicks(0.0009, 11), [0.001, 0.01, 0.1, 1, 10]);
  assert.equal(scale.niceTop(2.31), 2.5);
  assert.equal(scale.niceTop(0), 1);
});

test("the nearest row of a curve", () => {
  const rows = [[0], [10], [20], [30]];
  assert.equal(scale.nearestRow(rows, 14)?.[0], 10);
  assert.equal(scale.nearestRow(rows, 99)?.[0], 30);
  assert.equal(scale.nearestRow([], 5), null);
});

test("a plot's x and its step are each other's way back; one wild loss does not flatten the rest", () => {
  const rows = Array.from({ length: 400 }, (_, i) => [i, i === 7 ? 1e6 : 1, 0.01]);
  const [low, high] = scale.lossRange([status({ loss: rows })], false);
  assert.deepEqual([low, high], [0, 1]);
  const at = scale.plotScale([600, 300], true, [low, high], false, 400);
  assert.ok(Math.abs(at.step(at.x(123)) - 123) < 1e-9);
  assert.ok(at.y(0) > at.y(1));
  assert.deepEqual(scale.closeRange([0.97, 0.993]), [0.95, 1]);
});

/** What the server answers to each request in turn, "none": nothing; returns the requests. Pauses between them take no time. */
function serve(t, ...answers) {
  const requests = [];
  t.mock.method(globalThis, "setTimeout", (go) => queueMicrotask(go));
  t.mock.method(globalThis, "fetch", async (path, { method, body }) => {
    requests.push({ path, method, ...JSON.parse(body) });
    const answer = answers.shift() ?? "none";
    if (answer === "none") throw new TypeError("Failed to fetch");
    return Response.json(...answer);
  });
  return requests;
}

/** Until all that was sent has been answered. */
const settled = () => new Promise((go) => setImmediate(go));
const [DONE, DOWN] = [[{}], [{}, { status: 503 }]];

test("a command that did not arrive is sent again under its id, and the next one waits for it", async (t) => {
  const requests = serve(t, "none", DOWN, DONE, DONE);
  const failed = [];
  sendCommand("/runs/a/commands", "rate", 0.1, (sentence) => failed.push(sentence));
  sendCommand("/runs/a/commands", "stop", null, (sentence) => failed.push(sentence));
  await settled();
  assert.deepEqual(
    requests.map(({ path, method, name, value }) => [path, method, name, value]),
    [...Array(3).fill(["/runs/a/commands", "POST", "rate", 0.1]), ["/runs/a/commands", "POST", "stop", null]],
  );
  assert.deepEqual(new Set(requests.slice(0, 3).map(({ id }) => id)), new Set([requests[0].id]));
  assert.notEqual(requests[3].id, requests[0].id);
  assert.deepEqual(failed, []);
});

test("a command that will not be obeyed says why, and does not hold up the next", async (t) => {
  const requests = serve(t, [{ message: "The run has ended." }, { status: 409 }], ...Array(4).fill("none"), DONE);
  const failed = [];
  for (const name of ["pause", "step", "stop"]) {
    sendCommand("/runs/a/commands", name, null, (sentence) => failed.push(`${name}: ${sentence}`));
  }
  await settled();
  assert.deepEqual(failed, ["pause: The run has ended.", "step: The server could not be reached."]);
  assert.deepEqual(
    requests.map(({ name }) => name),
    ["pause", "step", "step", "step", "step", "stop"],
  );
});

test("no command goes to another machine", async (t) => {
  const requests = serve(t);
  sendCommand("//elsewhere/commands", "stop", null, assert.fail);
  await settled();
  assert.deepEqual(requests, []);
});

test("no path leads to another machine", () => {
  assert.equal(ownPath("/runs/a/events"), "/runs/a/events");
  for (const path of ["//elsewhere", "/\\elsewhere", "http:elsewhere", "runs", null]) assert.equal(ownPath(path), null);
});

const frame = (header, ...arrays) => ({ header: { step: 1, ...header }, arrays });

test("kernels stand one a column, maps one a tile; what does not fit together is left out", () => {
  const kernels = [{ array: 0, shape: [2, 3, 1, 1], layer: "c1", low: -1, high: 1 }];
  const [entry] = tilesOf(frame({ kernels }, new Float32Array(6)), "kernels");
  assert.deepEqual([entry.tiles, entry.fixed, [0, 1, 2, 3].map(entry.source)], [6, 2, [0, 3, 1, 4]]);
  assert.deepEqual(tilesOf(frame({ kernels }, new Float32Array(5)), "kernels"), []);
  assert.deepEqual(tilesOf(frame({ maps: "none" }), "maps"), []);
  const [maps] = tilesOf(frame({ maps: [{ array: 0, shape: [4, 8, 8], layer: "c1" }] }, new Uint8Array(256)), "maps");
  const place = arrange(maps, "maps", 400, 118);
  assert.ok(place.columns * place.tw <= 400 && place.rows * place.th <= 118);
  assert.equal(arrange(maps, "maps", 1, 1).cell, 1);
});

test("the colours of a layer have one range over all runs", () => {
  const one = (low, high, signed) => ({ step: 1, maps: [{ array: 0, layer: "c1", low, high, signed }] });
  assert.deepEqual(rangesOf([one(0, 2, false), one(0, 5, false)]).get("maps c1"), [0, 5]);
  assert.deepEqual(rangesOf([one(-1, 2, true), one(-7, 5, true)]).get("maps c1"), [-7, 7]);
  const weights = [{ array: 0, layer: "c1", low: -1, high: 4 }];
  assert.deepEqual(rangesOf([{ step: 1, weights }]).get("weights c1"), [-1, 4]);
});

test("scenes are read and told", () => {
  const scenes = {
    images: { array: 0, shape: [2, 1, 2] },
    predicted_masks: { array: 1 },
    masks: { array: 2 },
    classes: ["background", "star"],
    labels: [1, 0],
    predicted_labels: [1, 1],
  };
  const sent = frame(
    { scenes, pinned: { ...scenes, images: { array: 3, shape: [1, 1, 2] }, predicted_masks: { array: 4 } } },
    Uint8Array.of(1, 2, 3, 4),
    Uint8Array.of(0, 1, 1, 1),
    Uint8Array.of(0, 1, 0, 1),
    Uint8Array.of(3, 4),
    Uint8Array.of(1, 1),
  );
  const found = scenesOf(sent, "scenes");
  assert.ok(found);
  assert.equal(sceneClass(found, 0), "star ✓");
  assert.equal(sceneClass(found, 1), "star ✗");
  assert.equal(sceneWords(found, 1, 0, 0)[0].text, "said: star ✗, true: background");
  const pinned = scenesOf(sent, "pinned");
  assert.ok(pinned && isAmongScenes(sent, pinned));
  assert.equal(
    scenesOf(frame({ scenes: { images: { array: 0, shape: [2, 2] } } }, Uint8Array.of(1, 2, 3, 4)), "scenes"),
    null,
  );
});
