// What Streamlit leaves out for those who see or point little: its menu on a narrow screen has boxes between its lists and
// their items, which a screen reader takes for no lists at all; and what scrolls cannot be scrolled by keyboard. Knows
// Streamlit's elements; no page.

const SCROLLS = ".st-key-stage, [class*=st-key-fill] > div, .stTable div:has(> table)";

/** Mend what is there now, and what comes. */
export function keepMended() {
  let waits = 0;
  const soon = () => (waits ||= requestAnimationFrame(() => (mend(), (waits = 0))));
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  mend();
}

function mend() {
  for (const list of document.querySelectorAll("[data-testid=stSidebarNavItems]:not([role])")) {
    list.setAttribute("role", "presentation");
    for (const box of list.querySelectorAll(":scope > div")) box.setAttribute("role", "list");
  }
  for (const part of document.querySelectorAll(SCROLLS)) {
    if (part instanceof HTMLElement && part.tabIndex < 0) part.tabIndex = 0;
  }
}
