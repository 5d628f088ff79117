// The stepper: a window that slides over a grid of numbers, and everything that follows from where it stands.
// One component serves convolution, pooling, gradients, im2col, the sparse matrix and transposed convolution: in each, a cell of
// the "place" grid belongs to a window of cells of the "window" grid (row·stride + tap·dilation), perhaps with a kernel.

const STEPPERS = new WeakMap();

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  let stepper = STEPPERS.get(parentElement);
  if (!stepper) {
    stepper = createStepper(parentElement);
    STEPPERS.set(parentElement, stepper);
  }
  stepper.tellStep = (step) => setStateValue("step", step);
  stepper.tellEdits = (edits) => setTriggerValue("edited", { edits });
  stepper.receive(data);
  return () => stepper.remove();
}

function createStepper(root) {
  const find = (selector) => root.querySelector(selector);
  const [box, slider, speed, editor, ink] = [".stepper", ".at", ".speed input", ".editor", ".ink"].map(find);
  const grids = {};
  const view = { header: null, step: 0, furthest: -1, uncovered: true, timer: 0, tellTimer: 0, painting: false, editing: null, tap: null, edits: [] };

  const geometry = createGeometry(view, grids);
  const { role, placeSpec, count, placeOf, termsAt } = geometry;
  const explain = createPanel(root, view, geometry);
  const links = createLinks(view, grids, geometry);

  // ── what is shown ──────────────────────────────────────────────────────────────────────────────

  function layOut() {
    const { header } = view;
    const width = box.clientWidth;
    if (!width) return false;
    layOutScene(header.order, grids, width, window.innerHeight * 0.6, 13, 46);
    layOutScene(header.extraOrder, grids, width, Math.max(720, window.innerHeight * 0.75), 9, 30);
    return true;
  }

  function rangeOf(key) {
    const values = grids[key].values;
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (view.header.grids[key].range) [low, high] = view.header.grids[key].range;
    if (!view.header.grids[key].signed) return [Math.min(0, low), high > low ? high : low + 1];
    const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return [-size, size];
  }

  const paintGrid = (key) => grids[key].paint(view.theme, view.tables, rangeOf(key));

  // The grid that fills up while stepping: a kernel's gradient, or the stamped output. All steps so far are added.
  function accumulate() {
    const { header } = view;
    if (!header.roles.sum) return;
    const grid = role("sum");
    const total = new Float64Array(grid.values.length);
    for (let step = 0; step <= view.step && !view.waiting; step++) {
      for (const { terms } of termsAt(step)) {
        for (const { target, product } of terms) total[target] += product;
      }
    }
    grid.values = total;
  }

  // Grids that give the end away stay covered until the last step was reached.
  const lateGrids = () => Object.keys(grids).filter((key) => view.header.grids[key].late);
  const isOver = () => view.uncovered || view.furthest >= count() - 1;

  function show(step, { quiet = false, tap = () => null } = {}) {
    const started = performance.now();
    const { header } = view;
    const before = placeOf(view.step);
    view.step = Math.max(0, Math.min(count() - 1, step));
    view.tap = tap();
    const place = placeOf(view.step);
    const [kh, kw] = header.window.kernel;
    const [dh, dw] = header.window.dilation;
    const [top, left] = [place.row * header.window.stride[0], place.col * header.window.stride[1]];
    const [tall, wide] = [dh * (kh - 1) + 1, dw * (kw - 1) + 1];

    const fresh = view.step > view.furthest && !view.waiting;
    if (fresh) view.furthest = view.step;
    if (fresh && isOver()) lateGrids().forEach(paintGrid);
    accumulate();
    const windowMoved = role("window").reveal(top, left, tall, wide);
    const placeMoved = role("place").reveal(place.row, place.col, 1, 1);
    if (header.roles.sum) paintGrid(header.roles.sum);
    if (windowMoved) paintGrid(header.roles.window);
    if (placeMoved || (fresh && !view.uncovered)) paintGrid(header.roles.place);
    if (fresh && !view.uncovered) links.resultGrids().forEach(paintGrid);
    if (header.roles.kernel && before.plane !== place.plane && header.kind !== "gradient") setKernel(place);

    links.mark(place, { reveal: true }).forEach(paintGrid);
    explain(place);
    slider.value = view.step;
    find(".count").textContent = `${view.step + 1} of ${count()}`;
    if (!quiet) tellSoon();
    performance.clearMarks("stepper-work");
    performance.mark("stepper-work", { detail: performance.now() - started });
  }

  function setKernel(place) {
    const key = view.header.roles.kernel;
    const spec = view.header.grids[key];
    const all = view.arrays[spec.array];
    const each = spec.planes * spec.rows * spec.cols;
    const first = view.header.perChannel ? 0 : place.plane * each;
    grids[key].set({ ...spec, title: placeSpec().planes > 1 && !view.header.perChannel ? `${spec.title} ${place.plane}` : spec.title }, all.subarray(first, first + each));
    paintGrid(key);
  }

  // ── moving ─────────────────────────────────────────────────────────────────────────────────────

  function tellSoon() {
    clearTimeout(view.tellTimer);
    if (!view.timer) view.tellTimer = setTimeout(() => view.step !== view.told && stepper.tellStep((view.told = view.step)), 500);
  }

  function pause() {
    clearTimeout(view.timer);
    view.timer = 0;
    find(".play").textContent = "▶ Play";
    tellSoon();
  }

  function play() {
    if (view.timer) return pause();
    view.waiting = false;
    show(view.step === count() - 1 ? 0 : view.step);
    find(".play").textContent = "⏸ Pause";
    const tick = () => {
      if (view.step >= count() - 1) return pause();
      show(view.step + 1);
      view.timer = setTimeout(tick, 1000 / 2 ** Number(speed.value));
    };
    view.timer = setTimeout(tick, 1000 / 2 ** Number(speed.value));
  }

  function uncover() {
    view.uncovered = true;
    view.waiting = false;
    find(".uncover").hidden = true;
    for (const key of [view.header.roles.place, ...lateGrids(), ...links.resultGrids()]) paintGrid(key);
    if (view.header.roles.sum) return show(count() - 1);
    show(view.step, { quiet: true });
  }

  // The user's first move answers the question that the page asked; from then on results are shown as they are reached.
  function go(step) {
    if (view.timer) pause();
    const first = view.waiting;
    view.waiting = false;
    show(first ? Math.min(step, view.step) : step);
  }

  const actions = {
    first: () => go(0), back: () => go(view.step - 1), play, forth: () => go(view.step + 1), last: () => go(count() - 1), uncover,
    paint: () => {
      view.painting = !view.painting;
      find("[data-do=paint]").setAttribute("aria-pressed", String(view.painting));
    },
  };
  for (const button of root.querySelectorAll("[data-do]")) button.addEventListener("click", actions[button.dataset.do]);
  slider.addEventListener("input", () => go(Number(slider.value)));
  box.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey) return;
    const { cols } = placeSpec();
    const keys = {
      ArrowRight: () => go(view.step + 1), ArrowLeft: () => go(view.step - 1), ArrowDown: () => go(view.step + cols),
      ArrowUp: () => go(view.step - cols), Home: () => go(0), End: () => go(count() - 1), " ": play,
    };
    if (!keys[event.key] || (event.key === " " && event.target.tagName === "BUTTON")) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });

  // ── pointing and editing ───────────────────────────────────────────────────────────────────────

  function listen(key) {
    const grid = grids[key];
    grid.moved = () => { paintGrid(key); links.mark(placeOf(view.step), { reveal: false }); };
    grid.base.addEventListener("pointermove", (event) => {
      const cell = grid.cellAt(event);
      if (!cell) return;
      if (view.painting && event.buttons && grid.spec.editable) return paintCell(key, cell);
      if (view.timer || view.editing) return;
      point(key, cell);
    });
    grid.base.addEventListener("pointerleave", () => view.tap !== null && show(view.step, { quiet: true }));
    grid.base.addEventListener("pointerdown", (event) => {
      const cell = grid.cellAt(event);
      if (!cell) return;
      if (view.painting && grid.spec.editable) {
        grid.base.setPointerCapture(event.pointerId);
        view.painted = { grid: key, cells: [] };
        return paintCell(key, cell);
      }
      if (view.timer) pause();
      point(key, cell);
    });
    grid.base.addEventListener("click", (event) => {
      const cell = grid.cellAt(event);
      if (cell && grid.spec.editable && !view.painting) edit(key, cell);
    });
    grid.base.addEventListener("pointerup", () => {
      if (view.painted?.cells.length) tellEdit(view.painted);
      view.painted = null;
    });
  }

  function point(key, cell) {
    const meant = links.meant(key, cell);
    if (!meant) return;
    view.waiting = false;
    show(meant.step, { tap: meant.tap });
  }

  // A cell as Python numbers it: without the padding around it, and with the kernel's own output channel.
  function address(key, { plane, row, col }) {
    const spec = view.header.grids[key];
    const [top, left] = spec.pad ?? [0, 0];
    const channel = key === view.header.roles.kernel && !view.header.perChannel ? placeOf(view.step).plane : 0;
    return [channel * spec.planes + plane, row - top, col - left];
  }

  const isBorder = (key, { row, col }) => Boolean(view.header.grids[key].border?.[row * view.header.grids[key].cols + col]);

  function paintCell(key, cell) {
    const value = Number(ink.value);
    if (!view.painted || !Number.isFinite(value) || isBorder(key, cell)) return;
    const place = [...address(key, cell), value];
    if (view.painted.cells.some((done) => done.every((part, i) => part === place[i]))) return;
    view.painted.cells.push(place);
    setCell(key, cell, value);
  }

  function setCell(key, cell, value) {
    grids[key].values = Float64Array.from(grids[key].values);
    grids[key].values[grids[key].index(cell.plane, cell.row, cell.col)] = value;
    paintGrid(key);
  }

  // Two quick edits can reach Python as one message, the newer: so each message carries all that are not acknowledged yet.
  function tellEdit(edit) {
    view.edits.push({ ...edit, serial: Math.max(Date.now(), (view.edits.at(-1)?.serial ?? 0) + 1) });
    stepper.tellEdits(view.edits);
  }

  function edit(key, cell) {
    if (isBorder(key, cell)) return;
    const grid = grids[key];
    const corner = grid.corner(cell.plane, cell.row, cell.col);
    if (!corner) return;
    const [own, canvas] = [box.getBoundingClientRect(), grid.base.getBoundingClientRect()];
    const side = Math.max(grid.cell, 44);
    Object.assign(editor.style, { left: `${canvas.left - own.left + corner[0]}px`, top: `${canvas.top - own.top + corner[1]}px`, width: `${side}px`, height: `${Math.max(grid.cell, 24)}px` });
    editor.value = String(grid.values[grid.index(cell.plane, cell.row, cell.col)]);
    editor.hidden = false;
    view.editing = { key, cell };
    editor.focus({ preventScroll: true });
    editor.select();
  }

  function commit() {
    if (!view.editing) return;
    const { key, cell } = view.editing;
    const value = Number(editor.value.trim().replace(",", ".").replace("−", "-"));
    closeEditor();
    const old = grids[key].values[grids[key].index(cell.plane, cell.row, cell.col)];
    if (editor.value.trim() === "" || !Number.isFinite(value) || value === old) return;
    setCell(key, cell, value);
    tellEdit({ grid: key, cells: [[...address(key, cell), value]] });
  }

  function closeEditor() {
    view.editing = null;
    editor.hidden = true;
  }

  editor.addEventListener("blur", commit);
  editor.addEventListener("keydown", (event) => {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [0, 0], Tab: [0, event.shiftKey ? -1 : 1] };
    event.stopPropagation();
    if (event.key === "Escape") {
      closeEditor();
      box.focus({ preventScroll: true });
    }
    if (!moves[event.key]) return;
    event.preventDefault();
    const { key, cell } = view.editing;
    const [rows, cols] = moves[event.key];
    commit();
    const next = { ...cell, row: cell.row + rows, col: cell.col + cols };
    const { spec } = grids[key];
    if ((rows || cols) && next.row >= 0 && next.col >= 0 && next.row < spec.rows && next.col < spec.cols) edit(key, next);
    else box.focus({ preventScroll: true });
  });

  // ── from Python ────────────────────────────────────────────────────────────────────────────────

  function build(header) {
    for (const grid of Object.values(grids)) grid.remove();
    for (const key of Object.keys(grids)) delete grids[key];
    for (const [scene, keys] of [[".main", header.order], [".extra", header.extraOrder]]) {
      find(scene).replaceChildren();
      for (const key of keys) {
        if (header.grids[key]) {
          grids[key] = createGrid(find(scene), header.grids[key]);
          listen(key);
        } else {
          const sign = document.createElement("span");
          sign.className = "sign";
          sign.textContent = key;
          find(scene).append(sign);
        }
      }
    }
  }

  // Lay out and paint; a grid of `kept` only if its cells changed their size.
  function refresh(kept = new Set()) {
    const sizes = Object.fromEntries(Object.entries(grids).map(([key, grid]) => [key, grid.cell]));
    if (!view.header || !layOut()) return;
    for (const key of Object.keys(grids)) if (!kept.has(key) || grids[key].cell !== sizes[key]) paintGrid(key);
    show(view.step, { quiet: true, tap: () => view.tap });
  }

  const resize = new ResizeObserver(() => refresh());
  resize.observe(box);

  const stepper = {
    receive(data) {
      const { header, arrays } = unpack(data);
      const changed = view.header?.token !== header.token;
      const shape = (h) => JSON.stringify([h.order, h.extraOrder]);
      const rebuild = !view.header || shape(view.header) !== shape(header);
      const theme = readTheme(box);
      const same = !rebuild && !changed && view.theme.background === theme.background;
      const isKept = ([key, { values }]) => values.length === arrays[header.grids[key].array].length
        && values.every((value, i) => value === arrays[header.grids[key].array][i]);
      const kept = new Set(same ? Object.entries(grids).filter(isKept).map(([key]) => key) : []);
      Object.assign(view, { header, arrays, theme });
      const { sequential, diverging } = header.colours[view.theme.dark ? "dark" : "light"];
      view.tables = { sequential: colourTable(sequential), diverging: colourTable(diverging) };
      if (rebuild) build(header);
      view.edits = view.edits.filter(({ serial }) => serial > header.acknowledged);
      for (const [key, grid] of Object.entries(grids)) grid.set(header.grids[key], arrays[header.grids[key].array]);
      if (changed) {
        view.tap = null;
        view.edits = [];
        pause();
        [view.step, view.told] = [Math.min(header.step, count() - 1), header.step];
        [view.furthest, view.uncovered, view.waiting] = [-1, !header.covered, header.covered];
      }
      view.step = Math.min(view.step, count() - 1);
      slider.max = count() - 1;
      find(".uncover").hidden = view.uncovered;
      find(".paint").hidden = !Object.values(header.grids).some(({ editable }) => editable);
      if (header.roles.kernel && header.kind !== "gradient") setKernel(placeOf(view.step));
      for (const key of lateGrids()) grids[key].covered = () => !isOver();
      for (const key of links.resultGrids()) grids[key].covered = (index) => !view.uncovered && index > view.furthest;
      if (!header.roles.sum) role("place").covered = (index) => !view.uncovered && index > view.furthest;
      refresh(kept);
      requestAnimationFrame(() => {
        performance.clearMarks("stepper-painted");
        performance.mark("stepper-painted");  // the benchmark measures up to here
      });
    },
    remove() {
      clearTimeout(view.timer);
      clearTimeout(view.tellTimer);
      resize.disconnect();
    },
  };
  return stepper;
}
