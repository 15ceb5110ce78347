// The part of a view that lists, adds and removes faults.

import { ask, of } from "./api.js";
import { el, replace, tell } from "./dom.js";
import { freeName, presets } from "./presets.js";
import { refresh } from "./refresh.js";
import { count, words } from "./words.js";

export function show(parent, project, signal) {
  const path = of(project) + "/faults";
  const list = el("div", {});
  const problem = el("p", { class: "problem", role: "alert" });
  let names = [];
  let last;

  const preset = el("select", { id: "preset" }, Object.entries(presets).map(([key, p]) => el("option", { value: key }, p.label)));
  const match = el("input", { id: "match", type: "text", autocomplete: "off", spellcheck: "false", placeholder: "all requests" });
  const times = el("input", { id: "times", type: "number", min: "1", placeholder: "always" });
  const share = el("input", { id: "share", type: "number", min: "1", max: "100", placeholder: "100" });
  const choose = () => (match.value = presets[preset.value].match);
  preset.addEventListener("change", choose);
  choose();

  const form = el("form", { class: "fields", onsubmit(event) {
    event.preventDefault();
    add();
  } },
  field("What goes wrong", preset), field("Where", match), field("How many times", times), field("Share in %", share),
  el("button", { type: "submit", class: "main" }, "Add"));
  parent.append(el("section", { "aria-labelledby": "h-faults" },
    el("h2", { id: "h-faults" }, "Faults"),
    el("p", { class: "note" }, "Of several at one place the first that strikes counts. Where: a path, perhaps with * at its end, behind a method if only one is meant."),
    form, problem, list));

  async function act(body, done) {
    problem.textContent = "";
    try {
      await body();
      tell(done);
      await load();
    } catch (error) {
      problem.textContent = error.message;
    }
  }

  function add() {
    const body = { name: freeName(preset.value, names), ...presets[preset.value].fault };
    if (match.value.trim()) body.match = match.value.trim();
    if (times.value) body.count = Number(times.value);
    if (share.value) body.probability = Number(share.value) / 100;
    act(() => ask(path, { method: "POST", body }), `Fault ${body.name} is added`);
  }

  const remove = (name) => act(() => ask(`${path}/${encodeURIComponent(name)}`, { method: "DELETE" }), `Fault ${name} is removed`);

  async function load() {
    const { faults } = await ask(path, { signal });
    const text = JSON.stringify(faults);
    if (text === last) return;
    last = text;
    names = faults.map((f) => f.name);
    replace(list, faults.length === 0
      ? el("p", { class: "empty" }, "No fault. All goes well.")
      : el("ul", { class: "faults" }, faults.map((f) => row(f, remove))));
  }
  refresh(load, signal);
}

const field = (label, input) => el("div", {}, el("label", { for: input.id }, label), input);

function row(fault, remove) {
  const facts = [fault.match || "all requests", `${words(fault.phase)}: ${words(fault.action)}${fault.action === "status" && fault.status ? ` ${fault.status}` : ""}`];
  if (fault.action !== "status" && fault.status) facts.push(`status ${fault.status}`);
  if (fault.latency) facts.push(`latency ${fault.latency.value ?? fault.latency.distribution}`);
  if (fault.probability !== undefined) facts.push(`${+(fault.probability * 100).toFixed(2)} %`);
  if (fault.skip) facts.push(`not the first ${fault.skip}`);
  if (fault.count) facts.push(`at most ${count(fault.count, "time")}`);
  return el("li", {},
    el("div", { class: "who" }, el("h3", {}, fault.name), el("p", { class: "soft" }, facts.join(" · "))),
    el("p", { class: "hits" }, el("strong", {}, fault.hits.toLocaleString("en")), ` of ${count(fault.seen, "request")} struck`),
    el("button", { type: "button", id: "remove-" + fault.name, "aria-label": `Remove ${fault.name}`, onclick: () => remove(fault.name) }, "Remove"));
}
