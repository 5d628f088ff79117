// The patches that excite some channels most, a line for each channel. Python sends the tiles and their numbers once; pointing
// and drawing happen here, a click tells Python which patch was chosen.

import { contextOf, sizeCanvas } from "../shared/canvas.js";
import { readTheme } from "../shared/colours.js";
import { finder, later } from "../shared/dom.js";
import { listenForCursor, within } from "../shared/keys.js";
import { clamp, number, withDecimals } from "../shared/numbers.js";
import { unpack } from "../shared/wire.js";

/** @import { Component, Message, Numbers, Pointer, Theme } from "../shared/types.js" */

const SHEETS = new WeakMap();
const LABEL = 40; // CSS pixels left of a line, for the channel's number
const SCORE = 18; // below a tile, for its score
const GAP = 6;
const SMALLEST = 28; // of a tile
const PHONE = 480;
const EDGE = 3; // above the first line: the frame of a chosen tile

/**
 * k: patches a channel; rows, columns: of a tile, in pixels; present, captions: by line and rank; chosen: [channel, rank].
 * @typedef {{channels: number[], k: number, rows: number, columns: number, present: boolean[][], captions: string[][],
 *   chosen: [number, number], token: string, hint: string, label: string}} Header
 * @typedef {{line: number, rank: number}} Place
 */

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  /** @type {ReturnType<typeof createSheet>} */
  const view = SHEETS.get(parentElement) ?? createSheet(parentElement);
  SHEETS.set(parentElement, view);
  view.send = (chosen) => setStateValue("chosen", chosen);
  view.receive(data);
  return () => view.remove();
}

/** @param {ParentNode} root */
function createSheet(root) {
  const { find, canvas } = finder(root);
  const [frame, sheet, told] = [find(".patches"), canvas(".sheet"), find(".told")];
  const atlas = document.createElement("canvas"); // all tiles, one pixel a pixel: line by line, rank by rank
  const view = {
    header: /** @type {Header} */ (later()),
    scores: /** @type {Numbers} */ (later()),
    theme: /** @type {Theme} */ (later()),
    pointed: /** @type {Place | null} */ (null),
    chosen: /** @type {Place | null} */ (null),
    wide: 0, // of a tile on the screen
    tall: 0,
    width: 0,
    height: 0,
    /** @type {(chosen: {channel: number, rank: number, token: string}) => void} */
    send: () => {},
    receive,
    remove: () => resize.disconnect(),
  };

  const lineHeight = () => view.tall + SCORE + GAP;
  /** @param {Place} place */
  const cellOf = ({ line, rank }) => ({ x: LABEL + rank * (view.wide + GAP), y: EDGE + line * lineHeight() });

  function layOut() {
    const [width, height] = [frame.clientWidth, frame.clientHeight];
    if (!width || !view.header) return false;
    const { channels, k, rows, columns } = view.header;
    const across = Math.floor((width - LABEL) / k) - GAP;
    const high = Math.floor((height - told.offsetHeight - 2 * EDGE) / channels.length) - SCORE - GAP;
    // On a phone the frame is as high as what is in it.
    const side = Math.max(SMALLEST, width < PHONE ? across : Math.min(across, high));
    view.wide = Math.max(4, Math.round(side * Math.min(1, columns / rows)));
    view.tall = Math.max(4, Math.round(side * Math.min(1, rows / columns)));
    view.width = LABEL + k * (view.wide + GAP);
    view.height = EDGE + channels.length * lineHeight();
    return true;
  }

  function paint() {
    if (!layOut()) return;
    const { channels, k, rows, columns, present } = view.header;
    const { text, primary, panel, border, font } = view.theme;
    const context = sizeCanvas(sheet, view.width, view.height);
    context.clearRect(0, 0, view.width, view.height);
    context.textBaseline = "middle";
    channels.forEach((channel, line) => {
      context.fillStyle = text;
      context.textAlign = "left";
      context.font = `600 14px ${font}`;
      context.fillText(String(channel), 2, cellOf({ line, rank: 0 }).y + view.tall / 2);
      context.font = `14px ${font}`;
      context.textAlign = "center";
      for (let rank = 0; rank < k; rank++) {
        if (!present[line][rank]) continue;
        const { x, y } = cellOf({ line, rank });
        context.fillStyle = panel;
        context.fillRect(x, y, view.wide, view.tall);
        context.imageSmoothingEnabled = view.wide < columns;
        context.drawImage(atlas, rank * columns, line * rows, columns, rows, x, y, view.wide, view.tall);
        context.strokeStyle = border; // a white patch on a white page
        context.lineWidth = 1;
        context.strokeRect(x - 0.5, y - 0.5, view.wide + 1, view.tall + 1);
        context.fillStyle = text;
        const score = brief(view.scores[line * k + rank]);
        context.fillText(score, x + view.wide / 2, y + view.tall + SCORE / 2 + 1, view.wide + GAP - 1);
      }
    });
    const marked = /** @type {const} */ ([
      [view.chosen, primary, 3],
      [view.pointed, text, 2],
    ]);
    for (const [spot, colour, width] of marked) {
      if (!spot) continue;
      const { x, y } = cellOf(spot);
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(x - 1, y - 1, view.wide + 2, view.tall + 2);
    }
  }

  /** @param {number} value */
  const brief = (value) => (Math.abs(value) >= 1000 ? number(value) : withDecimals(value, 2));

  function explain() {
    const spot = view.pointed ?? view.chosen;
    if (!spot) {
      told.textContent = view.header.hint;
      return;
    }
    const { channels, k, captions } = view.header;
    const { line, rank } = spot;
    const place = `${view.pointed ? "" : "Chosen: "}channel ${channels[line]}, number ${rank + 1} of ${k}`;
    told.textContent = `${place}: ${number(view.scores[line * k + rank])} ${captions[line][rank]}`;
  }

  /** @param {Pointer} event */
  function spotAt(event) {
    const [x, y] = within(event, sheet);
    const [rank, line] = [Math.floor((x - LABEL) / (view.wide + GAP)), Math.floor((y - EDGE) / lineHeight())];
    const { k, present } = view.header;
    return rank >= 0 && rank < k && present[line]?.[rank] ? { line, rank } : null;
  }

  /** @param {Place | null} spot */
  function point(spot) {
    if (spot?.line === view.pointed?.line && spot?.rank === view.pointed?.rank) return;
    view.pointed = spot;
    paint();
    explain();
  }

  /** @param {Place | null} spot */
  function choose(spot) {
    if (!spot) return;
    view.chosen = spot;
    paint();
    explain();
    view.send({ channel: view.header.channels[spot.line], rank: spot.rank, token: view.header.token });
  }

  sheet.addEventListener("pointermove", (event) => point(spotAt(event)));
  sheet.addEventListener("pointerleave", () => point(null));
  sheet.addEventListener("click", (event) => choose(spotAt(event)));
  const cursor = () => view.pointed ?? view.chosen ?? { line: 0, rank: 0 };
  listenForCursor(sheet, {
    move([lines, ranks]) {
      const line = clamp(cursor().line + lines, 0, view.header.channels.length - 1);
      const next = { line, rank: clamp(cursor().rank + ranks, 0, view.header.k - 1) };
      if (view.header.present[next.line][next.rank]) point(next);
    },
    open: () => choose(cursor()),
    leave: () => point(null),
  });

  const resize = new ResizeObserver(() => paint());
  resize.observe(frame);

  /** @param {Uint8Array} data */
  function receive(data) {
    /** @type {Message<Header>} */
    const { header, arrays } = unpack(data);
    const other = view.header?.token !== header.token;
    Object.assign(view, { header, scores: arrays[1], theme: readTheme(frame) });
    const { channels, k, rows, columns } = header;
    atlas.width = k * columns;
    atlas.height = channels.length * rows;
    const context = contextOf(atlas);
    for (let tile = 0; tile < channels.length * k; tile++) {
      const size = rows * columns * 4;
      const pixels = new ImageData(
        new Uint8ClampedArray(arrays[0].subarray(tile * size, (tile + 1) * size)),
        columns,
        rows,
      );
      context.putImageData(pixels, (tile % k) * columns, Math.floor(tile / k) * rows);
    }
    if (other) view.pointed = null;
    const line = channels.indexOf(header.chosen[0]);
    view.chosen = line < 0 ? null : { line, rank: header.chosen[1] };
    sheet.setAttribute("aria-label", header.label);
    paint();
    explain();
  }

  return view;
}
