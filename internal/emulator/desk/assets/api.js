// The admin API.

import { token } from "./place.js";
import * as connection from "./connection.js";

// Refusal is an answer that is none of success. Its text is the emulator's.
export class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

// open sends a request. It fails with a Refusal, or with what fetch throws when there is
// no answer.
export async function open(path, { method = "GET", body, signal } = {}) {
  const headers = { Authorization: "Bearer " + token() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch("/_ab" + path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (!signal?.aborted) connection.lost();
    throw error;
  }
  connection.found();
  if (answer.ok) return answer;
  const document = await answer.json().catch(() => ({}));
  if (document.error === "no such project") dispatchEvent(new Event("gone"));
  if (answer.status === 401) dispatchEvent(new Event("refused"));
  throw new Refusal(answer.status, document.error ?? `status ${answer.status}`);
}

// ask gives the document of an answer, null if it has none.
export async function ask(path, options) {
  const answer = await open(path, options);
  return answer.status === 204 ? null : answer.json();
}

export const of = (project) => `/projects/${encodeURIComponent(project)}`;
