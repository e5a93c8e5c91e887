/* Under each result of the search, the words around the first place where it was found. */
"use strict";

const ROOM = 90; /* characters before and after */

function words() {
  const asked = new URLSearchParams(window.location.search).get("q") ?? "";
  return asked.toLowerCase().match(/[\p{Letter}\p{Number}_-]+/gu) ?? [];
}

function excerpt(text, asked) {
  const lower = text.toLowerCase();
  const place = Math.min(...asked.map((word) => lower.indexOf(word)).filter((at) => at >= 0));
  const from = Number.isFinite(place) ? Math.max(0, place - ROOM) : 0;
  const cut = text.slice(from, from + 2 * ROOM);
  const begin = from > 0 ? cut.indexOf(" ") + 1 : 0;
  return (from > 0 ? "\u2026 " : "") + cut.slice(begin, cut.lastIndexOf(" "));
}

/* The place of a result in EXCERPTS: its address without the folder of the site and the ending. */
function pageOf(link) {
  const root = new URL(document.documentElement.dataset.content_root, window.location.href);
  const address = new URL(link.getAttribute("href"), window.location.href);
  return decodeURIComponent(address.pathname.slice(root.pathname.length)).replace(/\.html$/, "");
}

function explain(item) {
  const link = item.querySelector("a");
  if (link === null || item.querySelector("p.excerpt") !== null) {
    return;
  }
  const text = EXCERPTS[pageOf(link)];
  if (text) {
    const paragraph = document.createElement("p");
    paragraph.className = "excerpt";
    paragraph.textContent = `${excerpt(text, words())} \u2026`;
    item.append(paragraph);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const results = document.getElementById("search-results");
  if (results !== null) {
    const watch = new MutationObserver(() => {
      results.querySelectorAll("li").forEach(explain);
    });
    watch.observe(results, { childList: true, subtree: true });
  }
});
