// The one connection of this browser to the server, for all tabs of one user: as a shared worker, or as a worker of one
// tab where there are no shared ones. Its name is the address. Knows no page: it tells its tabs what it hears.

(() => {
  "use strict";

  const QUIET = 60_000; // no tab has been seen for so long: nobody needs a connection
  const BETWEEN = 5_000; // there is no tab: it may be on its way from one page to the next
  const SILENCE = 40_000; // the server gives a sign of life every 15 seconds
  const OPENING = 10_000; // who hears nothing for so long after asking is behind something that keeps it all
  const POLL = 30_000;
  const SLOWEST = 10_000; // between two attempts to reach a server that is not there
  const MEMORY = 60; // seconds
  const SKEW = 1; // a page says when it was made to the second
  const pause = (time) => new Promise((go) => setTimeout(go, time));

  const tabs = new Map(); // port to whether it is seen
  let since = Infinity; // the server's time up to which everything was heard
  let unbroken = Infinity; // and from which on
  let heard = []; // [at, what] of late
  let working = false;
  let current = null; // what aborts the open connection
  let quiet = 0;

  self.onconnect = (event) => listenTo(event.ports[0]);
  if (!("SharedWorkerGlobalScope" in self)) listenTo(self);

  function listenTo(port) {
    port.onmessage = ({ data }) => {
      tabs.set(port, data.seen);
      if (data.since) catchUp(port, data.since);
      if (data.life) self.navigator.locks.request(data.life, () => leave(port));
      tend();
    };
  }

  function leave(port) {
    tabs.delete(port);
    tend();
  }

  // A tab that comes later has missed what was heard since the server made its page.
  function catchUp(port, from) {
    if (unbroken === Infinity) since = Math.min(since, from); // the first connection asks from there on
    else if (from < Math.max(unbroken, since - MEMORY)) port.postMessage("again");
    else for (const [at, what] of heard) if (at >= from - SKEW) port.postMessage(what);
  }

  function tend() {
    clearTimeout(quiet);
    if (isNeeded()) work();
    else quiet = setTimeout(() => current?.abort(), tabs.size ? QUIET : BETWEEN);
  }

  const isNeeded = () => [...tabs.values()].some(Boolean);

  async function work() {
    if (working) return;
    working = true;
    for (let failures = 0; isNeeded(); ) {
      const came = await stream().catch(() => "nothing");
      if (came === "forbidden") break; // signed out; the next page will be somebody's
      if (came === "refusal" && (await poll())) {
        failures = 0;
        await pause(POLL);
      } else {
        failures = came === "events" ? 0 : failures + 1;
        await pause(Math.random() * 500 + (failures && Math.min(500 * 2 ** failures, SLOWEST)));
      }
    }
    working = false;
  }

  // Hear until it ends. Answers what came: events, a refusal, that it is forbidden; fails if there was no answer.
  async function stream() {
    const abort = (current = new AbortController());
    let patience = setTimeout(() => abort.abort(), OPENING);
    let came = "refusal";
    try {
      const options = { headers: { Accept: "text/event-stream" }, cache: "no-store", signal: abort.signal };
      const answer = await fetch(`${self.name}?since=${since === Infinity ? 0 : since}`, options);
      if (answer.status === 403) return "forbidden";
      if (answer.status !== 200) return "refusal";
      unbroken = since;
      for await (const [at, what] of events(answer.body)) {
        came = "events";
        clearTimeout(patience);
        patience = setTimeout(() => abort.abort(), SILENCE);
        hear(Number(at), what);
      }
    } catch (error) {
      if (came === "refusal" && !abort.signal.aborted) throw error;
    } finally {
      clearTimeout(patience);
      abort.abort();
      current = null;
    }
    return came;
  }

  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = "", part; !(part = await reader.read()).done; ) {
      const lines = (text + part.value).split("\n");
      text = lines.pop();
      for (const line of lines) if (line.startsWith("data: ")) yield line.slice(6).split(" ");
    }
  }

  function hear(at, what) {
    since = at;
    heard = heard.filter(([then]) => then > at - MEMORY);
    if (what === "here") return;
    heard.push([at, what]);
    tell(what);
  }

  function tell(what) {
    for (const port of tabs.keys()) port.postMessage(what);
  }

  // No stream is to be had: look at everything now, if the server is there at all.
  async function poll() {
    const options = { cache: "no-store", signal: AbortSignal.timeout(OPENING) };
    const answer = await fetch(self.name, options).catch(() => null);
    if (answer?.ok) tell("again");
    return answer?.ok;
  }
})();
