// The messages of a project, as they come. This is the only module that knows how.

import { ask, of, open } from "./api.js";
import { pause } from "./connection.js";
import { events } from "./events.js";
import { refresh } from "./refresh.js";

// follow calls take with lists of messages until the signal: with those that are kept, live
// false, which are all there are from then on; and with those that arrive, live true. A
// message may come again with another state. With skipped true there were more than are in
// the list.
export async function follow(project, take, signal) {
  let begun = false;
  while (!signal.aborted) {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    try {
      // The stream is open before the list is asked for: whatever changes is in one of them.
      const { cursor } = await ask(`${of(project)}/messages/read`, { method: "POST", body: { ids: [] }, signal });
      const stream = await open(`${of(project)}/messages/stream?read=true&beat=5s&after=${cursor}`, { signal: either });
      const { messages, complete } = await ask(`${of(project)}/messages?state=all`, { signal });
      const kept = messages.filter((m) => BigInt(m.cursor) <= BigInt(cursor)); // the stream brings the others
      take(kept, { live: false, skipped: !complete });
      if (!begun) refresh(() => failures(project, take, signal), signal);
      begun = true;
      await arrivals(stream.body, take, either);
    } catch {
      // Whether the emulator is there is told at the top.
    }
    over.abort();
    await pause(1000, signal); // what is kept tells what was missed
  }
}

// arrivals ends when what was told is no longer so.
async function arrivals(body, take, signal) {
  for await (const batch of events(body, signal)) {
    if (batch.some((e) => ["reset", "gone", "lost"].includes(e.event))) return;
    const messages = batch.filter((e) => e.event === "message").map((e) => JSON.parse(e.data));
    if (messages.length > 0) take(messages, { live: true, skipped: false });
  }
}

// failures asks for what does not arrive, of which no stream tells.
async function failures(project, take, signal) {
  for (const state of ["pending", "lost", "rejected"]) {
    const { messages } = await ask(`${of(project)}/messages?state=${state}`, { signal });
    if (messages.length > 0) take(messages, { live: true, skipped: false });
  }
}
