// Paints one scene: its picture, masks and boxes. Knows pixels and colours; not which scene is shown where.

import { contextOf, wordOf } from "../shared/canvas.js";

/** @import { Numbers } from "../shared/types.js" */
/** @import { Scenes, Square, View } from "./types.js" */

const BOX = { truth: "#ffffff", said: "#ffb000", halo: "rgba(0, 0, 0, 0.75)" }; // on a picture, which no theme changes
const [OVER, FAINT] = [0.62, 0.28]; // how much of a mask lies over its picture; how much of a picture is left where all is right

/** @param {View} view */
export function createSceneBrush(view) {
  const small = document.createElement("canvas"); // filled with a scene, one pixel a pixel, and enlarged

  /** @param {number} k */
  const colour = (k) => view.palette[k % view.palette.length];

  /**
   * @param {Scenes} scenes
   * @param {number} at
   */
  const grey = (scenes, at) => {
    const [start, step] = [at * scenes.planes, scenes.planes === 3 ? 1 : 0];
    return [0, 1, 2].map((k) => scenes.images[start + k * step]);
  };

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Scenes} scenes
   * @param {number} i
   * @param {Square} square
   * @param {(at: number) => number[]} pixel
   */
  function fill(context, { rows, columns }, i, { x, y, side }, pixel) {
    if (small.width !== columns || small.height !== rows) Object.assign(small, { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    for (let p = 0; p < words.length; p++) words[p] = wordOf(pixel(i * rows * columns + p));
    contextOf(small).putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, x, y, side, side);
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
  }

  return {
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {Scenes} scenes
     * @param {number} i
     * @param {Square} at
     */
    picture(context, scenes, i, at) {
      fill(context, scenes, i, at, (p) => grey(scenes, p));
    },
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {Scenes} scenes
     * @param {Numbers} masks
     * @param {number} i
     * @param {Square} at
     */
    mask(context, scenes, masks, i, at) {
      fill(context, scenes, i, at, (p) => colour(masks[p]));
    },
    /**
     * What the network says lies over the picture; the background leaves it as it is.
     * @param {CanvasRenderingContext2D} context
     * @param {Scenes} scenes
     * @param {Numbers} masks
     * @param {number} i
     * @param {Square} at
     */
    over(context, scenes, masks, i, at) {
      fill(context, scenes, i, at, (p) => {
        const below = grey(scenes, p);
        return masks[p] === 0 ? below : colour(masks[p]).map((c, j) => Math.round(OVER * c + (1 - OVER) * below[j]));
      });
    },
    /**
     * A wrong pixel has the colour of what was said; a right one is a faint picture.
     * @param {CanvasRenderingContext2D} context
     * @param {Scenes} scenes
     * @param {Numbers} truth
     * @param {Numbers} said
     * @param {number} i
     * @param {Square} at
     */
    wrong(context, scenes, truth, said, i, at) {
      fill(context, scenes, i, at, (p) =>
        truth[p] === said[p] ? grey(scenes, p).map((c) => Math.round(FAINT * c)) : colour(said[p]),
      );
    },
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {Numbers} boxes
     * @param {number} i
     * @param {Square} square
     * @param {boolean} dashed
     */
    box(context, boxes, i, { x, y, side }, dashed) {
      const [cx, cy, w, h] = boxes.subarray(4 * i, 4 * i + 4);
      /** @type {[number, number, number, number]} */
      const place = [x + (cx - w / 2) * side, y + (cy - h / 2) * side, w * side, h * side];
      context.save();
      context.beginPath();
      context.rect(x, y, side, side);
      context.clip();
      context.lineJoin = "round";
      const wide = side > 110 ? 2.5 : 2;
      context.strokeStyle = BOX.halo;
      context.lineWidth = wide + 2;
      context.strokeRect(...place);
      context.strokeStyle = dashed ? BOX.truth : BOX.said;
      context.lineWidth = wide;
      if (dashed) context.setLineDash([6, 4]);
      context.strokeRect(...place);
      context.restore();
    },
  };
}
