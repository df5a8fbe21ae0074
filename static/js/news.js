// What pages do with news besides showing it: a line is put away, what was open stays open, time that is left goes on.
// News that cannot be fetched is no trouble of the user's. Knows no connection (live.js) and no content.

(() => {
  "use strict";

  const isLive = ({ requestConfig }) => requestConfig?.triggeringEvent?.type.startsWith("live-") ?? false;
  const shown = new Map(); // what each region that follows got last, by its address
  let open = [];

  // Its button takes focus away with it: that goes to what the line was about, and nothing scrolls.
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-put-away]");
    if (!button) return;
    const near = document.getElementById(button.closest("#editor-news") ? "editor-title" : "main");
    button.parentElement.remove();
    if (document.activeElement === document.body) near.focus({ preventScroll: true });
  });

  // Signed out, let go from the contract, or the server is away: the page stays as it is, with all that is typed in it.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (isLive(event.detail) && event.detail.xhr.status >= 400) event.preventDefault();
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (isLive(event.detail)) event.stopImmediatePropagation();
    }, true); // before the page says so
  }

  // A region that follows is swapped only when it changed, and what was open in it stays open.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.elt.matches("[data-follows]")) return;
    const address = detail.pathInfo.requestPath;
    const same = shown.get(address) === detail.xhr.response;
    shown.set(address, detail.xhr.response);
    if (same && isLive(detail)) detail.shouldSwap = false;
    open = [...detail.target.querySelectorAll("details[open][id]")].map(({ id }) => id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of open.splice(0)) document.getElementById(id)?.setAttribute("open", "");
    tick();
  });

  // Time that is left, each minute anew, in the words of the page's language.
  const counted = new WeakMap(); // the moment at which an element's time is over, on this page's own clock
  const unit = (count, name) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

  function tick() {
    for (const place of document.querySelectorAll("[data-left]")) {
      const now = performance.now();
      if (!counted.has(place)) counted.set(place, now + place.dataset.left * 1_000);
      const minutes = Math.floor((counted.get(place) - now) / 60_000);
      const text = minutes < 1 ? place.dataset.soon : place.dataset.text.replace("{left}", () => inWords(minutes));
      if (place.textContent !== text) place.textContent = text;
    }
  }

  function inWords(minutes) {
    const days = Math.floor(minutes / 1_440);
    const hours = Math.floor((minutes % 1_440) / 60);
    const parts = days ? [[days, "day"], [hours, "hour"]] : [[hours, "hour"], [minutes % 60, "minute"]];
    return parts.filter(([count]) => count).map(([count, name]) => unit(count, name)).join(" ");
  }

  document.addEventListener("DOMContentLoaded", () => {
    tick();
    setInterval(tick, 60_000);
  });
})();
