// Faults that are often wanted, as the admin API takes them. A name is made from the key.

export const presets = {
  unavailable: { label: "The API answers 503", fault: { phase: "before", action: "status", status: 503 }, match: "/v1/auth/*" },
  limited: {
    label: "The API answers 429, too many requests", match: "/v1/auth/*",
    fault: { phase: "before", action: "status", status: 429, error_code: "E130429", retry_after: "30" },
  },
  "lost-answer": { label: "It happens, and the answer is lost", fault: { phase: "after_commit", action: "reset" }, match: "POST /v1/auth/*" },
  slow: { label: "Answers take 2 seconds", fault: { phase: "before", action: "latency", latency: { distribution: "fixed", value: "2s" } }, match: "/v1/auth/*" },
  hang: { label: "The answer never comes", fault: { phase: "before", action: "hang" }, match: "POST /v1/auth/*" },
  truncated: { label: "Half of the answer comes", fault: { phase: "after_commit", action: "truncate" }, match: "POST /v1/auth/*" },
  garbage: { label: "The answer is no JSON", fault: { phase: "after_commit", action: "garbage" }, match: "POST /v1/auth/*" },
  "lost-message": { label: "Messages are lost", fault: { phase: "delivery", action: "loss" }, match: "" },
  "late-message": { label: "Messages are a minute late", fault: { phase: "delivery", action: "latency", latency: { distribution: "fixed", value: "1m" } }, match: "" },
  "double-message": { label: "Messages arrive twice", fault: { phase: "delivery", action: "duplicate" }, match: "" },
  "no-keys": { label: "The public keys answer 503", fault: { phase: "jwks", action: "status", status: 503 }, match: "" },
};

// freeName is the key, with a number behind it if that is taken.
export function freeName(key, taken) {
  let name = key;
  for (let n = 2; taken.includes(name); n++) name = `${key}-${n}`;
  return name;
}
