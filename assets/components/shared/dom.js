// Elements of a component's html, found and made. Knows the DOM; not what is shown in it.

/**
 * A field of a view that the first message fills, before anything is drawn.
 * @returns {any}
 */
export const later = () => null;

/**
 * Finders of a component's own elements. Each throws where its html has no such element: that is a fault of ours.
 * @param {ParentNode} root
 */
export function finder(root) {
  /**
   * @template {Element} T
   * @param {string} selector
   * @param {{new (): T}} kind
   * @returns {T}
   */
  function of(selector, kind) {
    const found = root.querySelector(selector);
    if (!(found instanceof kind)) throw new TypeError(`the component's html has no ${kind.name} ${selector}`);
    return found;
  }
  return {
    find: (/** @type {string} */ selector) => of(selector, HTMLElement),
    canvas: (/** @type {string} */ selector) => of(selector, HTMLCanvasElement),
    input: (/** @type {string} */ selector) => of(selector, HTMLInputElement),
    button: (/** @type {string} */ selector) => of(selector, HTMLButtonElement),
    of,
  };
}

/**
 * How much larger than its own pixels an element is drawn: in stage mode the page's stage is zoomed.
 * @param {Element} of
 */
export const zoomOf = (of) => of.currentCSSZoom || 1;

/**
 * A new element with its class and its text.
 * @template {keyof HTMLElementTagNameMap} Kind
 * @param {Kind} kind
 * @param {string} [name]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Kind]}
 */
export function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * Text only where it changed: a status comes five times a second, and most of it stays.
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
