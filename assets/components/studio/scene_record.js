// Test pictures of a run that learns masks or boxes, with what is true and what the network says of each. Knows one frame's
// scenes and their words; draws nothing.

import { withDecimals } from "../shared/numbers.js";
import { floatsOf, productOf } from "./layers.js";

/** @import { Numbers } from "../shared/types.js" */
/** @import { Entry, Frame, Line, Scenes } from "./types.js" */

/**
 * The scenes of a frame (kind: scenes or pinned) with their arrays, or null where there are none or they do not fit together.
 * @param {Frame} frame
 * @param {"scenes" | "pinned"} kind
 */
export function scenesOf(frame, kind) {
  const sent = frame.header[kind];
  const shape = sent?.images?.shape;
  const images = floatsOf(frame, sent?.images);
  if (!sent || !images || !Array.isArray(shape) || images.length !== productOf(shape) || shape.length < 3) return null;
  const [count, rows, columns, planes = 1] = shape;
  /**
   * @param {Entry | undefined} entry
   * @param {number} length
   */
  const fitting = (entry, length) => {
    const values = floatsOf(frame, entry);
    return values?.length === length ? values : null;
  };
  /** @param {number[] | undefined} values */
  const listed = (values) => (Array.isArray(values) && values.length === count ? values : null);
  const found = {
    count,
    rows,
    columns,
    planes,
    images,
    classes: (Array.isArray(sent.classes) ? sent.classes : []).map(String),
    masks: fitting(sent.masks, count * rows * columns),
    saidMasks: fitting(sent.predicted_masks, count * rows * columns),
    boxes: fitting(sent.boxes, count * 4),
    saidBoxes: fitting(sent.predicted_boxes, count * 4),
    labels: listed(sent.labels),
    saidLabels: listed(sent.predicted_labels),
    ious: listed(sent.ious),
  };
  return found.saidMasks || found.saidBoxes ? found : null;
}

/**
 * Whether the pinned picture is one of the scenes, which are shown anyway.
 * @param {Frame} frame
 * @param {Scenes} pinned
 */
export function isAmongScenes(frame, pinned) {
  const scenes = scenesOf(frame, "scenes");
  const size = pinned.images.length;
  if (!scenes) return false;
  const starts = Array.from({ length: scenes.count }, (_, i) => i * size);
  return starts.some((from) => pinned.images.every((value, p) => value === scenes.images[from + p]));
}

/**
 * @param {Scenes} scenes
 * @param {number} i
 */
export function sceneIou(scenes, i) {
  const iou = scenes.ious?.[i];
  return iou !== undefined && Number.isFinite(iou) ? `IoU ${Math.round(100 * iou)} %` : "";
}

/**
 * "star ✓", "circle ✗ star" (said, true), or what is said where the truth is not known.
 * @param {Scenes} scenes
 * @param {number} i
 */
export function sceneClass(scenes, i) {
  if (!scenes.saidLabels) return "";
  const said = scenes.classes[scenes.saidLabels[i]] ?? "?";
  if (!scenes.labels) return said;
  return scenes.labels[i] === scenes.saidLabels[i] ? `${said} ✓` : `${said} ✗`;
}

/**
 * What stands under a place of one scene: (u, v) in [0, 1) from its upper left corner.
 * @param {Scenes} scenes
 * @param {number} i
 * @param {number} u
 * @param {number} v
 */
export function sceneWords(scenes, i, u, v) {
  const [row, column] = [Math.floor(v * scenes.rows), Math.floor(u * scenes.columns)];
  const at = i * scenes.rows * scenes.columns + row * scenes.columns + column;
  /** @param {number} k */
  const name = (k) => scenes.classes[k] ?? String(k);
  const value = scenes.planes === 1 ? `, grey value ${scenes.images[at]}` : "";
  const where = { text: `row ${row}, column ${column}${value}` };
  if (scenes.saidMasks) {
    const [truth, said] = [scenes.masks?.[at], scenes.saidMasks[at]];
    const mark = truth === undefined ? "" : truth === said ? " ✓" : ` ✗, true: ${name(truth)}`;
    return [{ text: `said: ${name(said)}${mark}`, strong: true }, where];
  }
  /** @param {Numbers} boxes */
  const told = (boxes) => {
    const place = [...boxes.subarray(4 * i, 4 * i + 4)];
    const [cx, cy, w, h] = place.map((each) => withDecimals(each * scenes.columns, 1));
    return `middle (${cx}, ${cy}), ${w} × ${h} pixels`;
  };
  /** @type {Line[]} */
  const lines = [];
  if (scenes.ious) lines.push({ text: sceneIou(scenes, i), strong: true });
  const truth = scenes.labels ? `, ${name(scenes.labels[i])}` : "";
  if (scenes.boxes) lines.push({ text: `true: ${told(scenes.boxes)}${truth}` });
  const said = scenes.saidLabels ? `, ${name(scenes.saidLabels[i])}` : "";
  if (scenes.saidBoxes) lines.push({ text: `said: ${told(scenes.saidBoxes)}${said}` });
  return [...lines, where];
}
