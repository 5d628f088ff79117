// The studio's panel of test scenes: as many as fit, side by side or over each other. Knows the panel; not how boxes and masks are
// learned.

import { sizeCanvas } from "../shared/canvas.js";
import { zoomOf } from "../shared/dom.js";
import { createSceneBrush } from "./scene_brush.js";
import { sceneClass, sceneIou, sceneWords, scenesOf } from "./scene_record.js";

/** @import { Frame, SceneMode, Scenes, Square, View } from "./types.js" */

const SCENE_GAP = 22; // between two scenes
const SCENE_WORDS = 19; // the line beneath a scene, and the one above a row's first
const SCENE_ROOM = 500; // CSS pixels that a panel may be high
const SHARE_ON_STAGE = 0.3; // of the window, where the stage is enlarged and everything has to be seen at once
const LARGEST_CELL = 7; // CSS pixels of a picture's pixel
const TILES_GAP = 2; // between picture, truth and answer

/**
 * As many scenes as fit, as large as they may be. tiles: pictures of one scene beside each other
 * @param {Scenes} scenes
 * @param {number} tiles
 * @param {number} width
 * @param {number} height
 * @param {number} ratio
 */
function arrangeScenes(scenes, tiles, width, height, ratio) {
  const most = Math.min(LARGEST_CELL, Math.floor((height - SCENE_WORDS) / scenes.rows));
  let best = { tiles, across: 1, down: 1, side: 0, shown: 0, worth: -1 };
  for (let across = 1; across <= scenes.count; across++) {
    const room = (width - (across - 1) * SCENE_GAP) / across - (tiles - 1) * TILES_GAP;
    const cell = Math.min(most, Math.floor((room / tiles / scenes.columns) * ratio) / ratio);
    if (cell < 2.5 && across > 1) break;
    const side = Math.max(2, cell) * scenes.columns;
    const down = Math.max(1, Math.min(Math.ceil(scenes.count / across), Math.floor(height / (side + SCENE_WORDS))));
    const shown = Math.min(scenes.count, across * down);
    const place = { tiles, across, down, side, shown };
    // As many as six scenes are worth smaller pixels, more are not.
    const worth = (Math.min(6, shown) + 0.05 * shown) * side;
    if (worth > best.worth) best = { ...place, worth };
  }
  const wide = best.tiles * best.side + (best.tiles - 1) * TILES_GAP;
  const gap = best.across > 1 ? Math.min(SCENE_GAP, (width - best.across * wide) / (best.across - 1)) : 0;
  return { ...best, wide, gap };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function createScenes(canvas, view) {
  const panel = {
    cells: /** @type {{i: number, x: number, y: number, side: number}[]} */ ([]),
    scenes: /** @type {Scenes | null} */ (null),
    first: 0,
    paint,
    title,
    describe,
    at,
  };
  const brush = createSceneBrush(view);

  /**
   * @param {Frame} frame
   * @param {number} width
   */
  function paint(frame, width) {
    const scenes = scenesOf(frame, "scenes");
    panel.scenes = scenes;
    panel.cells = [];
    if (!scenes) return false;
    const beside = scenes.saidMasks && view.sceneMode === "beside" ? 3 : 1;
    const ratio = window.devicePixelRatio || 1;
    const zoom = zoomOf(canvas);
    const room = zoom > 1 ? (SHARE_ON_STAGE * window.innerHeight) / zoom : SCENE_ROOM;
    const { tiles, across, shown, side, wide, gap } = arrangeScenes(scenes, beside, width, room, ratio);
    const head = tiles > 1 ? SCENE_WORDS : 2;
    const height = head + Math.ceil(shown / across) * (side + SCENE_WORDS + 5);
    const context = sizeCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    context.textBaseline = "alphabetic";
    const mode = scenes.masks ? view.sceneMode : view.sceneMode === "wrong" ? "over" : view.sceneMode;
    panel.first = Math.min(view.sceneFrom, scenes.count - shown);
    view.sceneShown = shown;
    view.sceneNext = panel.first + shown < scenes.count ? panel.first + shown : 0;
    for (let place = 0; place < shown; place++) {
      const i = panel.first + place;
      const x = Math.round((place % across) * (wide + gap));
      const y = head + Math.floor(place / across) * (side + SCENE_WORDS + 5);
      /** @param {number} k */
      const at = (k) => ({ x: x + k * (side + TILES_GAP), y, side });
      paintScene(context, scenes, i, at, tiles, mode);
      for (let k = 0; k < tiles; k++) panel.cells.push({ i, ...at(k) });
      context.fillStyle = view.theme.text;
      context.textAlign = "left";
      if (tiles > 1 && place < across) {
        context.font = `12px ${view.theme.font}`;
        ["picture", scenes.masks ? "truth" : "", "network"].forEach((word, k) =>
          context.fillText(word, at(k).x, head - 6, side),
        );
      }
      context.font = `600 13px ${view.theme.font}`;
      context.fillText(sceneIou(scenes, i), tiles > 1 ? at(2).x : x, y + side + 15, side);
      const named = sceneClass(scenes, i);
      if (named) {
        context.font = `13px ${view.theme.font}`;
        context.textAlign = "right";
        context.fillText(named, x + side, y + side + 15, side * 0.6);
      }
    }
    return true;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Scenes} scenes
   * @param {number} i
   * @param {(k: number) => Square} at
   * @param {number} tiles
   * @param {SceneMode} mode
   */
  function paintScene(context, scenes, i, at, tiles, mode) {
    const { masks, saidMasks, boxes, saidBoxes } = scenes;
    if (saidMasks && tiles > 1) {
      brush.picture(context, scenes, i, at(0));
      if (masks) brush.mask(context, scenes, masks, i, at(1));
      brush.mask(context, scenes, saidMasks, i, at(2));
    } else if (saidMasks && masks && mode === "wrong") brush.wrong(context, scenes, masks, saidMasks, i, at(0));
    else if (saidMasks) brush.over(context, scenes, saidMasks, i, at(0));
    else {
      brush.picture(context, scenes, i, at(0));
      if (boxes) brush.box(context, boxes, i, at(0), true);
      if (saidBoxes) brush.box(context, saidBoxes, i, at(0), false);
    }
  }

  function title() {
    const shown = new Set(panel.cells.map(({ i }) => i)).size;
    const count = panel.scenes?.count ?? 0;
    if (shown === count) return `${shown} of the test set, never learned from`;
    return `${panel.first + 1} to ${panel.first + shown} of ${count} test scenes`;
  }

  /** @param {string} title */
  function describe(title) {
    const { scenes } = panel;
    const told = scenes?.ious?.map((_, i) => `picture ${i + 1} ${sceneIou(scenes, i)} ${sceneClass(scenes, i)}`);
    canvas.setAttribute("aria-label", `${title}: ${scenes ? (told?.join("; ") ?? "") : "nothing yet"}`);
  }

  /**
   * What is told of a place of the canvas.
   * @param {number} px
   * @param {number} py
   */
  function at(px, py) {
    const cell = panel.cells.find(({ x, y, side }) => px >= x && py >= y && px < x + side && py < y + side);
    if (!cell || !panel.scenes) return null;
    return sceneWords(panel.scenes, cell.i, (px - cell.x) / cell.side, (py - cell.y) / cell.side);
  }

  return panel;
}
