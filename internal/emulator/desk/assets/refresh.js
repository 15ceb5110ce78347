// What is asked for again and again while somebody looks.

import { pause } from "./connection.js";

// refresh loads now, and every two seconds until the signal.
export async function refresh(load, signal) {
  while (!signal.aborted) {
    if (!document.hidden) await load().catch(() => {}); // the line at the top tells why
    await pause(2000, signal);
  }
}
