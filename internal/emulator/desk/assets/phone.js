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

  // put shows a message, or what has become of one that is shown. It tells whether the
  // message is another one. One that arrives while somebody looks is marked.
  put(message, live) {
    const bubble = draw(message);
    const shown = this.#bubbles.get(message.id);
    this.#bubbles.set(message.id, bubble);
    this.#channel.textContent = message.channel;
    if (shown) {
      shown.querySelector(".meta").replaceWith(bubble.querySelector(".meta"));
      this.#bubbles.set(message.id, shown);
      return false;
    }
    if (live) bubble.classList.add("fresh");
    this.#list.append(bubble);
    for (const [id, old] of this.#bubbles) {
      if (this.#bubbles.size <= most) break;
      this.#bubbles.delete(id);
      old.remove();
    }
    return true;
  }

  // settle scrolls to the newest message, unless somebody is reading an older one.
  settle() {
    if (!this.#list.contains(document.activeElement)) this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function draw(message) {
  return el("li", { class: "bubble" },
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
  const state = message.state ?? "delivered";
  const facts = [words(message.purpose)];
  if (message.segments) facts.push(count(message.segments, "segment"));
  if (message.delivery?.reason) facts.push(words(message.delivery.reason));
  if (message.delivery?.duplicate_of) facts.push("duplicate");
  if (message.read) facts.push("read");
  return el("p", { class: "meta" },
    el("time", { datetime: message.created_at }, moment(message.created_at, now())), " ",
    el("span", { class: `state ${state}` }, words(state)), " ", facts.join(" · "));
}
