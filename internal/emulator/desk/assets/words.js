// Values as text. Times are UTC, as in tokens and reports.

const two = (n) => String(n).padStart(2, "0");

// time of day, with its date where that is another day than the one of now.
export function moment(text, now) {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const day = at.toISOString().slice(0, 10);
  return now && day === new Date(now).toISOString().slice(0, 10) ? clock : `${day} ${clock}`;
}

// words of a name such as sign_up_or_in.
export const words = (name) => name.replaceAll("_", " ");

export const count = (n, one, many = one + "s") => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

// took is a number of nanoseconds, as people say it.
export function took(ns) {
  const ms = ns / 1e6;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}

// isDuration tells whether Go would read the text as a duration.
export const isDuration = (text) => /^([+-]?(\d+(\.\d+)?(h|m|s|ms))+|0)$/.test(text.trim());
