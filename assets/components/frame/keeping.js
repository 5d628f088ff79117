// What a reader chose for the view, kept by this browser from page to page and for the next time. Knows words; not what they mean.

/**
 * What was kept under a name, or "" where nothing was.
 * @param {string} name
 */
export function kept(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // until the page is left for good
  }
}
