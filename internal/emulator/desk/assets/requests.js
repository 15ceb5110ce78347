// View: the requests of the project in time.

import { el } from "./dom.js";

export const name = "requests";
export const title = "Requests";

export function show(parent) {
  parent.append(el("h2", {}, title));
}
