// View: the requests of the project in time.

import { ask, of } from "./api.js";
import { el, replace } from "./dom.js";
import { refresh } from "./refresh.js";
import { strip, tone } from "./strip.js";
import { now } from "./time.js";
import { count, moment, took } from "./words.js";

export const name = "requests";
export const title = "Requests";

const most = 200; // requests that are shown

export function show(parent, project, signal) {
  let requests = []; // the newest last
  let since;
  const picture = el("div", {});
  const table = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Requests, the newest first" });
  const summary = el("p", { class: "note" });
  const field = el("input", { id: "path", type: "search", placeholder: "Path, status, code or user", oninput: draw });
  parent.append(el("div", { class: "tools" },
    el("h2", {}, title), el("label", { for: "path", class: "told" }, "Show only requests with the text"), field, summary), picture, table);

  async function load() {
    if (since === undefined) since = await start(project, signal);
    const { last, cleared, requests: next } = await ask(`${of(project)}/journal?since=${since}`, { signal });
    if (last < since) { // another project has the ID
      requests = [];
      since = undefined;
      return load();
    }
    const kept = requests.filter((r) => r.number > cleared);
    if (next.length === 0 && kept.length === requests.length && table.firstChild) return;
    since = last;
    requests = kept.concat(next).slice(-most);
    draw();
  }

  function draw() {
    const text = field.value.trim().toLowerCase();
    const shown = requests.filter((r) => searched(r).includes(text));
    summary.textContent = requests.length === 0 ? "" : `${shown.length < requests.length ? `${shown.length} of ` : ""}${count(requests.length, "request")}`;
    if (shown.length === 0) {
      picture.replaceChildren();
      replace(table, el("p", { class: "empty" }, text ? "No request has this text." : "No request yet. What is asked of this project shows here."));
      return;
    }
    picture.replaceChildren(strip(shown));
    replace(table, el("table", {}, head(), el("tbody", {}, shown.toReversed().map(row))));
  }
  refresh(load, signal);
}

// start is a number a little before the newest request.
async function start(project, signal) {
  const { last } = await ask(`${of(project)}/journal?since=${Number.MAX_SAFE_INTEGER}`, { signal });
  return Math.max(0, last - most);
}

const searched = (r) => [r.method, r.path, r.status, r.error_code, r.fault, r.lane, r.channel, r.recipient, r.user_id].join(" ").toLowerCase();

const head = () => el("thead", {}, el("tr", {},
  ["time", "request", "status", "took", "about"].map((text) => el("th", { scope: "col" }, text))));

function row(r) {
  const about = [r.recipient ?? r.user_id, r.channel, r.lane && `lane ${r.lane}`, r.fault && `fault ${r.fault}`].filter(Boolean);
  return el("tr", {},
    el("td", {}, moment(r.project_time, now())),
    el("td", { class: "path" }, el("code", {}, `${r.method} ${r.path}`)),
    el("td", { class: `is-${tone(r)}` }, r.status || "no answer", r.error_code ? [" ", el("code", {}, r.error_code)] : null),
    el("td", {}, took(r.exit_ns - r.enter_ns)),
    el("td", { class: "soft" }, about.join(" · ")));
}
