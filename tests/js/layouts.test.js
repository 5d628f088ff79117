// Where pictures, maps and pixels stand, and how names fit there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeRows } from "../../assets/components/network/answer.js";
import { cellsOf, createPanels, placeBest, spotUnder } from "../../assets/components/network/layout.js";
import { fitting, shortened } from "../../assets/components/network/names.js";
import { layoutOf, pixelUnder, placeGrids } from "../../assets/components/pixels/layout.js";
import { longestSide, moved, resized, showing } from "../../assets/components/pixels/region.js";

const HEADER = {
  steps: [
    { title: "your picture", subtitle: "", shapeText: "1 @ 28×28", rowsOfPixels: 28, columnsOfPixels: 28, planes: 1 },
  ],
  layers: [
    { name: "c1", title: "c1", subtitle: "", shapeText: "6 @ 28×28", shape: [6, 28, 28], channels: [0, 1, 2, 3, 4, 5] },
    { name: "f6", title: "f6", subtitle: "", shapeText: "84", shape: [84, 1, 1], channels: [...Array(84).keys()] },
  ],
};

for (const width of [360, 800, 1600]) {
  test(`at ${width} pixels no panel leaves the canvas or lies on another`, () => {
    const panels = createPanels(HEADER);
    const height = placeBest(panels, width, 600, false);
    for (const one of panels) {
      assert.ok(one.x >= 0 && one.x + one.width <= width, one.key);
      assert.ok(one.y >= 0 && one.y + one.height <= height, one.key);
      for (const other of panels) {
        if (one === other) continue;
        const apart = one.x + one.width <= other.x || other.x + other.width <= one.x;
        assert.ok(apart || one.y + one.height <= other.y || other.y + other.height <= one.y);
      }
    }
  });
}

test("under the middle of a map's cell is that cell", () => {
  const panels = createPanels(HEADER);
  placeBest(panels, 1200, 600, false);
  const c1 = panels[1];
  assert.equal(c1.kind, "layer");
  const [rows, columns] = cellsOf(c1);
  const spot = spotUnder(panels, c1.x + (3.5 * c1.mapWidth) / columns, c1.y + (7.5 * c1.mapHeight) / rows);
  assert.deepEqual([spot?.panel.key, spot?.channel, spot?.row, spot?.column], ["c1", 0, 7, 3]);
  const below = spotUnder(panels, c1.x + 1, c1.y + c1.mapHeight + 3);
  assert.equal(below?.channel, c1.columns);
  assert.equal(spotUnder(panels, -5, -5), null);
});

test("maps grow with the room that there is, in height too", () => {
  const [low, high] = [300, 900].map((room) => {
    const panels = createPanels(HEADER);
    assert.ok(placeBest(panels, 1200, room, true) <= room);
    return panels[1].kind === "layer" ? panels[1].mapHeight : 0;
  });
  assert.ok(high > 1.5 * low, `${low} and ${high}`);
});

test("ten digits stand in two columns of bars, five names in one, and none leaves the canvas", () => {
  const digits = [...Array(10).keys()].map((digit) => ({ label: String(digit), probability: 0.1 }));
  const two = placeRows(digits);
  assert.deepEqual([two.places[4].x, two.places[5].y], [0, two.places[0].y]);
  assert.equal(two.places[5].x + two.wide, two.width);
  const one = placeRows([..."abcde"].map((label) => ({ label: `${label} long name`, probability: 0.2 })));
  assert.ok(one.places.every(({ x, y }) => x === 0 && y < 112));
  assert.ok(one.step >= 18); // room for 14 pixels
});

test("a long name is cut in its middle, by signs and not by halves of one", () => {
  assert.equal(shortened("layer1.0.conv1", 48), "layer1.0.conv1");
  assert.equal(shortened("features.denseblock1.conv2", 13), "featur….conv2");
  assert.equal(shortened("😀😀😀😀😀", 3), "😀…😀");
});

test("a name takes as much of its room as it can, its letters set a little closer", () => {
  const context = { measureText: (/** @type {string} */ text) => ({ width: 10 * [...text].length }) };
  assert.equal(fitting(context, "denseblock", 70), "denseblock");
  assert.equal(fitting(context, "denseblock1", 70), "dense…ock1");
  assert.equal(fitting(context, "denseblock1", 1), "d…1");
});

const PICTURE = { rows: 20, columns: 100 };
const REGION = { top: 4, left: 10, rows: 12, columns: 12, side: 12 };

test("a region stays within its picture", () => {
  assert.deepEqual(moved(REGION, -3, 99, PICTURE), { ...REGION, top: 0, left: 88 });
  const large = resized(REGION, 60, PICTURE);
  assert.equal(longestSide(PICTURE), 48);
  assert.deepEqual([large.rows, large.columns, large.top], [20, 48, 0]);
  assert.equal(resized(REGION, 1, PICTURE).side, 4);
});

test("a region grows about its middle and follows a pixel", () => {
  const larger = resized(REGION, 14, PICTURE);
  assert.deepEqual([larger.top, larger.left], [3, 9]);
  assert.equal(showing(REGION, 5, 30, PICTURE).left, 19);
  assert.deepEqual(showing(REGION, 5, 15, PICTURE), REGION);
});

test("grids of a colour picture stand two by two; under each cell is its pixel", () => {
  const { gridsSize, narrow, scale } = layoutOf(1200, 900, { rows: 300, columns: 450 });
  assert.equal(narrow, false);
  assert.ok(scale > 0 && scale < 2);
  const grids = placeGrids(gridsSize, REGION, ["R", "G", "B"], true);
  assert.deepEqual(
    grids.map(({ plane, title }) => [plane, title]),
    [
      [-1, "R, G and B together"],
      [0, "R"],
      [1, "G"],
      [2, "B"],
    ],
  );
  for (const { x, y, cell } of grids) {
    assert.deepEqual(pixelUnder(grids, REGION, x + 2.5 * cell, y + 0.5 * cell), { row: 4, column: 12 });
  }
  assert.equal(placeGrids(gridsSize, REGION, null, true).length, 1);
});
