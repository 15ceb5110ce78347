// The messages of a project, as they come. This is the only module that knows how.

import { ask, of, open } from "./api.js";
import { pause } from "./connection.js";
import { events } from "./events.js";
import { refresh } from "./refresh.js";

// follow calls take with lists of messages until the signal: first with those that are
// kept, then, with live true, with those that arrive. A message may come again with another
// state. With skipped true there were more than are in the list.
export async function follow(project, take, signal) {
  let begun = false;
  while (!signal.aborted) {
    try {
      const { messages, complete } = await ask(`${of(project)}/messages?state=all`, { signal });
      take(messages, { live: false, skipped: !complete });
      if (!begun) refresh(() => failures(project, take, signal), signal);
      begun = true;
      const after = messages.reduce((newest, m) => Math.max(newest, Number(m.cursor)), 0);
      await stream(`${of(project)}/messages/stream?read=true&beat=5s&after=${after}`, take, signal);
    } catch {
      // Whether the emulator is there is told at the top.
    }
    await pause(1000, signal); // the stream ended: what is kept tells what was missed
  }
}

async function stream(path, take, signal) {
  const answer = await open(path, { signal });
  for await (const batch of events(answer.body, signal)) {
    const messages = batch.filter((e) => e.event === "message").map((e) => JSON.parse(e.data));
    if (messages.length > 0) take(messages, { live: true, skipped: false });
    if (batch.some((e) => e.event === "gone" || e.event === "lost")) return;
  }
}

// failures asks for what does not arrive, of which no stream tells.
async function failures(project, take, signal) {
  for (const state of ["pending", "lost", "rejected"]) {
    const { messages } = await ask(`${of(project)}/messages?state=${state}`, { signal });
    if (messages.length > 0) take(messages, { live: true, skipped: false });
  }
}
