// Where the reader is: the fragment of the address names the view and the project. A
// token in it is taken out at once and kept for this tab.

const key = "authbench-admin-token";
let kept = stored();

function stored() {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return ""; // without a store a reload asks for the token again
  }
}

export const token = () => kept;

export function keepToken(text) {
  kept = text;
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // As above.
  }
}

// read gives the view and the project that the address names.
export function read() {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (parts.has("token")) {
    keepToken(parts.get("token"));
    parts.delete("token");
    history.replaceState(null, "", "#" + parts);
  }
  return { view: parts.get("view") ?? "", project: parts.get("project") ?? "" };
}

// address is the fragment of a place.
export const address = (view, project) => "#" + new URLSearchParams({ view, project });
