// Is the emulator there? The line at the top says so, and says it again when it changes.

import { byID } from "./dom.js";

let state = "connecting";

function show(next, text) {
  if (state === next) return;
  state = next;
  const line = byID("connection");
  line.textContent = text;
  line.className = next;
}

export function found() {
  show("connected", state === "lost" ? "connected again" : "connected");
}

export function lost() {
  show("lost", "connection lost, trying again");
}

export function refused() {
  show("refused", "the token is missing or refused");
}

// pause ends after a while, at once when the page goes on to something else.
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
