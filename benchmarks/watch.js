// Watches a page's own time: until something is there and painted, the longest frame, the slowest interaction.
window.watched = (() => {
  let began = 0, longest = 0, last = 0, slowest = 0, counting = false;
  addEventListener("click", () => { began = performance.now(); }, { capture: true });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.interactionId) slowest = Math.max(slowest, one.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  const painted = (told) => requestAnimationFrame(() => setTimeout(() => told(performance.now() - began)));
  const seen = (is) => new Promise((told) => {
    const look = () => { if (began && is()) { observer.disconnect(); painted(told); return true; } };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  });
  const frame = (at) => {
    if (last) longest = Math.max(longest, at - last);
    last = at;
    if (counting) requestAnimationFrame(frame);
  };
  const isOpen = (selector) => { const one = document.querySelector(selector); return one && one.offsetParent; };
  return {
    done: null,
    until(selector) { this.done = seen(() => isOpen(selector)); },
    replaced(selector) {
      const before = document.querySelector(selector);
      const inside = before.firstElementChild;
      this.done = seen(() => !document.querySelector("#editor") && !inside.isConnected && isOpen(selector));
    },
    frames() { longest = last = 0; if (!counting) { counting = true; requestAnimationFrame(frame); } },
    longest() { return longest; },
    paint() { return slowest; },
  };
})();
