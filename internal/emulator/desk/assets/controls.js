// View: the clock and faults at hand.

import * as clock from "./clock.js";
import * as faults from "./faults.js";

export const name = "controls";
export const title = "Clock and faults";

export function show(parent, project, signal) {
  clock.show(parent, project, signal);
  faults.show(parent, project, signal);
}
