// View: recipients and their messages as phones.

import { follow } from "./arrivals.js";
import { el, tell } from "./dom.js";
import { Phone } from "./phone.js";
import { count } from "./words.js";

export const name = "messages";
export const title = "Messages";

const most = 48; // phones that are shown; those without a message for the longest time go

export function show(parent, project, signal) {
  const phones = new Map(); // by recipient, the one with the newest message last
  const grid = el("div", { class: "phones" });
  const summary = el("p", { class: "note" });
  const field = el("input", { id: "recipient", type: "search", placeholder: "Phone or e-mail", oninput: filter });
  const empty = el("div", { class: "empty" },
    el("p", {}, "No message yet. What the emulator sends shows here at once."),
    el("p", { class: "note" }, "Point your application at the base URL that authbench emulate printed, with this project ID: ",
      el("code", {}, project)));
  parent.append(el("div", { class: "tools" },
    el("h2", {}, title), el("label", { for: "recipient", class: "told" }, "Show only the recipient"), field, summary), empty, grid);

  // A phone keeps its place, so that nothing moves away under the pointer.
  function phoneOf(recipient) {
    let phone = phones.get(recipient);
    if (!phone) {
      phone = new Phone(recipient);
      grid.prepend(phone.element);
      phone.element.hidden = !wanted(recipient);
    }
    phones.delete(recipient);
    phones.set(recipient, phone);
    return phone;
  }

  const wanted = (recipient) => recipient.toLowerCase().includes(field.value.trim().toLowerCase());

  function filter() {
    for (const [recipient, phone] of phones) phone.element.hidden = !wanted(recipient);
    summarise();
  }

  let older = false; // messages are kept that are not shown
  function summarise(skipped = older) {
    older = skipped;
    const visible = [...phones.keys()].filter(wanted).length;
    summary.textContent = phones.size === 0 ? "" : count(visible, "recipient") + (older ? ", the newest messages" : "");
  }

  // keep takes away what is not in a list of all there is.
  function keep(list) {
    const ids = new Set(list.map((message) => message.id));
    for (const [recipient, phone] of phones) {
      if (phone.keep(ids)) continue;
      phones.delete(recipient);
      phone.element.remove();
    }
  }

  follow(project, (list, { live, skipped }) => {
    if (!live) keep(list);
    const seen = list.filter((message) => phoneOf(message.recipient).put(message, live));
    for (const recipient of new Set(seen.map((message) => message.recipient))) phones.get(recipient).settle();
    for (const [recipient, phone] of phones) {
      if (phones.size <= most) break;
      phones.delete(recipient);
      phone.element.remove();
    }
    empty.hidden = phones.size > 0;
    summarise(skipped);
    const arrived = seen.filter((message) => message.state === "delivered");
    if (live && arrived.length > 0) {
      tell(arrived.length === 1 ? `Message to ${arrived[0].recipient}: ${arrived[0].body}` : count(arrived.length, "message") + " arrived");
    }
  }, signal);
}
