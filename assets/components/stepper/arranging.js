// Where the stepper's scenes and its panel stand, and how large: so that all of it fits the stage and its cells are as large
// as they can be. Knows sizes; draws nothing.

import { acrossOf, flowOf } from "./layout.js";
import { DIGIT, MOST_PRODUCTS, SMALLEST_TEXT } from "./sizes.js";

/** @import { Sized } from "./layout.js" */

/**
 * What the panel has to find room for: its terms, how many letters they, their planes' names and the words beside them have at most.
 * lines: of a term; lean: of one without its factors.
 * @typedef {{planes: number, rows: number, cols: number, lines: number, lean: number, letters: number, leanLetters: number,
 *   name: number, words: number}} Panel
 */

/**
 * @typedef {object} Arrangement
 * @property {boolean} beside - the panel stands beside the scenes, not below
 * @property {boolean} row - the second scene stands beside the first, not below
 * @property {boolean} compact - the panel's terms without their factors
 * @property {number} n - planes beside each other at most
 * @property {number} cell
 * @property {number} small - cells of the second scene
 * @property {number} text - of the panel
 * @property {number} width - of the scenes
 * @property {number} tall - of all
 * @property {PanelSize} panel
 */

/** @typedef {{wide: number, tall: number, term: number, words: number}} PanelSize */

const APART = 24; // pixels between scenes and panel
const SMALLEST = 10; // cells of the first scene: 32 of them fit a phone
const SMALLEST_SECOND = 9;
const READABLE = 18; // a number of two digits fits
const TEXTS = [28, 26, 24, 22, 20, 18, 17, 16, 15, SMALLEST_TEXT];
const SHARES = [1, 0.7, 0.5, 0.35]; // the second scene's cells, of the first one's
const BUDGETS = [1, 1.25, 1.6, 2, 2.6, 3.5, 5, 10, 40]; // of the height: what fits nowhere is scrolled
const LINE = 1.3;

/**
 * The best place for everything in `width` × `height`.
 * @param {{main: string[], extra: string[], grids: Record<string, Sized>, panel: Panel}} what
 * @param {number} width
 * @param {number} height
 * @param {number} largest - cells
 * @returns {Arrangement}
 */
export function arrange(what, width, height, largest) {
  for (const budget of BUDGETS) {
    const best = bestIn(what, width, height * budget, largest);
    if (best) return best;
  }
  const panel = panelSize(what.panel, width, SMALLEST_TEXT, true) ?? { wide: width, tall: 0, term: 0, words: width };
  const sizes = { cell: SMALLEST, small: SMALLEST_SECOND, text: SMALLEST_TEXT, tall: height };
  return { beside: false, row: false, compact: true, n: 1, ...sizes, width, panel };
}

/**
 * @param {Parameters<typeof arrange>[0]} what
 * @param {number} width
 * @param {number} height
 * @param {number} largest
 */
function bestIn(what, width, height, largest) {
  const { grids, main, extra, panel } = what;
  const specs = [...main, ...extra].filter((key) => grids[key]).map((key) => grids[key].spec);
  const most = Math.max(1, ...specs.map(({ planes }) => planes));
  const yesNo = [false, true];
  /** @type {Arrangement | null} */
  let best = null;
  let worth = -Infinity;
  for (const compact of yesNo) {
    for (const row of extra.length ? yesNo : [false]) {
      for (const share of extra.length ? SHARES : [1]) {
        for (const least of [SMALLEST_TEXT, 17, 20]) {
          for (const { beside, wide } of panelPlaces(panel, width, least, compact)) {
            for (let n = 1; n <= most; n++) {
              if (acrossOf({ planes: most }, n) !== n) continue;
              const asked = { ...{ beside, row, compact, n, share, wide }, width, height };
              const found = largestIn(what, asked, least, largest);
              if (!found) continue;
              const ragged = specs.some((spec) => spec.planes % acrossOf(spec, n));
              const broken = found.rows > 1 ? 0.8 : 1; // one row reads as a formula
              const size =
                found.cell * broken * (ragged ? 0.85 : 1) +
                (found.cell >= READABLE ? 4 : 0) +
                (extra.length ? 1.2 * found.small : 0) +
                found.text;
              const value = size * (compact ? 0.8 : 1);
              if (value > worth) [best, worth] = [found, value];
            }
          }
        }
      }
    }
  }
  return best;
}

/**
 * Where the panel can stand: below everything, or beside it with so many planes beside each other.
 * @param {Panel} panel
 * @param {number} width
 * @param {number} text
 * @param {boolean} compact
 */
function panelPlaces(panel, width, text, compact) {
  const places = [{ beside: false, wide: width }];
  for (let across = 1; across <= Math.min(4, panel.planes); across++) {
    const wide = Math.max(panelWidth(panel, across, text, compact), 15 * text);
    if (wide < 0.6 * width) places.push({ beside: true, wide });
  }
  return places;
}

/**
 * The largest cells, then the largest text, with which everything fits; null where nothing does.
 * @param {Parameters<typeof arrange>[0]} what
 * @param {{beside: boolean, row: boolean, compact: boolean, n: number, share: number, wide: number, width: number,
 *   height: number}} asked
 * @param {number} text
 * @param {number} largest
 */
function largestIn(what, asked, text, largest) {
  let [low, high] = [SMALLEST - 1, largest];
  let found = null;
  while (low < high) {
    const cell = Math.ceil((low + high) / 2);
    const fits = fitting(what, asked, cell, text);
    if (fits) [found, low] = [fits, cell];
    else high = cell - 1;
  }
  if (!found) return null;
  const { cell } = found;
  for (const larger of TEXTS) {
    if (larger <= text) break;
    const wide = asked.beside ? Math.max(asked.wide, asked.width - found.width - APART) : asked.width;
    const fits = fitting(what, { ...asked, wide }, cell, larger);
    if (fits && fits.rows === found.rows) return fits;
  }
  return found;
}

/**
 * @param {Parameters<typeof arrange>[0]} what
 * @param {Parameters<typeof largestIn>[1]} asked
 * @param {number} cell
 * @param {number} text
 */
function fitting({ main, extra, grids, panel }, asked, cell, text) {
  const { beside, row, compact, n, width, height } = asked;
  const size = panelSize(panel, asked.wide, text, compact);
  if (!size) return null;
  const room = beside ? width - size.wide - APART : width;
  const small = Math.max(SMALLEST_SECOND, Math.floor(cell * asked.share));
  const first = flowOf(main, grids, n, cell, room);
  const second = extra.length ? flowOf(extra, grids, n, small, room) : { rows: 1, width: 0, height: 0 };
  if (!first || !second) return null;
  const apart = extra.length ? APART : 0;
  const scenes = row
    ? { width: first.width + apart + second.width, height: Math.max(first.height, second.height) }
    : { width: Math.max(first.width, second.width), height: first.height + apart + second.height };
  if (scenes.width > room) return null;
  const tall = beside ? Math.max(scenes.height, size.tall) : scenes.height + APART + size.tall;
  if (tall > height) return null;
  const sizes = { cell, small, text, tall, width: row ? scenes.width : room, panel: size };
  return { beside, row, compact, n, ...sizes, rows: Math.max(first.rows, second.rows) };
}

/**
 * @param {Panel} panel
 * @param {number} text
 * @param {boolean} compact
 */
function termSize({ lines, lean, letters, leanLetters }, text, compact) {
  const wide = Math.ceil(Math.max(3, compact ? leanLetters : letters) * text * DIGIT + 0.9 * text);
  return [wide, (compact ? lean : lines) * text * LINE + 0.4 * text];
}

/**
 * @param {Panel} panel
 * @param {number} across - planes beside each other
 * @param {number} text
 * @param {boolean} compact
 */
function panelWidth(panel, across, text, compact) {
  const name = panel.planes > 1 ? panel.name * text * DIGIT : 0;
  const plane = Math.max(name, isListed(panel) ? panel.cols * (termSize(panel, text, compact)[0] + 3) : 0);
  return across * plane + (across - 1) * 1.2 * text + 2;
}

/** @param {Panel} panel */
const isListed = ({ planes, rows, cols }) => planes * rows * cols <= MOST_PRODUCTS;

/**
 * The panel in `width`: its words beside its terms where there is room, else below. Null where it is too narrow.
 * @param {Panel} panel
 * @param {number} width
 * @param {number} text
 * @param {boolean} compact
 * @returns {PanelSize | null}
 */
export function panelSize(panel, width, text, compact) {
  let across = panel.planes;
  while (across > 1 && panelWidth(panel, across, text, compact) > width) across--;
  const terms = panelWidth(panel, across, text, compact);
  if (terms > width) return null;
  const [term, termTall] = termSize(panel, text, compact);
  const listed = isListed(panel);
  const named = panel.planes > 1 || !listed ? LINE * text : 0;
  const plane = named + (listed ? panel.rows * (termTall + 3) : 0);
  const tall = Math.ceil(panel.planes / across) * (plane + 0.6 * text);
  const gap = 2 * text;
  const beside = width - terms - gap;
  const isBeside = beside >= 16 * text;
  const words = Math.floor(isBeside ? Math.min(beside, 28 * text) : Math.min(width, Math.max(terms, 28 * text)));
  const lines = Math.ceil((panel.words * 1.15 * text * DIGIT) / words) + 1; // a broken line is not full; symbols below
  const said = lines * 1.15 * text * LINE + 0.5 * text;
  const wide = Math.ceil(isBeside ? terms + gap + words : Math.max(terms, words));
  return { wide, tall: isBeside ? Math.max(tall, said) : tall + said, term, words };
}
