// One recipient's messages, as a phone.

import { copyButton } from "./copy.js";
import { el } from "./dom.js";
import { now } from "./time.js";
import { count, moment, words } from "./words.js";

const most = 30; // messages that a phone shows

let phones = 0;

export class Phone {
  #bubbles = new Map(); // by ID of the message
  #list = el("ol", { class: "bubbles", tabindex: "0" });
  #channel = el("span", { class: "soft" });

  constructor(recipient) {
    const id = `phone-${++phones}`;
    this.#list.setAttribute("aria-labelledby", id);
    this.element = el("article", { class: "phone", "aria-labelledby": id },
      el("header", {}, el("h3", { id }, recipient), this.#channel), this.#list);
  }

  // put shows a message, or what has become of one that is shown. It tells whether there
  // is something to see. A message that comes while somebody looks is marked.
  put(message, live) {
    const shown = this.#bubbles.get(message.id);
    if (shown && shown.dataset.facts === keyOf(message)) return false;
    if (shown && !shown.classList.contains("is-pending") && message.state === "pending") return false; // an older look
    const bubble = draw(message);
    if (shown) {
      shown.querySelector(".meta").replaceWith(bubble.querySelector(".meta"));
      shown.className = bubble.className;
      shown.dataset.facts = bubble.dataset.facts;
      return true;
    }
    this.#bubbles.set(message.id, bubble);
    this.#channel.textContent = message.channel;
    if (live) bubble.classList.add("fresh");
    this.#place(bubble);
    for (const [id, old] of this.#bubbles) {
      if (this.#bubbles.size <= most) break;
      this.#bubbles.delete(id);
      old.remove();
    }
    return true;
  }

  // keep takes away all messages but those of the IDs, and tells whether one is left.
  keep(ids) {
    for (const [id, bubble] of this.#bubbles) {
      if (ids.has(id)) continue;
      this.#bubbles.delete(id);
      bubble.remove();
    }
    return this.#bubbles.size > 0;
  }

  // place keeps the messages in the order in which they were sent.
  #place(bubble) {
    let before = null;
    let last = this.#list.lastElementChild;
    for (; last && Number(last.dataset.sent) > Number(bubble.dataset.sent); last = last.previousElementSibling) before = last;
    this.#list.insertBefore(bubble, before);
  }

  // settle scrolls to the newest message, unless somebody is reading an older one.
  settle() {
    if (!this.#list.contains(document.activeElement)) this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function draw(message) {
  return el("li", {
    class: `bubble is-${message.state}`, "data-facts": keyOf(message), "data-sent": Date.parse(message.created_at),
  },
    message.subject ? el("p", { class: "subject" }, message.subject) : null,
    el("p", { class: "body" }, message.body),
    el("div", { class: "row" },
      message.code ? copyButton("code", message.code) : null,
      message.link ? [copyButton("link", message.link), opener(message.link)] : null),
    meta(message));
}

// opener leads to the link, if a browser can follow it.
function opener(link) {
  if (!/^https?:\/\//i.test(link)) return null;
  return el("a", { class: "button", href: link, target: "_blank", rel: "noopener noreferrer" }, "Open");
}

function meta(message) {
  return el("p", { class: "meta" },
    el("time", { datetime: message.created_at }, moment(message.created_at, now())), " ",
    el("span", { class: `state ${message.state}` }, message.state), " ", factsOf(message));
}

// keyOf tells whether there is something else to show of a message.
const keyOf = (message) => `${message.state} ${factsOf(message)}`;

// factsOf tells why a message was sent and how it fared.
function factsOf(message) {
  const { segments, delivery, read, state, purpose } = message;
  return [
    words(purpose),
    segments && count(segments, "segment"),
    state === "pending" && delivery?.due_at && `due ${moment(delivery.due_at, now())}`,
    delivery?.reason && words(delivery.reason),
    delivery?.duplicate_of && "duplicate",
    delivery?.gateway && `gateway: ${words(delivery.gateway.state)}`,
    read && "read",
  ].filter(Boolean).map((fact) => fact.replaceAll(" ", "\u00a0")).join(" · ");
}
