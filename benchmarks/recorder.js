// Runs in every measured page before the page's own scripts: writes down what happened and when, and changes nothing.
(() => {
  const events = [];  // [name, time], in milliseconds since the page began
  const benchmark = (window.benchmark = { events, sent: 0, hovering: null });
  const note = (name, time = performance.now()) => events.push([name, time]);

  // Posted from a frame's callback, a message is delivered after that frame's style, layout and paint.
  const afterFrame = (call) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = call;
    port2.postMessage(null);
  };

  // The components' own marks: "stroke-end", "network-painted", "echo-sent", "echo-painted".
  const mark = performance.mark.bind(performance);
  performance.mark = (name, options) => {
    const entry = mark(name, options);
    note(name, entry.startTime);
    if (name.endsWith("-painted")) afterFrame(() => note(`${name}, frame done`));
    return entry;
  };

  window.addEventListener("pointerup", () => note("pointerup"), true);
  window.addEventListener("pointermove", (event) => {
    if (!benchmark.hovering) return;
    const value = event.composedPath()[0].getRootNode().querySelector(".value");
    // Ahead of the component's own handler, which runs in this same dispatch: the next frame shows what it painted.
    requestAnimationFrame(() => {
      if (!value?.textContent) return;  // between two maps: nothing to highlight
      const painted = performance.now();
      afterFrame(() => benchmark.hovering?.push([painted - event.timeStamp, performance.now() - event.timeStamp]));
    });
  }, true);

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...message) {
    benchmark.sent += 1;
    return send.apply(this, message);
  };

  // The first heading, and each new text of Streamlit's own text element.
  let heading = false;
  let text = "";
  const look = () => {
    if (!heading && document.querySelector("[data-testid=stHeading] :is(h1, h2)")) {
      heading = true;
      requestAnimationFrame(() => note("heading-painted"));
    }
    const now = document.querySelector("[data-testid=stText]")?.textContent ?? "";
    if (now !== text) {
      text = now;
      requestAnimationFrame(() => {
        note("text-painted");
        afterFrame(() => note("text-painted, frame done"));
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });

  // Resolves once `painted` has come later than the last `start` and then nothing more for `quiet` ms:
  // [first, last, last frame done] in ms since `start`; null after `patience` ms.
  benchmark.settle = ({ start, painted, quiet, patience }) => new Promise((resolve) => {
    const asked = performance.now();
    const wait = () => {
      const from = events.findLast(([name]) => name === start)?.[1] ?? Infinity;
      const times = (wanted) => events.filter(([name, time]) => name === wanted && time >= from).map(([, time]) => time - from);
      const now = performance.now();
      const found = times(painted);
      if (found.length && now - Math.max(events.at(-1)[1], asked) > quiet) {
        resolve([found[0], found.at(-1), times(`${painted}, frame done`).at(-1)]);
      } else if (now - asked > patience) resolve(null);
      else setTimeout(wait, 20);
    };
    wait();
  });
})();
