// The page: which project, which view, and the token that opens both.
//
// A view is a module with a name, a title and show(parent, project, signal). It fills its
// parent, and stops whatever it started when the signal is aborted.

import { ask } from "./api.js";
import * as connection from "./connection.js";
import { byID, el, replace } from "./dom.js";
import * as place from "./place.js";
import { followClock } from "./time.js";
import * as controls from "./controls.js";
import * as messages from "./messages.js";
import * as requests from "./requests.js";
import * as users from "./users.js";

const views = [messages, users, requests, controls];
const view = byID("view");
let shown; // stops what the view shown has started

async function show() {
  shown?.abort();
  shown = new AbortController();
  const { signal } = shown;
  const at = place.read();
  const chosen = views.find((v) => v.name === at.view) ?? views[0];
  const project = await choose(at.project, signal);
  if (signal.aborted) return;
  if (project === undefined) return askToken();
  mark(chosen, project);
  if (project === "") {
    replace(view, el("p", { class: "empty" }, "There is no project. One that is made shows when you reload the page."));
    return;
  }
  view.replaceChildren();
  followClock(project, signal);
  chosen.show(view, project, signal);
}

// choose gives the project to show and lists them all: "" if there is none, undefined
// without a token.
async function choose(wanted, signal) {
  if (place.token() === "") return undefined;
  for (;;) {
    try {
      const { projects } = await ask("/projects?limit=1000", { signal });
      const ids = projects.map((p) => p.project_id);
      const project = ids.includes(wanted) ? wanted : ids[0] ?? "";
      const select = byID("project").querySelector("select");
      select.replaceChildren(...ids.map((id) => el("option", { value: id, selected: id === project }, id)));
      return project;
    } catch (error) {
      if (signal.aborted || error.status === 401) return undefined;
      await connection.pause(1000, signal);
      if (signal.aborted) return undefined;
    }
  }
}

// mark shows in the head of the page where the reader is.
function mark(chosen, project) {
  document.title = `${chosen.title} · authbench emulator`;
  byID("project").hidden = project === "";
  const links = views.map((v) => el("a", {
    id: "to-" + v.name, href: place.address(v.name, project), "aria-current": v === chosen && "page",
  }, v.title));
  replace(document.querySelector("nav"), links);
}

function askToken() {
  shown?.abort();
  connection.refused();
  byID("project").hidden = true;
  byID("now").textContent = "";
  document.querySelector("nav").replaceChildren();
  const wrong = place.token() !== "";
  const field = el("input", {
    id: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true,
    "aria-describedby": "token-note", "aria-invalid": wrong && "true",
  });
  const form = el("form", { class: "token", onsubmit(event) {
    event.preventDefault();
    place.keepToken(field.value.trim());
    show();
  } },
  el("label", { for: "token" }, "Admin token"),
  el("div", { class: "row" }, field, el("button", { type: "submit", class: "main" }, "Open")),
  el("p", { id: "token-note", class: "note" },
    wrong ? "The emulator refuses this token. " : "",
    "authbench emulate prints the token, and an address of this page that holds it, when it starts."));
  replace(view, form);
  field.focus();
}

byID("project").querySelector("select").addEventListener("change", (event) => {
  location.hash = place.address(place.read().view, event.target.value);
});
addEventListener("hashchange", show);
addEventListener("refused", askToken);
addEventListener("gone", show);
show();
