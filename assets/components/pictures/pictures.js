// Any number of picture files, shrunk here and sent in batches: five thousand photographs would otherwise be gigabytes.
// The next batch waits until Python has taken the one before. What the browser cannot decode is sent as it is.

import { contextOf } from "../shared/canvas.js";
import { finder } from "../shared/dom.js";

/** @import { Component } from "../shared/types.js" */

const PICTURES = new WeakMap();
const LONGEST = 256; // pixels of the longer side of what is sent
const BATCH = 50;
const LARGEST = 20 * 2 ** 20; // bytes of a file that is sent as it is
const PATIENCE_MS = 60_000;

/**
 * taken: batches that Python has; full: the drop of which it wants no more; target: what the pictures are for.
 * @typedef {{label: string, taken?: number, full?: string, target?: unknown}} Data
 * @typedef {{name: string, image: string | null}} Picture - image: base64 of a file, null for one that is too large
 * @typedef {{drop: string, number: number, target: unknown, chosen: number, files: Picture[]}} Batch
 */

/** @param {Component<Data>} component */
export default function ({ parentElement, data, setTriggerValue }) {
  /** @type {ReturnType<typeof createPictures>} */
  const pictures = PICTURES.get(parentElement) ?? createPictures(parentElement);
  PICTURES.set(parentElement, pictures);
  pictures.send = (batch) => setTriggerValue("batch", batch);
  pictures.receive(data);
}

/** @param {ParentNode} root */
function createPictures(root) {
  const { find, button, input: findInput, of } = finder(root);
  const [input, bar] = [findInput("input"), of("progress", HTMLProgressElement)];
  const [drop, words, count, progress] = [".drop", ".words", ".count", ".progress"].map(find);
  const pictures = {
    queue: /** @type {File[]} */ ([]),
    total: 0,
    drops: 0,
    sent: 0,
    since: Date.now(),
    busy: false,
    data: /** @type {Data} */ ({ label: "" }),
    heard: () => {},
    /** @type {(batch: Batch) => void} */
    send: () => {},
    receive,
  };

  /** @param {File} file */
  async function shrunk(file) {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const context = contextOf(canvas);
    context.fillStyle = "#fff"; // what shows through is white, as on paper
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const url = scale < 1 ? canvas.toDataURL("image/jpeg", 0.92) : canvas.toDataURL("image/png"); // a small one stays as it is
    return url.split(",")[1];
  }

  /** @param {File} file */
  async function whole(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  }

  /**
   * @param {unknown} target
   * @param {string} drop
   */
  async function batch(target, drop) {
    /** @type {Picture[]} */
    const files = [];
    while (files.length < BATCH) {
      const file = pictures.queue.shift();
      if (!file) break;
      let image = null;
      let raw = false;
      try {
        image = await shrunk(file);
      } catch {
        raw = true;
        if (file.size <= LARGEST) image = await whole(file).catch(() => null);
      }
      files.push({ name: file.name.slice(0, 200), image });
      if (raw && image && image.length > 1e6) break; // large ones go alone
    }
    return { drop, number: ++pictures.sent, target, chosen: pictures.total, files };
  }

  /** @param {number} number */
  function acknowledged(number) {
    /** @type {Promise<void>} */
    const taken = new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      pictures.heard = () => {
        if ((pictures.data.taken ?? 0) < number) return;
        clearTimeout(timer);
        resolve();
      };
      pictures.heard();
    });
    return taken;
  }

  /** @param {unknown} target */
  async function run(target) {
    const drop = ++pictures.drops;
    pictures.busy = true;
    pictures.sent = pictures.data.taken ?? 0;
    while (pictures.queue.length) {
      show();
      const next = await batch(target, `${pictures.since}-${drop}`);
      pictures.send(next);
      await acknowledged(next.number);
      if (pictures.data.full === `${pictures.since}-${drop}`) pictures.queue = [];
    }
    pictures.busy = false;
    show();
  }

  function show() {
    progress.hidden = !pictures.busy;
    const done = pictures.total - pictures.queue.length;
    bar.value = pictures.total ? done / pictures.total : 0;
    count.textContent = `${done.toLocaleString("en")} of ${pictures.total.toLocaleString("en")}`;
    input.disabled = pictures.busy;
  }

  /** @param {FileList | null | undefined} files */
  function take(files) {
    if (pictures.busy || !files?.length) return;
    pictures.queue = [...files];
    pictures.total = files.length;
    input.value = "";
    run(pictures.data.target);
  }

  input.addEventListener("change", () => take(input.files));
  button(".stop").addEventListener("click", () => {
    pictures.queue = [];
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") take(/** @type {DragEvent} */ (event).dataTransfer?.files);
    });
  }

  /** @param {Data} data */
  function receive(data) {
    pictures.data = data;
    words.textContent = data.label;
    input.setAttribute("aria-label", data.label);
    pictures.heard();
  }

  return pictures;
}
