// Where the stepper's window stands at each step, and what is multiplied there. Knows indices; draws nothing.

function createGeometry(view, grids) {
  const role = (name) => grids[view.header.roles[name]];
  const placeSpec = () => view.header.grids[view.header.roles.place];
  const count = () => placeSpec().planes * placeSpec().rows * placeSpec().cols;

  function placeOf(step) {
    const { rows, cols } = placeSpec();
    return { plane: Math.floor(step / (rows * cols)), row: Math.floor(step / cols) % rows, col: step % cols };
  }

  function stepAt({ plane, row, col }) {
    const { rows, cols } = placeSpec();
    return (plane * rows + row) * cols + col;
  }

  // The step whose window lies about a cell of the window grid.
  function stepAround({ plane, row, col }) {
    const { kernel, stride, dilation } = view.header.window;
    const { rows, cols } = placeSpec();
    const nearest = (at, k, s, d, most) => Math.max(0, Math.min(most - 1, Math.round((at - (d * (k - 1)) / 2) / s)));
    const channel = view.header.perChannel ? plane : placeOf(view.step).plane;
    return stepAt({
      plane: channel,
      row: nearest(row, kernel[0], stride[0], dilation[0], rows),
      col: nearest(col, kernel[1], stride[1], dilation[1], cols),
    });
  }

  function planesOf(place) {
    if (view.header.perChannel) return [place.plane];
    const all = view.header.grids[view.header.roles.window].planes;
    const each = all / view.header.groups;
    const first = Math.floor(place.plane / (placeSpec().planes / view.header.groups)) * each;
    return Array.from({ length: each }, (_, i) => first + i);
  }

  // What is multiplied at a step, plane by plane: [{plane, terms: [{value, weight, product, row, col, index, target}]}]
  // target: the cell of the grid that fills up to which the product is added.
  function termsAt(step) {
    const { kind, window: { kernel: [kh, kw], stride, dilation } } = view.header;
    const place = placeOf(step);
    const windowValues = role("window").values;
    const kernel = view.header.roles.kernel ? view.arrays[view.header.grids[view.header.roles.kernel].array] : null;
    const placeValue = role("place").values[step];
    const switches = view.arrays[view.header.switches];  // of max unpooling: the one cell that each step's value returns to
    return planesOf(place).map((plane, i) => {
      const terms = [];
      for (let y = 0; y < kh; y++) {
        for (let x = 0; x < kw; x++) {
          const [row, col] = [place.row * stride[0] + y * dilation[0], place.col * stride[1] + x * dilation[1]];
          const index = role("window").index(plane, row, col);
          const tap = ((kernelPlane(place, i, plane)) * kh + y) * kw + x;
          const inside = windowValues[index];
          let [value, weight] = [inside, 1];
          if (kind === "gradient") weight = placeValue;
          else if (kind === "transposed") [value, weight] = [placeValue, switches ? Number(switches[step] === index) : kernel[tap]];
          else if (kernel) weight = kernel[tap];
          terms.push({ value, weight, product: value * weight, row, col, index, target: kind === "gradient" ? y * kw + x : index });
        }
      }
      return { plane, terms };
    });
  }

  function kernelPlane(place, i, plane) {
    if (!view.header.roles.kernel || view.header.kind === "gradient") return 0;
    if (view.header.perChannel) return plane;
    return place.plane * (view.header.grids[view.header.roles.window].planes / view.header.groups) + i;
  }

  return { role, placeSpec, count, placeOf, stepAt, stepAround, planesOf, termsAt };
}
