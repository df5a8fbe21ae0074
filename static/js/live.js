// What one page does with news: says it to its own regions, as "live-contract" on the body for a contract that it names
// (in [data-live-contract], several apart by spaces), and as "live-bell" for each. Nothing is said while nobody sees the
// page; it is said when somebody does. Knows no connection (live-worker.js has it) and no content.

(() => {
  "use strict";

  const GAP = 1_000; // between two times that the regions are asked to look
  const START = 1_000; // after the page has loaded
  const POLL = 30_000;
  const { address, worker } = document.currentScript.dataset;
  const [made] = performance.getEntriesByType("navigation");
  const said = made?.serverTiming?.find(({ name }) => name === "now"); // of a page that was kept: when it was last right
  const since = Number(said?.description) || 1; // the server's time; not told: it may be old
  let news = new Set();
  let timer = 0;
  let last = 0;

  const names = (what) =>
    document.querySelector(what === "again" ? "[data-live-contract]" : `[data-live-contract~="${CSS.escape(what)}"]`);

  function heard(what) {
    news.add(what);
    soon();
  }

  function soon() {
    if (timer || document.hidden || !news.size) return;
    timer = setTimeout(say, Math.max(0, last + GAP - Date.now()));
  }

  function say() {
    timer = 0;
    if (document.hidden) return; // its turn comes
    const said = news;
    news = new Set();
    last = Date.now();
    if ([...said].some(names)) document.body.dispatchEvent(new CustomEvent("live-contract"));
    document.body.dispatchEvent(new CustomEvent("live-bell"));
  }

  // One worker for all tabs; one for this tab where there are no shared ones; none: ask from time to time.
  function connect(kinds) {
    const Kind = self[kinds[0]];
    if (!kinds.length) return pollAlone();
    if (!Kind) return connect(kinds.slice(1));
    let made;
    try {
      made = new Kind(worker, { name: address, extendedLifetime: true }); // for the way to the next page, where known
    } catch {
      return connect(kinds.slice(1));
    }
    made.addEventListener("error", () => connect(kinds.slice(1)), { once: true });
    tellOfTab(made.port ?? made);
  }

  function tellOfTab(port) {
    const send = (more) => port.postMessage({ seen: !document.hidden, ...more });
    port.onmessage = ({ data }) => heard(data);
    document.addEventListener("visibilitychange", () => send());
    addEventListener("pageshow", (event) => event.persisted && send({ since }));
    send({ since });
    // However this page goes, it lets go of a lock; the worker waits for that. (A last message may not arrive.)
    const life = `live-${Math.random()}`;
    navigator.locks?.request(life, () => {
      send({ life });
      return new Promise(() => {});
    });
  }

  function pollAlone() {
    setInterval(async () => {
      if (document.hidden) return;
      const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
      if (answer?.ok) heard("again");
    }, POLL);
  }

  document.addEventListener("visibilitychange", soon);
  // The page first, and who only passes through asks for nothing: what comes meanwhile is repeated by the server.
  addEventListener("load", () => setTimeout(connect, START, ["SharedWorker", "Worker"]));
})();
