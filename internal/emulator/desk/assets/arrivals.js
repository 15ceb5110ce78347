// The messages of a project, as they come. This is the only module that knows how.

import { ask, of } from "./api.js";
import { pause } from "./connection.js";

const lookBack = 500; // messages that are shown at first
const breath = 200; // milliseconds between two questions, so that a load run is not held up

// follow calls take with lists of messages until the signal: first with those that are
// kept, then, with live true, with those that arrive. A message may come again with another
// state. With skipped true there were more than are in the list.
export async function follow(project, take, signal) {
  let after;
  while (!signal.aborted) {
    try {
      const live = after !== undefined;
      if (!live) after = await start(project, signal);
      const wait = live ? "30s" : "0s";
      const { messages, cursor } = await ask(`${of(project)}/messages?read=true&wait=${wait}&after=${after}`, { signal });
      const skipped = messages.length > lookBack;
      after = skipped ? undefined : cursor;
      if (messages.length > 0 || !live) take(messages, { live, skipped });
      await pause(breath, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 410) after = "";
      await pause(1000, signal);
    }
  }
}

// start is a cursor a little before the newest message.
async function start(project, signal) {
  const { cursor } = await ask(`${of(project)}/messages/read`, { method: "POST", body: { ids: [] }, signal });
  return String(Math.max(0, Number(cursor) - lookBack));
}
