// Elements. Data gets into the page as text or as the value of an attribute, never as
// markup.

// el makes an element. Of its properties, those that begin with "on" are listeners, and
// false or undefined leaves an attribute out. Children are nodes, texts or lists of them;
// null leaves one out.
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

export const byID = (id) => document.getElementById(id);

let turn = 0;
// tell has screen readers say a text, also one that they have said before.
export function tell(text) {
  byID("told").textContent = text + (++turn % 2 ? "" : "\u00a0");
}

// replace shows other children. What has the focus or is open, by its id, still is.
export function replace(parent, ...children) {
  const held = parent.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...parent.querySelectorAll("details[open]")].map((part) => part.id);
  parent.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  for (const id of open) {
    const part = id && byID(id);
    if (part) part.open = true;
  }
  const again = held && byID(held);
  if (again) again.focus({ preventScroll: true });
}
