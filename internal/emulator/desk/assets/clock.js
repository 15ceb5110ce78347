// The part of a view that moves the clock.

import { el, tell } from "./dom.js";
import { move, now, onClock, state } from "./time.js";
import { isDuration, moment } from "./words.js";

export function show(parent, project, signal) {
  const face = el("p", { id: "clock-face", class: "face" });
  const why = el("p", { class: "note" });
  const problem = el("p", { class: "problem", role: "alert" });
  const run = el("button", { id: "clock-run", type: "button" });
  const own = durationField("clock-own", "10m");
  const skew = durationField("clock-skew", "-5m");

  async function act(body, done) {
    problem.textContent = "";
    try {
      await move(project, body);
      tell(`${done}. It is ${moment(now())}.`);
    } catch (error) {
      problem.textContent = error.message;
    }
  }
  run.addEventListener("click", () => (state()?.frozen ? act({ resume: true }, "The clock runs") : act({ freeze: true }, "The clock stands still")));
  const advance = (by, label) => el("button", { type: "button", id: "advance-" + by, onclick: () => act({ advance: by }, `The clock is advanced by ${label}`) }, "+ " + label);

  parent.append(el("section", { "aria-labelledby": "h-clock" },
    el("h2", { id: "h-clock" }, "Clock"),
    el("p", { class: "note" }, "Lifetimes, limits and deliveries of this project go by its clock."),
    face, why,
    el("div", { class: "row" }, run, advance("1m", "1 minute"), advance("3m", "3 minutes")),
    form("Advance by", own, "Advance", () => act({ advance: own.value.trim() }, `The clock is advanced by ${own.value.trim()}`)),
    form("Skew", skew, "Set", () => act({ skew: skew.value.trim() }, "The skew is set"),
      "How wrong the clock is, as on a machine that was set wrong. 0s takes it away."),
    problem));

  function draw() {
    const s = state();
    if (!s) return;
    face.textContent = moment(now());
    const parts = [s.frozen ? "stands still" : "runs"];
    if (s.ahead !== "0s" && !s.frozen) parts.push(`ahead of the machine by ${s.ahead}`);
    if (s.skew !== "0s") parts.push(`skewed by ${s.skew}`);
    why.textContent = `UTC, ${parts.join(", ")}`;
    run.textContent = s.frozen ? "Resume" : "Freeze";
  }
  onClock(draw, signal);
  const ticks = setInterval(draw, 250);
  signal.addEventListener("abort", () => clearInterval(ticks), { once: true });
}

function durationField(id, placeholder) {
  const field = el("input", { id, type: "text", placeholder, size: "8", required: true, autocomplete: "off", spellcheck: "false" });
  field.addEventListener("input", () => {
    const wrong = field.value !== "" && !isDuration(field.value);
    field.setCustomValidity(wrong ? "A duration such as 90s, 10m or 1h30m" : "");
  });
  return field;
}

function form(label, field, button, submit, note) {
  return el("form", { class: "row", onsubmit(event) {
    event.preventDefault();
    submit();
  } }, el("label", { for: field.id }, label), field, el("button", { type: "submit" }, button), note ? el("span", { class: "note" }, note) : null);
}
