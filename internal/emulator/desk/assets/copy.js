// A button that copies a text and says so.

import { el, tell } from "./dom.js";

// copyButton copies text. name is what it is: the link, the code.
export function copyButton(name, text) {
  const label = `Copy ${name}`;
  let timer;
  const button = el("button", { type: "button", class: "copy", async onclick() {
    const done = await write(text);
    button.textContent = done ? "Copied" : "Not copied";
    tell(done ? `The ${name} is copied` : `The ${name} could not be copied`);
    clearTimeout(timer);
    timer = setTimeout(() => (button.textContent = label), 1600);
  } }, label);
  return button;
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeBySelection(text); // an address that the browser does not trust has no clipboard
  }
}

function writeBySelection(text) {
  const field = el("textarea", { class: "told", readonly: true, "aria-hidden": "true" });
  field.value = text;
  const held = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  held?.focus({ preventScroll: true });
  return done;
}
