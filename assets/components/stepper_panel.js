// The panel under the stepper's grids: every product of the step, their sums, and how they become the output's value.

const MOST_PRODUCTS = 300;  // beyond that the cells are too many to read; the sums stay

function createPanel(root, view, { role, placeSpec, count, termsAt }) {
  const find = (selector) => root.querySelector(selector);

  function explain(place) {
    const { header } = view;
    const planes = termsAt(view.step);
    const holder = find(".planes");
    const [kh, kw] = header.window.kernel;
    if (holder.dataset.shape !== `${planes.length},${kh},${kw}`) buildPanel(holder, planes.length, kh, kw);
    const winner = header.kind === "max" ? view.arrays[header.winners][view.step] : -1;
    const names = header.grids[header.roles.window].names;
    const cells = holder.querySelectorAll(".term");
    let i = 0;
    planes.forEach(({ plane, terms }, p) => {
      const sum = terms.reduce((total, term) => total + term.product, 0);
      const label = planes.length > 1 ? `${names?.[plane] ?? `channel ${plane}`}: sum ${number(sum)}` : "";
      holder.children[p].firstChild.textContent = label;
      for (const { value, weight, product, row, col, index, target } of terms) {
        const cell = cells[i++];
        if (!cell) break;
        const bare = header.kind === "max" || header.kind === "average";
        cell.firstChild.textContent = bare ? "" : `${number(value)} × ${number(weight)}`;
        const window = header.grids[header.roles.window];
        const instead = bare && window.borderText && window.border?.[row * window.cols + col] ? window.borderText : null;
        cell.children[1].textContent = instead ?? number(bare ? value : product);
        cell.children[2].textContent = header.roles.sum ? `so far ${number(role("sum").values[target])}` : "";
        if (header.roles.sum) cell.dataset.total = role("sum").values[target];
        cell.dataset.value = value;
        cell.dataset.weight = weight;
        cell.className = `term${product === 0 && !bare ? " zero" : ""}${index === winner ? " won" : ""}${view.tap === i - 1 ? " pointed" : ""}`;
      }
    });
    root.querySelector(".panel").classList.toggle("waiting", Boolean(view.waiting));
    const sums = find(".sum");
    sums.replaceChildren(...(view.waiting ? ["Predict first. Then step with → or press Play."] : summary(place, planes)));
    if (view.waiting) return void (find(".terms").textContent = "");
    find(".terms").textContent = header.terms ? header.terms[view.step] : "";
  }

  function buildPanel(holder, planes, kh, kw) {
    holder.dataset.shape = `${planes},${kh},${kw}`;
    holder.replaceChildren();
    for (let plane = 0; plane < planes; plane++) {
      const block = document.createElement("div");
      block.className = "plane";
      block.style.gridTemplateColumns = `repeat(${kw}, auto)`;
      const name = document.createElement("div");
      name.className = "plane-name";
      block.append(name);
      for (let i = 0; i < (planes * kh * kw > MOST_PRODUCTS ? 0 : kh * kw); i++) {
        const cell = document.createElement("div");
        for (const part of ["f", "p", "t"]) {
          const span = document.createElement("span");
          span.className = part;
          cell.append(span);
        }
        cell.className = "term";
        block.append(cell);
      }
      holder.append(block);
    }
  }

  // The line under the products: how they become the output's value.
  function summary(place, planes) {
    const { header } = view;
    const strong = (value) => {
      const element = document.createElement("strong");
      element.className = "result";
      element.dataset.exact = value;
      element.textContent = number(value);
      return element;
    };
    const at = placeSpec().planes > 1 ? `channel ${place.plane}, ` : "";
    const where = `${at}row ${place.row}, column ${place.col}: `;
    if (header.kind === "gradient") return [`At ${where}each input value × the gradient there, ${number(role("place").values[view.step])}, is added to the kernel's gradient. `, view.step === count() - 1 ? header.finish : ""];
    if (header.kind === "transposed" && header.switches) return [`${placeSpec().title}, ${where}${number(role("place").values[view.step])} returns to the cell that the switch names; the rest of its window stays 0. `, view.step === count() - 1 ? header.finish : ""];
    if (header.kind === "transposed") return [`${placeSpec().title}, ${where}the kernel × ${number(role("place").values[view.step])} is stamped; overlaps add. `, view.step === count() - 1 ? header.finish : ""];
    const value = view.arrays[header.values][view.step];
    if (header.kind === "max") return [`Output ${where}the largest is `, strong(value)];
    if (header.kind === "average") return [`Output ${where}${number(planes[0].terms.reduce((total, term) => total + term.value, 0))} ÷ ${view.arrays[header.divisors][view.step]} = `, strong(value)];
    const sum = view.arrays[header.sums][view.step];
    const bias = header.bias?.[place.plane] ?? null;
    const parts = [`Output ${where}`];
    if (bias === null) parts.push("sum of the products = ");
    else parts.push(`products ${number(sum - bias)} + bias ${number(bias)} = `);
    if (!header.activation) return [...parts, strong(value)];
    return [...parts, `${number(sum)}, ${header.activation}(${number(sum)}) = `, strong(value)];
  }

  return explain;
}
