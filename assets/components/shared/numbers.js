// Numbers as a reader likes them. The only place that writes numbers: a true minus sign everywhere, powers of ten written
// as such, and a sum beside the numbers that it adds up. Knows digits; not what is counted.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LARGEST_WRITTEN = 1e7; // from here on, and below the next, a power of ten is written
const SMALLEST_WRITTEN = 1e-3;
const EXACT_DECIMALS = 6; // a number that has no more is written whole among numbers that are added up

/** @param {string} text */
const withMinus = (text) => text.replaceAll("-", "−");

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/**
 * 0.00000123 → "1.23·10⁻⁶"
 * @param {number} value
 * @param {number} decimals - of the factor
 */
function withPower(value, decimals) {
  const [factor, power] = value.toExponential(decimals).split("e");
  const raised = power
    .replace("+", "")
    .replace("-", "⁻")
    .replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]);
  return `${withMinus(factor)}·10${raised}`;
}

/**
 * Whole numbers as they are, others with four significant digits and always a decimal: 12, 0.1234, −12.30, 1431.3, 1.20·10⁻⁴
 * @param {number} value
 */
export function number(value) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < LARGEST_WRITTEN) return withMinus(String(value));
  if (size >= LARGEST_WRITTEN || size < SMALLEST_WRITTEN) return withPower(value, 2);
  return withMinus(value.toFixed(Math.max(1, 3 - Math.floor(Math.log10(size)))));
}

/**
 * A number in at most `room` characters: 12, 0.53 → .53, 1.25, 1e5
 * @param {number} value
 * @param {number} room
 */
export function shortNumber(value, room) {
  if (Number.isInteger(value) && String(value).length <= room) return withMinus(String(value));
  for (let digits = Math.min(4, room); digits >= 0; digits--) {
    const fixed = value.toFixed(digits);
    const trimmed = digits ? fixed.replace(/0+$/, "").replace(/\.$/, "") : fixed;
    const text = withMinus(trimmed.replace(/^(-?)0\./, "$1."));
    if (text.length <= room) return text === "−0" ? "0" : text;
  }
  return withMinus(value.toExponential(0).replace("+", ""));
}

/**
 * A number with so many significant digits, none of them a needless zero: 0.25, −3, 1200
 * @param {number} value
 * @param {number} digits
 */
export function rounded(value, digits = 2) {
  const text = String(Number(value.toPrecision(digits)));
  return text.includes("e") ? withPower(value, digits - 1) : withMinus(text);
}

/**
 * A number with so many decimals, for columns and labels: 0.50, −12.00
 * @param {number} value
 * @param {number} decimals
 */
export const withDecimals = (value, decimals) => withMinus(value.toFixed(decimals));

/**
 * Four significant digits where they can be typed over: with the hyphen that a keyboard has.
 * @param {number} value
 */
export const typed = (value) => String(Number(value.toPrecision(4)));

/**
 * What a user typed as a number, with a comma or a true minus sign too; NaN for anything else.
 * @param {string} text
 */
export function readNumber(text) {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  return plain === "" ? NaN : Number(plain);
}

/**
 * @param {number} value
 * @param {number} decimals
 */
const rounding = (value, decimals) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/**
 * A writer for numbers that stand beside each other and are added up, and the sign before their sum.
 * Numbers of few decimals are written exactly; otherwise all have equally many decimals, and where the rounded ones do not
 * add up to the rounded sum the sign says so.
 * @param {number[]} values - all that will be written
 */
export function alike(values) {
  const finite = values.filter(Number.isFinite);
  const largest = Math.max(0, ...finite.map(Math.abs));
  const isExact = (/** @type {number} */ decimals) =>
    finite.every((value) => Math.abs(value - rounding(value, decimals)) <= 1e-12 * Math.max(1, largest));
  const decimals = Array.from({ length: EXACT_DECIMALS + 1 }, (_, i) => i).find(isExact);
  if (largest >= LARGEST_WRITTEN || (decimals === undefined && largest < SMALLEST_WRITTEN)) {
    return { write: number, sign: () => "≈" };
  }
  const kept = decimals ?? clamp(3 - Math.floor(Math.log10(largest)), 2, EXACT_DECIMALS);
  const units = (/** @type {number} */ value) => Math.round(value * 10 ** kept);
  return {
    /** @param {number} value */
    write(value) {
      if (!Number.isFinite(value)) return number(value);
      const shown = rounding(value, kept) || 0;
      return withMinus(decimals === undefined ? shown.toFixed(kept) : String(shown));
    },
    /**
     * @param {number[]} parts
     * @param {number} total
     */
    sign: (parts, total) => (parts.reduce((sum, part) => sum + units(part), 0) === units(total) ? "=" : "≈"),
  };
}

/**
 * A whole number in groups of three digits.
 * @param {number} value
 */
export const grouped = (value) =>
  withMinus(
    Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, "\u2009"),
  );

/** @param {number} share */
export const asPercent = (share) => `${withMinus((100 * share).toFixed(1))} %`;

/** @param {number} seconds */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

/**
 * A loss as the studio tells it.
 * @param {number | undefined} value
 */
export function lossText(value) {
  if (value === undefined || !Number.isFinite(value)) return "not finite";
  return value >= 100 || value < 0.001 ? number(value) : value >= 0.1 ? value.toFixed(3) : value.toPrecision(2);
}
