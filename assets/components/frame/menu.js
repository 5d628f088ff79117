// Streamlit's menu on a narrow screen: its lists have boxes between them and their items, which a screen reader takes for no
// lists at all. Knows that menu; no page.

/** Say of each box that it is the list. */
export function mendMenu() {
  for (const list of document.querySelectorAll("[data-testid=stSidebarNavItems]")) {
    list.setAttribute("role", "presentation");
    for (const box of list.querySelectorAll(":scope > div")) box.setAttribute("role", "list");
  }
}
