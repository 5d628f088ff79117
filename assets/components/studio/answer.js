// The studio's panel of the pinned picture: the picture with what the network says of it. Knows one frame; not where it comes from.

import { fillPicture, sizeCanvas } from "../shared/canvas.js";
import { asPercent, clamp, number } from "../shared/numbers.js";
import { floatsOf, productOf } from "./layers.js";
import { createSceneBrush } from "./scene_brush.js";
import { isAmongScenes, sceneIou, sceneWords, scenesOf } from "./scene_record.js";

/** @import { Numbers } from "../shared/types.js" */
/** @import { Frame, Run, Scenes, View } from "./types.js" */

const BAR = 16; // a class's bar, in CSS pixels
const LARGEST_BARS = 224; // all of them together

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function createAnswer(canvas, view) {
  const panel = {
    rows: /** @type {{from: number, to: number, text: string}[]} */ ([]),
    tiles: /** @type {{x: number, y: number, side: number}[]} */ ([]),
    scene: /** @type {Scenes | null} */ (null),
    said: "",
    edge: 0, // left of it are pictures, right of it bars
    paint,
    describe,
    at,
  };
  const picture = document.createElement("canvas");
  const brush = createSceneBrush(view);
  /** @type {Numbers | null} */
  let drawn = null;

  /** @param {Frame} frame */
  function fill(frame) {
    const { shape } = frame.header.input ?? {};
    const pixels = floatsOf(frame, frame.header.input);
    if (!pixels || !Array.isArray(shape) || pixels.length !== productOf(shape)) return false;
    if (pixels === drawn) return true;
    drawn = pixels;
    const [rows, columns, planes = 1] = shape;
    fillPicture(picture, pixels, rows, columns, planes);
    return true;
  }

  /**
   * @param {Frame} frame
   * @param {number} width
   * @param {Run} run
   */
  function paint(frame, width, run) {
    const shares = floatsOf(frame, frame.header.probabilities) ?? new Float32Array();
    const scene = scenesOf(frame, "pinned");
    const masks = Boolean(scene?.saidMasks);
    if (scene && masks && isAmongScenes(frame, scene)) return false;
    const step = Math.min(BAR, LARGEST_BARS / Math.max(1, shares.length));
    const side = masks ? 32 * clamp(Math.floor((width - 4) / 96), 2, 4) : width > 420 ? 128 : 96;
    const top = masks ? side + 28 : 0;
    const height = masks ? top + step * shares.length : Math.max(side + (scene ? 62 : 44), step * shares.length);
    const context = sizeCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    panel.scene = scene;
    panel.tiles = [{ x: 0, y: 0, side }];
    paintPicture(context, frame, side);
    if (scene) paintScene(context, scene, side);
    context.fillStyle = view.theme.text;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.font = `12px ${view.theme.font}`;
    const answer = answerOf(shares, run, frame.header.label ?? null);
    const { label, name, best } = answer;
    if (label !== null && !masks) context.fillText(`true class: ${label}`, 0, side + 17, side + 8);
    context.font = `600 13px ${view.theme.font}`;
    const iou = scene ? sceneIou(scene, 0) : "";
    const right = label === null ? "" : name(best) === label ? " ✓" : " ✗";
    if (masks) context.fillText([iou, "share of the picture:"].filter(Boolean).join(" · "), 0, side + 18, width);
    else if (shares.length) context.fillText(`answer: ${name(best)}${right}`, 0, side + 35, side + 8);
    panel.edge = masks ? 0 : side + 14;
    paintBars(context, answer, { left: panel.edge, top, step, width, masks }, run);
    if (scene && !masks && scene.ious) {
      context.font = `600 13px ${view.theme.font}`;
      context.textBaseline = "alphabetic";
      context.fillText(iou, 0, side + 54);
    }
    const said = shares.length ? `the answer is ${name(best)} with ${asPercent(shares[best])}` : "no answer yet";
    panel.said = masks ? iou : said;
    return true;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Frame} frame
   * @param {number} side
   */
  function paintPicture(context, frame, side) {
    if (!fill(frame)) return;
    context.drawImage(picture, 0, 0, side, side);
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(0.5, 0.5, side - 1, side - 1);
  }

  /**
   * The masks stand beside the picture, boxes on it.
   * @param {CanvasRenderingContext2D} context
   * @param {Scenes} scene
   * @param {number} side
   */
  function paintScene(context, scene, side) {
    const { masks, saidMasks, boxes, saidBoxes } = scene;
    if (saidMasks) {
      for (const each of [masks, saidMasks]) {
        if (!each) continue;
        const at = { x: panel.tiles.length * (side + 2), y: 0, side };
        panel.tiles.push(at);
        brush.mask(context, scene, each, 0, at);
      }
      return;
    }
    if (boxes) brush.box(context, boxes, 0, panel.tiles[0], true);
    if (saidBoxes) brush.box(context, saidBoxes, 0, panel.tiles[0], false);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {ReturnType<typeof answerOf>} returnType
   * @param {{left: number, top: number, step: number, width: number, masks: boolean}} place
   * @param {Run} run
   */
  function paintBars(context, { shares, classes, label, name, best }, { left, top, step, width, masks }, run) {
    const names = Math.max(14, ...classes.map((text) => context.measureText(text).width));
    const words = Math.min(78, names + 2);
    const room = clamp(width - left - words - 8 - 50, 30, 220);
    panel.rows = [];
    context.textBaseline = "middle";
    for (let i = 0; i < shares.length; i++) {
      const y = top + i * step + step / 2;
      const bold = !masks && (name(i) === label || i === best);
      context.font = `${bold ? 600 : 400} ${Math.min(12.5, step - 2)}px ${view.theme.font}`;
      context.fillStyle = view.theme.text;
      context.textAlign = "right";
      context.fillText(name(i), left + words, y, words);
      context.fillStyle = view.theme.panel;
      context.fillRect(left + words + 8, y - step * 0.34, room, step * 0.68);
      const ofItsClass = `rgb(${view.palette[i % view.palette.length]?.join(",")})`;
      context.fillStyle = masks ? ofItsClass : i === best ? run.colour : view.theme.muted;
      context.fillRect(left + words + 8, y - step * 0.34, Math.max(0.5, room * shares[i]), step * 0.68);
      context.fillStyle = view.theme.text;
      context.textAlign = "left";
      context.fillText(asPercent(shares[i]), left + words + 14 + room, y);
      panel.rows.push({ from: top + i * step, to: top + (i + 1) * step, text: `${name(i)}: ${number(shares[i])}` });
    }
  }

  /** @param {string} title */
  function describe(title) {
    canvas.setAttribute("aria-label", `${title}: ${panel.said}`);
  }

  /**
   * What is told of a place of the canvas.
   * @param {number} x
   * @param {number} y
   */
  function at(x, y) {
    const tile = panel.tiles.find((each) => x >= each.x && x < each.x + each.side && y < each.side);
    if (tile && panel.scene) return sceneWords(panel.scene, 0, (x - tile.x) / tile.side, y / tile.side);
    const row = x >= panel.edge && panel.rows.find(({ from, to }) => y >= from && y < to);
    return row ? [{ text: row.text, strong: true }] : null;
  }

  return panel;
}

/**
 * What the network says: the shares of the classes, the largest of them, and what is true.
 * @param {Numbers} shares
 * @param {Pick<Run, "status">} run
 * @param {string | null} label
 */
function answerOf(shares, run, label) {
  const classes = run.status?.classes ?? [];
  /** @param {number} i */
  const name = (i) => classes[i] ?? String(i);
  return { shares, classes, label, name, best: Math.max(0, shares.indexOf(Math.max(...shares))) };
}
