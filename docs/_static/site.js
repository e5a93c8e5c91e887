/* What the theme leaves out: names for the two side columns, and the keyboard for what scrolls. */
"use strict";

function nameColumns() {
  const names = { ".sidebar-drawer": "All pages", ".toc-drawer": "On this page" };
  for (const [column, name] of Object.entries(names)) {
    document.querySelector(column)?.setAttribute("aria-label", name);
  }
}

/* A box that is wider than its place scrolls; the arrow keys reach it only if it takes the focus. */
function reachBoxes() {
  for (const box of document.querySelectorAll("pre, .table-wrapper, .math-wrapper")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  }
}

document.addEventListener("DOMContentLoaded", () => {
  nameColumns();
  reachBoxes();
});
window.addEventListener("resize", reachBoxes);
