// The clock of the project, as the emulator told it last, and how it is moved.

import { ask, of } from "./api.js";
import { pause } from "./connection.js";
import { byID } from "./dom.js";
import { moment } from "./words.js";

let told; // { state, at }: a state of the clock, and when it was told by the browser's clock
const readers = new Set();

// now is the time of the project, undefined while nobody has told it.
export function now() {
  if (!told) return undefined;
  const passed = told.state.frozen ? 0 : performance.now() - told.at;
  return new Date(Date.parse(told.state.now) + passed);
}

export const state = () => told?.state;

function take(next) {
  told = { state: next, at: performance.now() };
  draw();
  for (const read of readers) read();
}

function draw() {
  const at = now();
  byID("now").textContent = at ? `${moment(at)} UTC${told.state.frozen ? ", frozen" : ""}` : "";
}

// move moves the clock; see POST clock of the admin API.
export async function move(project, body) {
  take(await ask(of(project) + "/clock", { method: "POST", body }));
}

// onClock calls read now and after every state that is told.
export function onClock(read, signal) {
  readers.add(read);
  signal.addEventListener("abort", () => readers.delete(read), { once: true });
  read();
}

// followClock keeps the clock of a project until the signal.
export async function followClock(project, signal) {
  const ticks = setInterval(draw, 250);
  signal.addEventListener("abort", () => clearInterval(ticks), { once: true });
  while (!signal.aborted) {
    try {
      take(await ask(of(project) + "/clock", { signal }));
    } catch {
      // Whether the emulator is there is told at the top; it is asked again.
    }
    await pause(3000, signal);
  }
}
