// The webcam: pictures while a button is held ("shots"), or one picture after the other ("live"). Nothing is kept here.

import { contextOf } from "../shared/canvas.js";
import { finder } from "../shared/dom.js";

/** @import { Component } from "../shared/types.js" */

const CAMERAS = new WeakMap();
const SIDE = 256; // pixels of the longer side of what is sent
const EVERY_MS = 200; // between two shots of a held button
const MOST = 30; // shots of one hold
const LIVE_MS = 350;

/** @typedef {{label: string, live: boolean, hint: string, take: string}} Data */

/** @param {Component<Data>} component */
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  /** @type {ReturnType<typeof createCamera>} */
  const camera = CAMERAS.get(parentElement) ?? createCamera(parentElement);
  CAMERAS.set(parentElement, camera);
  camera.shown = true;
  camera.sendShots = (images) => setTriggerValue("shots", { images });
  camera.sendFrame = (image) => setStateValue("frame", image);
  camera.receive(data);
  return () => {
    camera.shown = false;
    camera.stop();
  };
}

/** @param {ParentNode} root */
function createCamera(root) {
  const { find, button, of } = finder(root);
  const video = of("video", HTMLVideoElement);
  const [hint, count, stage] = [".hint", ".count", ".stage"].map(find);
  const [start, take] = [button(".start"), button(".take")];
  const canvas = document.createElement("canvas");
  const camera = {
    stream: /** @type {MediaStream | null} */ (null),
    live: false,
    hint: "",
    shots: /** @type {string[]} */ ([]),
    holding: 0,
    following: 0,
    shown: true,
    /** @type {(images: string[]) => void} */
    sendShots: () => {},
    /** @type {(image: string) => void} */
    sendFrame: () => {},
    receive,
    stop,
  };

  /** @param {string} text */
  function say(text) {
    hint.textContent = text;
  }

  function picture() {
    const scale = SIDE / Math.max(video.videoWidth, video.videoHeight);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    contextOf(canvas).drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.92).split(",")[1];
  }

  const ready = () => camera.stream && video.videoWidth > 0;

  function shoot() {
    if (!ready() || camera.shots.length >= MOST) return;
    camera.shots.push(picture());
    count.textContent = String(camera.shots.length);
  }

  function hold() {
    if (camera.holding || !ready()) return;
    stage.classList.add("taking");
    shoot();
    camera.holding = window.setInterval(shoot, EVERY_MS);
  }

  function release() {
    if (!camera.holding) return;
    clearInterval(camera.holding);
    camera.holding = 0;
    stage.classList.remove("taking");
    count.textContent = "";
    if (camera.shots.length) camera.sendShots(camera.shots);
    camera.shots = [];
  }

  async function open() {
    if (!navigator.mediaDevices) {
      say("A webcam works on 127.0.0.1 or over HTTPS only: that is the browsers' rule.");
      return;
    }
    start.disabled = true;
    say("Waiting for the camera: the browser asks for leave.");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
      if (!camera.shown) {
        // the page shows something else by now: the camera's light must go out
        stream.getTracks().forEach((track) => track.stop());
        start.disabled = false;
        return;
      }
      camera.stream = stream;
      video.srcObject = camera.stream;
      await video.play();
      say("");
    } catch (error) {
      camera.stop();
      const none = error instanceof DOMException && error.name === "NotFoundError";
      say(
        none
          ? "There is no camera: plug one in, or upload pictures."
          : "The browser gave no camera: allow it beside the address, and try again.",
      );
    }
    start.disabled = false;
    dress();
  }

  function stop() {
    release();
    clearInterval(camera.following);
    camera.following = 0;
    camera.stream?.getTracks().forEach((track) => track.stop());
    camera.stream = null;
    video.srcObject = null;
    dress();
  }

  function dress() {
    const on = Boolean(camera.stream);
    root.querySelector(".webcam")?.classList.toggle("on", on);
    start.textContent = on ? "Stop" : "Start the camera";
    take.hidden = camera.live || !on;
    if (!on && !hint.textContent) say(camera.hint);
    if (on && camera.live && !camera.following) {
      camera.following = window.setInterval(() => {
        if (ready() && !document.hidden) camera.sendFrame(picture());
      }, LIVE_MS);
    }
  }

  start.addEventListener("click", () => (camera.stream ? camera.stop() : open()));
  take.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    take.setPointerCapture(event.pointerId);
    hold();
  });
  for (const name of ["pointerup", "pointercancel", "blur"]) take.addEventListener(name, release);
  take.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    hold();
  });
  take.addEventListener("keyup", release);

  /** @param {Data} data */
  function receive({ label, live, hint: words, take: title }) {
    camera.live = live;
    camera.hint = words;
    video.setAttribute("aria-label", label);
    take.textContent = title;
    dress();
  }

  return camera;
}
