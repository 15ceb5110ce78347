// Server-sent events out of a body that is read with fetch: an EventSource can not send
// the token.

import * as connection from "./connection.js";

const silence = 15000; // milliseconds after which the other side is taken for dead

// events gives lists of { event, data }, each of what has come at a time. It ends with the
// body, and fails when that breaks off or falls silent.
export async function* events(body, signal) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await soon(reader.read());
      if (done) return;
      const frames = (text + value).split("\n\n");
      text = frames.pop();
      yield frames.map(parse);
    }
  } catch (error) {
    if (!signal.aborted) connection.lost();
    throw error;
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(frame) {
  const event = { event: "message", data: "" };
  for (const line of frame.split("\n")) {
    if (line.startsWith("event: ")) event.event = line.slice(7);
    else if (line.startsWith("data: ")) event.data += line.slice(6);
    else if (line.startsWith(":")) event.event = "";
  }
  return event;
}

async function soon(promise) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("nothing came for too long")), silence)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
