// A picture of requests side by side in time. The table below it tells the same in words.

import { el } from "./dom.js";
import { took } from "./words.js";

const longest = 60e9; // nanoseconds that a strip shows at most
const shortest = 10e6;
const lanes = 8;

// tone is how a request went: good, refused, or bad where it is the emulator's doing.
export const tone = (r) => (r.fault || r.status === 0 || r.status >= 500 ? "bad" : r.status >= 400 ? "warn" : "good");

// strip draws the newest of the requests, which are in the order of their answers.
export function strip(requests) {
  const end = Math.max(...requests.map((r) => r.exit_ns));
  const begin = Math.max(end - longest, Math.min(end - shortest, ...requests.map((r) => r.enter_ns)));
  const span = end - begin;
  const busy = []; // when each lane is free again
  const bars = requests.filter((r) => r.exit_ns >= begin).sort((a, b) => a.enter_ns - b.enter_ns).map((r) => {
    const gap = span / 400; // so that bars that are widened to be seen do not overlap
    let lane = busy.findIndex((free) => free <= r.enter_ns);
    if (lane < 0) lane = Math.min(busy.length, lanes - 1);
    busy[lane] = Math.max(r.exit_ns, r.enter_ns + gap);
    const left = Math.max(r.enter_ns, begin);
    const bar = el("span", { class: `bar is-${tone(r)}`, title: `${r.method} ${r.path}: ${r.status || "no answer"}, ${took(r.exit_ns - r.enter_ns)}` });
    bar.style.left = `${((left - begin) / span) * 100}%`;
    bar.style.width = `${((r.exit_ns - left) / span) * 100}%`;
    bar.style.top = `${lane * 12}px`;
    return bar;
  });
  const box = el("div", { class: "bars" }, bars);
  box.style.height = `${busy.length * 12 + 2}px`;
  return el("figure", { class: "strip", "aria-hidden": "true" }, box,
    el("figcaption", {}, el("span", {}, `${took(span)} ago`), el("span", {}, "newest")));
}
