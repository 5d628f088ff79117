// Where pictures, maps and pixels stand, and how names fit there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeRows } from "../../assets/components/network/answer.js";
import { cellsOf, createPanels, placeBest, spotUnder } from "../../assets/components/network/layout.js";
import { fitting, shortened } from "../../assets/components/network/names.js";
import { panelWidth } from "../../assets/components/compare/panel.js";
import { heldOnGrid, heldOnPicture } from "../../assets/components/pixels/fingers.js";
import { layoutOf, NUMBERS_FROM, pixelUnder, placeGrids, readableSide } from "../../assets/components/pixels/layout.js";
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
  const { gridsSize, kind, scale } = layoutOf(1200, 700, 120, { rows: 300, columns: 450 });
  assert.equal(kind, "wide");
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

for (const [width, height, kind] of /** @type {[number, number, string][]} */ ([
  [1248, 614, "wide"],
  [912, 614, "wide"],
  [1888, 894, "wide"],
  [600, 606, "tall"],
  [366, 0, "phone"],
])) {
  test(`picture, panel and grids find room in ${width}×${height}`, () => {
    for (const picture of [
      PICTURE,
      { rows: 300, columns: 450 },
      { rows: 28, columns: 28 },
      { rows: 400, columns: 90 },
    ]) {
      const panel = 110;
      const found = layoutOf(width, height, panel, picture);
      const [[wide, high], [across, down]] = [found.gridsSize, found.overviewSize];
      assert.equal(found.kind, kind);
      assert.ok(wide <= width && across <= width);
      assert.ok(Math.abs(across / down - picture.columns / picture.rows) < 1e-9); // true to its shape
      if (kind === "wide") {
        assert.ok(across + wide < width && high <= height && down + panel < height);
        assert.ok(high > 0.9 * height || wide > 0.6 * width);
      }
      if (kind === "tall") assert.ok(down + high < height);
      const side = readableSide(found.gridsSize, true);
      const region = { top: 0, left: 0, rows: side, columns: side, side };
      const grids = placeGrids(found.gridsSize, region, ["R", "G", "B"], true);
      assert.ok(side >= 4 && grids.every(({ cell }) => cell >= NUMBERS_FROM));
    }
  });
}

const GRID = { x: 100, y: 50, cell: 20 };

test("one finger on a grid takes its pixels along, and the picture's edge holds them", () => {
  const up = heldOnGrid(REGION, [[200, 200]], [[140, 160]], GRID, PICTURE);
  assert.deepEqual(up, { ...REGION, top: 6, left: 13 });
  assert.equal(heldOnGrid(REGION, [[200, 200]], [[2000, 200]], GRID, PICTURE).left, 0);
});

test("two fingers on a grid: what lies between them stays there and is shown larger or smaller", () => {
  const from = /** @type {[number, number][]} */ ([
    [160, 110],
    [240, 110],
  ]);
  const apart = heldOnGrid(REGION, from, [[120, 110], [280, 110]], GRID, PICTURE); // prettier-ignore
  assert.equal(apart.side, 6); // half as many pixels, twice as large
  const pixel = REGION.left + (200 - GRID.x) / GRID.cell;
  assert.ok(Math.abs(apart.left + (200 - GRID.x) / (2 * GRID.cell) - pixel) <= 0.5);
  const closer = heldOnGrid(REGION, from, [[180, 110], [220, 110]], GRID, PICTURE); // prettier-ignore
  assert.deepEqual([closer.side, closer.rows, closer.columns], [24, 20, 24]);
  assert.equal(heldOnGrid(REGION, from, [[0, 110], [1000, 110]], GRID, PICTURE).side, 4); // prettier-ignore
});

test("two fingers on the whole picture draw the region larger and take it along", () => {
  const from = /** @type {[number, number][]} */ ([
    [30, 20],
    [50, 20],
  ]);
  const larger = heldOnPicture(REGION, from, [[40, 20], [70, 20]], 5, PICTURE); // prettier-ignore
  assert.deepEqual([larger.side, larger.rows, larger.columns], [18, 18, 18]);
  assert.deepEqual([larger.top, larger.left], [1, 10]); // its middle goes three columns to the right, as the fingers' does
  assert.equal(heldOnPicture(REGION, from, [[30, 20], [31, 20]], 5, PICTURE).side, 4); // prettier-ignore
});

test("the panel of a comparison is as wide as its kernel needs, and never wider than its room", () => {
  assert.deepEqual([panelWidth(3, 1200), panelWidth(9, 1200), panelWidth(9, 366)], [304, 468, 366]);
});
