// The drawing pad. Strokes live here as fractions of the side; Python gets a small grey picture and the strokes.

import { contextOf } from "../shared/canvas.js";
import { finder } from "../shared/dom.js";
import { used } from "../shared/keys.js";
import { clamp } from "../shared/numbers.js";

/** @import { Component } from "../shared/types.js" */
/** @import { Data, Drawing, Stroke } from "./types.js" */

const PADS = new WeakMap();
const SEND_EVERY_MS = 60; // while drawing: faster than the eye asks for, slower than the network answers

/** @param {Component<Data>} component */
export default function ({ parentElement, data, setStateValue }) {
  /** @type {ReturnType<typeof createPad>} */
  const pad = PADS.get(parentElement) ?? createPad(parentElement, data);
  PADS.set(parentElement, pad);
  pad.send = (drawing) => setStateValue("drawing", drawing);
  pad.receive(data);
  return () => pad.remove();
}

/**
 * @param {ParentNode} root
 * @param {Data} data
 */
function createPad(root, data) {
  const { find, canvas: findCanvas, input } = finder(root);
  const [canvas, slider] = [findCanvas("canvas"), input("input")];
  const small = document.createElement("canvas");
  small.width = small.height = data.side;
  const smallContext = contextOf(small, { willReadFrequently: true });
  const pad = {
    strokes: /** @type {Stroke[]} */ ([]),
    past: /** @type {Stroke[][]} */ ([]),
    current: /** @type {Stroke | null} */ (null),
    eraser: false,
    nonce: /** @type {Data["nonce"] | null} */ (null),
    example: /** @type {HTMLImageElement | null} */ (null),
    hint: data.hint,
    timer: 0,
    lastSent: 0,
    /** @type {(drawing: Drawing) => void} */
    send: () => {},
    receive,
    remove,
  };

  canvas.setAttribute("aria-label", data.label);
  const resize = new ResizeObserver(draw);
  resize.observe(canvas);

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} side
   */
  function paint(context, side) {
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    context.lineCap = context.lineJoin = "round";
    for (const { size, erase, points } of pad.strokes) {
      context.strokeStyle = erase ? "#000" : "#fff";
      context.lineWidth = size * side;
      context.beginPath();
      context.moveTo(points[0] * side, points[1] * side);
      if (points.length === 2) context.lineTo(points[0] * side + 0.01, points[1] * side); // a dot
      for (let i = 2; i < points.length; i += 2) context.lineTo(points[i] * side, points[i + 1] * side);
      context.stroke();
    }
  }

  function draw() {
    const side = canvas.clientWidth;
    if (!side) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = canvas.height = Math.round(side * ratio);
    const context = contextOf(canvas);
    paint(context, canvas.width);
    if (!pad.strokes.length) invite(context, canvas.width, ratio);
  }

  /**
   * Nothing is drawn yet: the picture that is looked at meanwhile, dimmed, and what it is.
   * @param {CanvasRenderingContext2D} context
   * @param {number} side
   * @param {number} ratio - device pixels a CSS pixel
   */
  function invite(context, side, ratio) {
    if (pad.example) {
      context.globalAlpha = 0.6;
      const scale = side / Math.max(pad.example.width, pad.example.height);
      const [wide, high] = [pad.example.width * scale, pad.example.height * scale];
      context.drawImage(pad.example, (side - wide) / 2, (side - high) / 2, wide, high);
      context.globalAlpha = 1;
      context.fillStyle = "rgba(0, 0, 0, 0.75)";
      context.fillRect(0, side - 32 * ratio, side, 32 * ratio);
    }
    context.fillStyle = "#d5d8dd";
    context.font = `${15 * ratio}px sans-serif`;
    context.textAlign = "center";
    context.fillText(pad.hint, side / 2, pad.example ? side - 11 * ratio : side / 2, side - 16 * ratio);
  }

  /** @param {string} address - of the example; "" for none */
  function takeExample(address) {
    if ((pad.example?.src ?? "") === address) return;
    pad.example = null;
    if (!address) return;
    const image = new Image();
    image.onload = () => {
      pad.example = image;
      draw();
    };
    image.src = address;
  }

  function sendNow() {
    clearTimeout(pad.timer);
    pad.timer = 0;
    pad.lastSent = performance.now();
    paint(smallContext, data.side);
    const { data: rgba } = smallContext.getImageData(0, 0, data.side, data.side);
    let text = "";
    for (let i = 0; i < rgba.length; i += 4) text += String.fromCharCode(rgba[i]);
    pad.send({ image: btoa(text), side: data.side, strokes: pad.strokes, nonce: pad.nonce });
  }

  function sendSoon() {
    if (pad.timer) return;
    const wait = SEND_EVERY_MS - (performance.now() - pad.lastSent);
    if (wait <= 0) sendNow();
    else pad.timer = window.setTimeout(sendNow, wait);
  }

  /** @param {Stroke[]} strokes */
  function change(strokes) {
    pad.past.push(pad.strokes);
    pad.strokes = strokes;
    draw();
  }

  /** @param {PointerEvent} event */
  function position(event) {
    const box = canvas.getBoundingClientRect();
    /**
     * @param {number} value
     * @param {number} from
     * @param {number} length
     */
    const fraction = (value, from, length) => Math.round(clamp((value - from) / length, -0.5, 1.5) * 1e4) / 1e4;
    return [fraction(event.clientX, box.left, box.width), fraction(event.clientY, box.top, box.height)];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    const erase = pad.eraser || event.buttons === 32; // 32: the other end of a pen
    pad.current = { size: (Number(slider.value) / 100) * (erase ? 1.6 : 1), erase, points: position(event) };
    change([...pad.strokes, pad.current]);
    sendSoon();
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!pad.current) return;
    const { points } = pad.current;
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      const [x, y] = position(part);
      const moved = Math.hypot(x - points[points.length - 2], y - points[points.length - 1]);
      if (moved >= 0.005 && points.length < 4000) points.push(x, y);
    }
    draw();
    sendSoon();
  });

  const finish = () => {
    if (!pad.current) return;
    pad.current = null;
    performance.clearMarks("stroke-end");
    performance.mark("stroke-end"); // the benchmark measures from here
    sendNow();
  };
  canvas.addEventListener("pointerup", finish);
  canvas.addEventListener("pointercancel", finish);

  /** @type {Record<string, () => void>} */
  const actions = {
    brush: () => choose(false),
    eraser: () => choose(true),
    undo: () => {
      const before = pad.past.pop();
      if (!before) return;
      pad.strokes = before;
      draw();
      sendNow();
    },
    clear: () => {
      if (!pad.strokes.length) return;
      change([]);
      sendNow();
    },
  };

  /** @param {boolean} eraser */
  function choose(eraser) {
    pad.eraser = eraser;
    find("[data-tool=brush]").setAttribute("aria-pressed", String(!eraser));
    find("[data-tool=eraser]").setAttribute("aria-pressed", String(eraser));
  }

  for (const button of root.querySelectorAll("button")) {
    button.addEventListener("click", actions[button.dataset.tool ?? ""]);
  }
  canvas.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") actions.undo();
    else if (event.key === "b") actions.brush();
    else if (event.key === "e") actions.eraser();
    else return;
    used(event);
  });

  /**
   * Python's copy is taken when this pad is new (a page was left and entered again) or when Python changed its nonce.
   * @param {Data} data
   */
  function receive({ strokes, nonce, hint, example }) {
    pad.hint = hint;
    takeExample(example);
    if (pad.nonce === nonce) return;
    pad.nonce = nonce;
    pad.past = [];
    pad.strokes = strokes.map((stroke) => ({ ...stroke, points: [...stroke.points] }));
    draw();
  }

  function remove() {
    clearTimeout(pad.timer);
    resize.disconnect();
  }

  return pad;
}
