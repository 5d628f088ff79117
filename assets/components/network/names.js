// Names of layers and classes, cut to the room that they have. Knows words and widths; not whose names they are.

export const LONGEST = 48; // signs of a name beside the lens
const CLOSEST = 0.7; // letters may be set so much closer before a name is cut

/**
 * A name that could not be read in this width, even set close, is cut in its middle: both its ends tell which it is.
 * @param {Pick<CanvasRenderingContext2D, "measureText">} context
 * @param {string} text
 * @param {number} width
 */
export function fitting(context, text, width) {
  /** @param {number} most */
  const fits = (most) => context.measureText(shortened(text, most)).width <= width / CLOSEST;
  if (fits(text.length)) return text;
  let [enough, much] = [3, text.length];
  while (much - enough > 1) {
    const middle = (enough + much) >> 1;
    if (fits(middle)) enough = middle;
    else much = middle;
  }
  return shortened(text, enough);
}

/**
 * At most so many signs of a name, its middle left out: "features.denseblock1…layer.conv2".
 * @param {string} text
 * @param {number} most
 */
export function shortened(text, most) {
  const signs = [...text];
  if (signs.length <= most) return text;
  const before = Math.ceil((most - 1) / 2);
  return [...signs.slice(0, before), "…", ...signs.slice(signs.length - (most - 1 - before))].join("");
}
