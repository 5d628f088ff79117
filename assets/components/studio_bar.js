// The studio's transport: one card a run with its state, its large digits and its controls. Knows a run's status; draws nothing.

const STATES = {
  starting: "Starting", downloading: "Downloading", running: "Training", paused: "Paused", finished: "Finished",
  stopped: "Stopped", failed: "Failed", interrupted: "Interrupted",
};
const ENDED = ["finished", "stopped", "failed", "interrupted"];
const SPEEDS = [1, 2, 5, 10, 50];       // steps a second; and full speed
const WEIGHTS = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];  // of a part of the loss, as far as the slider goes
const EXTRAS = { masks: ["pixel accuracy"], boxes: ["accuracy", "found"] };  // keep their place before they are first measured
const READING = 8000;                   // milliseconds that a refusal stays
const PATIENCE = 4000;                  // milliseconds that a pressed button waits for the server's word

function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Text only where it changed: a status comes five times a second, and most of it stays.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const grouped = (value) => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, "\u2009");
const asPercent = (share) => `${(100 * share).toFixed(1)} %`;

function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

// The newest metric of a status: on the whole test set, or on a sample of it where that is newer.
function newestAccuracy(status) {
  const test = status.evaluations.at(-1);
  const sample = status.sampled.at(-1);
  if (sample && (!test || sample[0] > test[0])) return { value: sample[1], word: `${status.metric}, sampled` };
  return { value: test ? test[1] : null, word: `test ${status.metric}` };
}

// send(name, value): a command to this run. say(text): to the live region.
function createCard(run, controls, send, say) {
  const box = element("section", "card");
  box.setAttribute("aria-label", run.title);
  const head = element("div", "card-head");
  const [swatch, title, state, message, device] = [
    element("span", "swatch"), element("span", "title", run.title), element("span", "state badge", "Connecting"), element("span", "message"),
    element("span", "device"),
  ];
  head.append(swatch, title, state, message, device);
  const extras = new Map();  // name → its digit: what a task is judged by besides its metric
  const body = element("div", "card-body");
  const digits = element("div", "digits");
  const facts = {};
  for (const [name, word] of [["accuracy", "test accuracy"], ["loss", "loss"], ["epoch", "epoch"], ["step", "step"], ["speed", "samples/s"], ["seconds", "training time"]]) {
    const cell = element("div", `digit ${name}`);
    facts[name] = { value: element("span", "number", "–"), word: element("span", "word", word) };
    cell.append(facts[name].value, facts[name].word);
    digits.append(cell);
  }
  const verdict = element("div", "verdict");  // the message of a run that has ended, where its controls were
  body.append(digits, verdict);
  const progress = element("div", "progress");
  const done = element("div", "done");
  progress.setAttribute("role", "progressbar");
  progress.setAttribute("aria-label", `Progress of ${run.title}`);
  progress.append(done);
  box.append(head, body, progress);
  const card = { box, status: null, waiting: null, lost: null, refused: null };

  let [go, step, stop, speed, rate, row] = [null, null, null, null, null, null];
  const weights = new Map();  // part of the loss → its slider and its number
  if (controls) {
    row = element("div", "transport");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", `Controls of ${run.title}`);
    go = element("button", "go", "Pause");
    step = element("button", "step", "Step one batch");
    stop = element("button", "stop", "Stop");
    speed = element("select");
    for (const value of SPEEDS) speed.append(new Option(value === 1 ? "1 step/s" : `${value} steps/s`, value));
    speed.append(new Option("full", "full"));
    speed.value = "full";
    rate = element("input");
    Object.assign(rate, { type: "text", inputMode: "decimal", title: "Type a number, then Enter" });
    const labelled = (word, control) => {
      const label = element("label", "", `${word} `);
      label.append(control);
      return label;
    };
    for (const button of [go, step, stop]) button.type = "button";
    step.title = "One batch of pictures, then wait (while paused)";
    row.append(go, step, labelled("Speed", speed), labelled("Learning rate", rate), stop);
    body.append(row);
    go.addEventListener("click", () => ask(go, card.status?.state === "paused" ? "resume" : "pause"));
    step.addEventListener("click", () => ask(step, "step"));
    stop.addEventListener("click", () => ask(stop, "stop"));
    speed.addEventListener("change", () => ask(speed, "speed", speed.value === "full" ? null : Number(speed.value)));
    rate.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") { settle(); rate.blur(); }
      if (event.key !== "Enter") return;
      const typed = rate.value.trim().replace(",", ".");
      const value = Number(typed);
      const fits = typed !== "" && value > 0 && value <= 100;
      rate.setAttribute("aria-invalid", String(!fits));
      if (!fits) return say("The learning rate has to be a number above 0 and at most 100.");
      ask(rate, "rate", value);
      rate.blur();
    });
    rate.addEventListener("blur", showRate);
  }

  // A slider for the weight of each part of the loss, where it has parts.
  function showWeights(status, idle) {
    for (const [name, value] of Object.entries(status.loss_weights)) {
      if (!weights.has(name)) {
        const label = element("label", "weight", `${name} loss ×`);
        const [slider, number] = [element("input"), element("output")];
        Object.assign(slider, { type: "range", min: 0, max: WEIGHTS.length - 1, step: 1 });
        slider.setAttribute("aria-label", `Weight of the ${name} loss of ${run.title}`);
        label.append(slider, number);
        row.insertBefore(label, stop);
        slider.addEventListener("keydown", (event) => event.stopPropagation());
        slider.addEventListener("input", () => write(number, String(WEIGHTS[slider.value])));
        slider.addEventListener("change", () => ask(slider, `${name}_weight`, WEIGHTS[slider.value]));
        weights.set(name, { slider, number });
      }
      const { slider, number } = weights.get(name);
      slider.disabled = idle;
      if (card.waiting?.control === slider || slider.matches(":active")) continue;
      const near = WEIGHTS.reduce((best, each, i) => (Math.abs(each - value) < Math.abs(WEIGHTS[best] - value) ? i : best), 0);
      if (Number(slider.value) !== near) slider.value = near;
      write(number, String(value));
      slider.setAttribute("aria-valuetext", String(value));
    }
  }

  function showExtras(status) {
    for (const [name, rows] of Object.entries(status.extras)) {
      if (!extras.has(name)) {
        const cell = element("div", "digit extra");
        const value = element("span", "number", "–");
        cell.append(value, element("span", "word", name));
        digits.insertBefore(cell, facts.loss.value.parentNode);
        extras.set(name, value);
      }
      const last = rows.at(-1);
      write(extras.get(name), last ? asPercent(last[1]) : "–");
    }
  }

  // Pressed at once; free again when the server's word about it has come, or when it has taken too long.
  function ask(control, name, value) {
    send(name, value ?? null);
    settle();
    const before = card.status;
    control.classList.add("waiting");
    card.waiting = { control, name, value, state: before?.state, step: before?.step, rate: before?.rate, until: performance.now() + PATIENCE };
    setTimeout(() => card.waiting?.control === control && update(), PATIENCE + 50);
    update();
  }

  // Why the last command was not obeyed, for as long as one reads a sentence.
  card.refuse = (sentence) => {
    card.refused = sentence;
    say(sentence);
    settle();
    update();
    setTimeout(() => {
      if (card.refused !== sentence) return;
      card.refused = null;
      update();
    }, READING);
  };

  function settle() {
    card.waiting?.control.classList.remove("waiting");
    card.waiting = null;
  }

  function answered(status) {
    const { name, state, step: from, rate: old, value, until } = card.waiting;
    if (performance.now() > until) return true;
    if (name === "step") return status.step !== from;
    if (name === "speed") return (status.wanted_speed ?? null) === (value ?? null);
    if (name === "rate") return status.rate !== old;
    if (name.endsWith("_weight")) return status.loss_weights[name.replace("_weight", "")] === value;
    return status.state !== state;
  }

  function showRate() {
    if (!rate || rate.matches(":focus") || card.waiting?.control === rate || !card.status) return;
    rate.removeAttribute("aria-invalid");
    const text = number(card.status.rate).replace("−", "-");
    if (rate.value !== text) rate.value = text;
  }

  function update() {
    const { status } = card;
    if (!status) return;
    if (card.waiting && answered(status)) settle();
    const known = STATES[status.state] ? status.state : "starting";
    const ended = ENDED.includes(known);
    const word = card.lost ? "Connection lost" : STATES[known];
    if (state.textContent !== word) {
      say(`${status.title}: ${word}. ${status.message}`);
      state.dataset.state = card.lost ? "lost" : known;
      box.dataset.state = state.dataset.state;
    }
    write(state, word);
    write(title, status.title);
    let told = card.lost ? "Trying again …" : card.refused ?? status.message;
    if (!card.lost && !/\bkept\b/i.test(told) && (known === "failed" || known === "interrupted" || known === "stopped") && status.snapshots.length) {
      told += `${told ? " " : ""}Kept: everything up to step ${grouped(status.snapshots.at(-1))}.`;
    }
    write(message, told);
    message.title = told;
    write(verdict, ended ? told : "");
    box.classList.toggle("ended", ended);
    device.title = status.device;
    write(device, [status.device, status.memory_mb ? `${grouped(status.memory_mb)} MB` : ""].filter(Boolean).join(" · "));
    const accuracy = newestAccuracy(status);
    write(facts.accuracy.value, accuracy.value === null ? "–" : asPercent(accuracy.value));
    write(facts.accuracy.word, accuracy.word);
    showExtras(status);
    const last = status.loss.at(-1);
    write(facts.loss.value, last ? lossText(last[1]) : "–");
    write(facts.epoch.value, status.epoch.toFixed(2));
    write(facts.step.value, grouped(status.step));
    write(facts.step.word, status.total_steps ? `of ${grouped(status.total_steps)} steps` : "steps");
    write(facts.speed.value, known === "running" && status.speed > 0 ? grouped(status.speed) : "–");
    write(facts.seconds.value, duration(status.seconds));
    const share = Math.min(1, Math.max(0, status.fraction));
    done.style.transform = `scaleX(${share})`;
    progress.setAttribute("aria-valuenow", Math.round(100 * share));
    if (!controls) return;
    const idle = card.lost || ended || known === "starting" || known === "downloading";
    write(go, known === "paused" ? "Resume" : "Pause");
    go.disabled = idle;
    step.disabled = known !== "paused" || Boolean(card.lost);
    stop.disabled = ended || Boolean(card.lost);
    speed.disabled = rate.disabled = idle;
    if (!speed.matches(":focus") && card.waiting?.control !== speed) {
      const now = String(status.wanted_speed ?? "full");
      if (![...speed.options].some((option) => option.value === now)) speed.append(new Option(`${now} steps/s`, now));
      if (speed.value !== now) speed.value = now;
    }
    showRate();
    showWeights(status, idle);
  }

  card.hear = (status) => { card.status = status; update(); };
  card.lose = (seconds) => {
    card.lost = seconds;
    if (card.status) update();
    else { write(state, seconds ? "No connection" : "Connecting"); write(message, seconds ? "Trying again …" : ""); }
  };
  card.paint = (colour) => { swatch.style.background = colour; done.style.background = colour; };
  return card;
}

function lossText(value) {
  if (!Number.isFinite(value)) return "not finite";
  return value >= 100 ? value.toExponential(1) : value >= 0.1 ? value.toFixed(3) : value.toPrecision(2);
}

// A status as the studio uses it, whatever was sent: every part there and of its kind.
function checkedStatus(sent) {
  const finite = (value, otherwise) => (Number.isFinite(value) ? value : otherwise);
  const rows = (value, width) => (Array.isArray(value) ? value.filter((row) => Array.isArray(row) && row.length >= width && Number.isFinite(row[0])) : []);
  const words = (value) => (typeof value === "string" ? value.slice(0, 500) : "");
  const named = (value, check) => Object.fromEntries(Object.entries(value && typeof value === "object" ? value : {}).slice(0, 6).map(([name, each]) => [name, check(each)]));
  return {
    title: words(sent.title), state: words(sent.state), message: words(sent.message), device: words(sent.device), pin: finite(sent.pin, 0),
    memory_mb: finite(sent.memory_mb, null), step: finite(sent.step, 0), total_steps: finite(sent.total_steps, 0),
    epoch: finite(sent.epoch, 0), fraction: finite(sent.fraction, 0), seconds: finite(sent.seconds, 0), speed: finite(sent.speed, 0),
    rate: finite(sent.rate, 0), wanted_speed: finite(sent.wanted_speed, null), loss: rows(sent.loss, 2),
    evaluations: rows(sent.evaluations, 2), sampled: rows(sent.sampled, 2),
    snapshots: Array.isArray(sent.snapshots) ? sent.snapshots.filter((step) => Number.isInteger(step) && step >= 0).sort((a, b) => a - b) : [],
    classes: Array.isArray(sent.classes) ? sent.classes.map(String) : [],
    metric: words(sent.metric) || "accuracy", extras: { ...named(Object.fromEntries((EXTRAS[sent.task] ?? []).map((name) => [name, []])), rows), ...named(sent.extras, (value) => rows(value, 2)) }, parts: named(sent.parts, (value) => rows(value, 2)),
    loss_weights: named(sent.loss_weights, (value) => finite(value, 0)),
  };
}
