// The browser's history beside a page's exhibits: another exhibit is an entry of its own, so that Back leads to the one
// before; everything else replaces the present entry. Streamlit adds an entry whenever Python writes the address, and a
// slider would fill the history with its places. Stage mode stays in the address, whatever Python writes there.

import { withStage } from "./mode.js";

let firstExhibit = ""; // of the page on the screen, whose address need not name it

/**
 * Keep the history, from now on with this exhibit as the one that an address need not name.
 * @param {string} first
 */
export function keepHistory(first) {
  firstExhibit = first;
  if (Object.hasOwn(history, "pushState")) return; // done by an earlier page of this session
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  history.replaceState = (state, title, url) => replace(state, title, withStage(url));
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? location.href, location.href);
    const same = to.pathname === location.pathname && exhibitOf(to.search) === exhibitOf(location.search);
    if (same) history.replaceState(state, title, url);
    else push(state, title, withStage(url));
  };
}

/** @param {string} search - of an address */
function exhibitOf(search) {
  return new URLSearchParams(search).get("exhibit") ?? firstExhibit;
}
