// The live view of one to three training runs. Python sends addresses and colours; the server's streams bring all numbers.

const STUDIOS = new WeakMap();
const KINDS = { scenes: "Test scenes", answer: "Pinned picture", kernels: "Kernels", maps: "Feature maps", confusion: "Confusion matrix", distributions: "Distributions" };

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  let view = STUDIOS.get(parentElement);
  if (!view) {
    view = createStudio(parentElement);
    STUDIOS.set(parentElement, view);
  }
  view.rest = (rest) => setStateValue("rest", rest);
  view.branch = (branch) => setTriggerValue("branch", branch);
  view.receive(data);
  return () => view.remove();
}

function createStudio(root) {
  const find = (selector) => root.querySelector(selector);
  const [box, cards, runsBox, branches, tip, said] = [".studio", ".cards", ".runs", ".branches", ".tip", ".said"].map(find);
  // at: the slider's place as a fraction of the training; live: it follows the newest
  const view = { header: null, runs: [], theme: null, tables: null, ranges: new Map(), live: true, at: 1, sceneMode: "beside", sceneFrom: 0, sceneShown: 0, sceneNext: 0, palette: [] };
  const todo = { curves: false, marks: false, request: 0 };
  let rangesBefore = "";

  function say(text) {
    said.textContent = text;
  }

  function tell(lines, event) {
    tip.hidden = !lines?.length;
    if (tip.hidden) return;
    tip.replaceChildren(...lines.map(({ text, colour, strong }) => {
      const row = element("div", strong ? "strong" : "");
      if (colour) {
        const dot = element("span", "swatch");
        dot.style.background = colour;
        row.append(dot);
      }
      row.append(text);
      return row;
    }));
    const around = box.getBoundingClientRect();
    const [x, y] = [event.clientX - around.left, event.clientY - around.top];
    const { offsetWidth: w, offsetHeight: h } = tip;
    tip.style.transform = `translate(${Math.max(0, Math.min(x + 14, around.width - w))}px, ${y > h + 20 ? y - h - 12 : y + 18}px)`;
  }

  // All runs that are shown have the same test pictures: one legend, one way to show them.
  const sceneBar = createSceneBar(root, view, () => {
    for (const run of view.runs) run.dirty = true;
    schedule();
  });
  const curves = createCurves(root, view, tell, (step) => time.seek(step));
  const time = createTime(root, view, () => schedule("marks"), renew);

  // Following again: the frame that came last while the slider stood elsewhere is the one to show.
  function renew(run) {
    run.raw ??= run.newest;
    askExact(run);
    schedule();
  }

  // A run that rests shows its exact numbers: the same step, fetched once, in place of the rounded live ones.
  function askExact(run) {
    const step = run.shown?.header.step;
    if (!view.live || run.status?.state === "running" || run.shown?.header.exact || run.asked === step) return;
    if (!keptSteps(run).includes(step)) return;
    run.asked = step;
    run.store.want(step);
  }

  // ── painting ───────────────────────────────────────────────────────────────────────────────────

  function schedule(what) {
    if (what) todo[what] = true;
    todo.request ||= requestAnimationFrame(paint);
  }

  function paint() {
    todo.request = 0;
    const begun = performance.now();
    for (const run of view.runs) {
      if (!run.raw || !view.live) continue;
      const frame = run.raw instanceof Uint8Array ? unpack(run.raw) : run.raw;
      [run.raw, run.newest] = [null, frame];
      if (run.shown?.header.exact && !frame.header.exact && run.shown.header.step === frame.header.step && !run.fresh) continue;
      [run.shown, run.dirty, run.fresh] = [frame, true, false];
      askExact(run);
    }
    const ranges = findRanges();
    for (const run of view.runs) {
      if (run.shown && (run.dirty || ranges)) paintRun(run);
      run.dirty = false;
    }
    const withScenes = view.runs.find((run) => run.shown && run.panels.some(({ kind }) => kind === "scenes") && scenesOf(run.shown, "scenes"));
    sceneBar.paint(withScenes ? scenesOf(withScenes.shown, "scenes") : null);
    if (todo.curves) curves.paint();
    else if (todo.marks) curves.mark();
    todo.curves = todo.marks = false;
    const took = performance.now() - begun;
    performance.clearMarks("studio-painted");
    performance.mark("studio-painted", { detail: took });  // the benchmark reads it
  }

  // One range a layer over all runs; says whether another run's has changed what must be painted.
  function findRanges() {
    const found = new Map();
    for (const { shown } of view.runs) {
      if (!shown) continue;
      for (const kind of ["kernels", "maps", "weights", "activations"]) {
        for (const entry of Array.isArray(shown.header[kind]) ? shown.header[kind] : []) {
          const name = `${kind} ${entry.layer}`;
          const known = found.get(name) ?? { entry: { signed: kind !== "maps" || Boolean(entry.signed) }, lows: [], highs: [], kind };
          known.lows.push(Number(entry.low));
          known.highs.push(Number(entry.high));
          found.set(name, known);
        }
      }
    }
    view.ranges = new Map([...found].map(([name, { entry, lows, highs, kind }]) => [
      name, kind === "kernels" || kind === "maps" ? layerRange(entry, lows, highs) : [Math.min(...lows), Math.max(...highs)],
    ]));
    if (view.runs.length < 2) return false;
    const text = JSON.stringify([...view.ranges]);
    const changed = text !== rangesBefore;
    rangesBefore = text;
    return changed;
  }

  function paintRun(run) {
    run.box.forEach((each) => each.classList.remove("waiting"));
    for (const part of run.panels) {
      let any = false;
      try {
        any = part.panel.paint(run.shown, part.width, run);
      } catch (error) {
        console.warn(`studio: ${part.kind} could not be drawn`, error);
      }
      if (any !== part.any) {
        part.any = any;
        showParts();
      }
      if (any && part.panel.title) write(part.note, part.panel.title());
    }
    if (run.described !== run.status?.state || !view.live) {  // for those who hear it: not at every frame
      run.described = run.status?.state;
      for (const part of run.panels) part.any && part.panel.describe(`${KINDS[part.kind]} of ${run.status?.title ?? run.title}`);
    }
  }

  // A panel that no run has takes no room; beside a run that has it, the other's place says why it is empty.
  function showParts() {
    for (const kind of Object.keys(KINDS)) {
      const parts = view.runs.flatMap((run) => run.panels.filter((part) => part.kind === kind));
      const some = parts.some((part) => (kind === "scenes" && !view.awaits ? part.any : part.any !== false));
      for (const part of parts) {
        part.box.hidden = !some;
        part.canvas.hidden = !part.any;
        if (part.any === false) write(part.note, kind === "kernels" ? "no convolution in this network" : "nothing to show");
        else if (!part.panel.title) write(part.note, "");
      }
      runsBox.classList.toggle(`no-${kind}`, !some || !parts.length);
    }
    measure();
  }

  function measure() {
    curves.measure();
    let changed = false;
    for (const run of view.runs) {
      for (const part of run.panels) {
        const width = Math.floor(part.box.clientWidth);
        changed ||= width !== part.width;
        part.width = width || part.width || 300;
      }
    }
    if (changed) for (const run of view.runs) run.dirty = true;
    schedule("curves");
  }

  // ── runs ───────────────────────────────────────────────────────────────────────────────────────

  const makers = {
    scenes: createScenes, answer: createAnswer, confusion: createConfusion, distributions: createDistributions,
    kernels: (...parts) => createTiles("kernels", ...parts), maps: (...parts) => createTiles("maps", ...parts),
  };

  function createPart(kind, run, several, first) {
    const part = { kind, box: element("div", `panel ${kind}`), canvas: element("canvas"), note: element("span", "note"), width: 0, any: undefined };
    const head = element("div", "panel-head");
    if (several && first) {
      run.label = element("span", "panel-title", run.title);
      run.dot = element("span", "swatch");
      head.append(run.dot, run.label);
    } else head.append(element("span", "panel-title", KINDS[kind]));
    head.append(part.note);
    part.canvas.setAttribute("role", "img");
    part.canvas.setAttribute("aria-label", KINDS[kind]);
    part.panel = makers[kind](part.canvas, view, tell);
    part.canvas.addEventListener("pointermove", (event) => part.panel.point(event));
    part.canvas.addEventListener("pointerleave", () => tell(null));
    part.box.append(head, part.canvas);
    return part;
  }

  function build(header) {
    closeRuns();
    for (const place of [cards, runsBox, branches]) place.replaceChildren();
    const several = header.runs.length > 1;
    const kinds = ["answer", ...header.panels].sort((a, b) => (b === "scenes") - (a === "scenes"));  // the scenes first
    runsBox.className = `runs n${header.runs.length}`;
    cards.className = `cards n${header.runs.length}`;
    view.runs = header.runs.map((each) => {
      const run = { ...each, status: null, raw: null, newest: null, shown: null, at: null, gone: new Set(), panels: [], dirty: false, asked: null };
      run.card = createCard(run, header.controls, (name, value) => sendCommand(run.commands, name, value, run.card.refuse), say);
      cards.append(run.card.box);
      run.panels = kinds.map((kind, i) => createPart(kind, run, several, i === 0));
      run.box = run.panels.map((part) => part.box);
      run.box.forEach((panel) => panel.classList.add("waiting"));
      if (header.branches) {
        run.branchButton = element("button", "branch", header.runs.length > 2 ? "Continue" : "Continue from here");
        if (several) {
          run.mark = element("span", "swatch");
          run.branchButton.prepend(run.mark);
          run.branchButton.setAttribute("aria-label", `Continue ${each.title} from here`);
        }
        run.branchButton.type = "button";
        run.branchButton.disabled = true;
        run.branchButton.title = "A new run from the weights at the slider; while it trains, move the slider back first";
        run.branchButton.addEventListener("click", () => {
          const step = branchStep(run, view.live);
          if (step !== null) view.branch({ run: run.id, step });
        });
        branches.append(run.branchButton);
      }
      return run;
    });
    if (several) {
      kinds.forEach((_, i) => runsBox.append(...view.runs.map((run) => run.panels[i].box)));
    } else {
      runsBox.append(...view.runs[0].panels.filter(({ kind }) => kind === "scenes").map((part) => part.box));
      for (const some of [["answer", "confusion"], ["kernels", "distributions"], ["maps"]]) {
        const column = element("div", "column");
        column.append(...view.runs[0].panels.filter(({ kind }) => some.includes(kind)).map((part) => part.box));
        if (column.children.length) runsBox.append(column);
      }
    }
    runsBox.dataset.columns = runsBox.querySelectorAll(".column").length;
    time.start(header.rest ?? {});
    showParts();
  }

  function open(run) {
    run.stream = createStream(run.events, {
      status(sent) {
        const pinned = run.status?.pin;
        run.status = checkedStatus(sent);
        if (run.named) run.status.title = run.title;
        if (pinned !== undefined && pinned !== run.status.pin) {  // somebody pinned another picture: the kept frames show the old one
          run.store.clear();
          if (!view.live) time.fetchAt(run);
        }
        run.card.hear(run.status);
        if (run.label) write(run.label, run.status.title || run.title);
        time.takeUp(run);
        askExact(run);
        time.show();
        if (!run.shown && !run.raw) showWaiting(run);
        if (run.spoken !== run.status.state) {
          run.spoken = run.status.state;
          curves.describe();
        }
        schedule("curves");
      },
      frame(bytes) {
        run.raw = bytes;
        if (view.live) schedule();
      },
      lost(seconds) {
        run.card.lose(seconds);
      },
    });
    run.store = createStore(run.frames, {
      frame(frame, step) {
        if (view.live ? run.asked !== step || run.shown?.header.step !== step : run.at !== step) return;
        [run.shown, run.dirty] = [frame, true];
        schedule("marks");
      },
      gone(step) {
        run.gone.add(step);
        if (run.at === step && !view.live) time.fetchAt(run);
        time.show();
      },
      failed(step, message) {
        if (run.at !== step || view.live) return;
        root.querySelector(".when").textContent = message;
        setTimeout(() => run.store && run.at === step && !view.live && time.fetchAt(run), 2000);
      },
    });
  }

  function showWaiting(run) {
    const over = ENDED.includes(run.status.state);
    for (const part of run.panels) if (part.kind === "answer" || part.kind === "kernels") write(part.note, over ? "nothing was recorded" : "waiting for the first step …");
  }

  function closeRuns() {
    for (const run of view.runs) {
      run.stream?.close();
      run.store?.close();
      run.stream = run.store = null;
    }
  }

  const resize = new ResizeObserver(() => view.header && measure());

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  view.receive = (data) => {
    const { header } = unpack(data);
    const shape = (each) => each && JSON.stringify([each.runs.map(({ id }) => id), each.controls, each.branches, each.panels]);
    view.awaits = header.awaits_scenes;
    if (shape(view.header) !== shape(header)) build(header);
    view.header = header;
    const theme = readTheme(box);
    const dark = theme.dark;
    view.theme = { ...theme, line: dark ? "#4a5163" : "#c3c8d4", muted: dark ? "#7b869d" : "#8f9ab0", alarm: dark ? "#ff9d8a" : "#b3261e" };
    const { sequential, diverging } = header.scales[dark ? "dark" : "light"];
    view.tables = { sequential: colourTable(sequential), diverging: colourTable(diverging) };
    view.palette = (header.classes?.[dark ? "dark" : "light"] ?? []).map(parseColour);
    view.runs.forEach((run, i) => {
      const told = header.runs[i];
      run.colour = header.colours[dark ? "dark" : "light"][i];
      run.card.paint(run.colour);
      for (const dot of [run.dot, run.mark]) if (dot) dot.style.background = run.colour;
      if (!run.stream || run.events !== told.events || run.frames !== told.frames) {
        run.stream?.close();
        run.store?.close();
        Object.assign(run, { events: told.events, frames: told.frames, fresh: true, asked: null });
        run.gone.clear();
        open(run);
        if (!view.live && run.status) time.fetchAt(run);
      }
      run.dirty = true;
    });
    resize.observe(box);
    measure();
  };
  view.remove = () => {
    time.stop();
    cancelAnimationFrame(todo.request);
    todo.request = 0;
    resize.disconnect();
    closeRuns();
  };
  return view;
}
