// View: users, their sessions and what is pending for them.

import { ask, of } from "./api.js";
import { el, replace, tell } from "./dom.js";
import { refresh } from "./refresh.js";
import { now } from "./time.js";
import { count, moment, words } from "./words.js";

export const name = "users";
export const title = "Users";

const page = 50;

export function show(parent, project, signal) {
  let limit = page;
  let last; // what is shown, as text: nothing is drawn again for nothing
  const list = el("div", {});
  const summary = el("p", { class: "note" });
  const field = el("input", { id: "text", type: "search", placeholder: "Name, address or ID", oninput: () => ((limit = page), load()) });
  parent.append(el("div", { class: "tools" },
    el("h2", {}, title), el("label", { for: "text", class: "told" }, "Show only users with the text"), field, summary), list);

  let asked = 0;
  async function load() {
    const mine = ++asked;
    const query = new URLSearchParams({ limit, text: field.value.trim() });
    const found = await ask(`${of(project)}/users?${query}`, { signal });
    const text = JSON.stringify(found);
    if (mine !== asked || text === last) return;
    last = text;
    draw(found);
  }

  function draw({ users, total }) {
    summary.textContent = total === 0 ? "" : count(total, "user");
    if (total === 0) {
      replace(list, el("p", { class: "empty" }, field.value.trim() ? "No user has this text." : "No user yet. Somebody who signs up shows here."));
      return;
    }
    const more = users.length < total && limit < 1000
      ? el("button", { id: "more", type: "button", onclick: () => ((limit = Math.min(limit + page, 1000)), load().then(() => tell("More users are shown"))) }, "Show more")
      : null;
    replace(list, el("ul", { class: "users" }, users.map(row)), more);
  }

  refresh(load, signal);
}

function row(user) {
  const pending = [user.links && count(user.links, "link"), user.codes && count(user.codes, "code")].filter(Boolean);
  const logins = user.login_ids.length > 0 ? user.login_ids : [user.user_id];
  return el("li", {},
    el("div", { class: "who" },
      el("h3", {}, logins.map((id, i) => [i > 0 ? ", " : "", id])),
      user.name ? el("p", {}, user.name) : null,
      el("p", { class: "soft" }, el("code", {}, user.user_id || "no ID yet"))),
    el("p", { class: "tags" }, tags(user)),
    el("dl", {},
      fact("Phone", user.phone, user.verified_phone),
      fact("E-mail", user.email, user.verified_email),
      fact("Created", user.created_at && moment(user.created_at, now())),
      fact("Can be redeemed", pending.join(", "))),
    sessions(user));
}

function tags(user) {
  const state = user.pending ? "pending" : user.status;
  return [
    el("span", { class: `state ${state}` }, user.pending ? "not verified yet" : words(state)),
    user.test ? [" ", el("span", { class: "state" }, "test user")] : null,
  ];
}

function fact(label, value, verified) {
  if (!value) return null;
  const mark = verified === undefined ? null : el("span", { class: verified ? "good-text" : "soft" }, verified ? " verified" : " not verified");
  return el("div", {}, el("dt", {}, label), el("dd", {}, value, mark));
}

function sessions(user) {
  if (user.session_count === 0) return null;
  const left = user.session_count - user.sessions.length;
  return el("details", { id: "sessions-" + user.user_id },
    el("summary", {}, count(user.session_count, "session")),
    el("ul", {}, user.sessions.map((s) => el("li", {},
      el("code", {}, s.id + "…"), ` by ${s.methods.join(", ")}${s.step_up ? ", step-up" : ""}. `,
      el("span", { class: "soft" }, `Opened ${moment(s.opened_at, now())}, ends ${moment(s.expires_at, now())}`)))),
    left > 0 ? el("p", { class: "note" }, `and ${count(left, "older one")}`) : null);
}
