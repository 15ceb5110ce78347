"use strict";
// Shows values under the pointer, and on a live page takes over each new state. Without
// this script the page shows all but that.
(() => {
  const split = (text) => (text ? text.split("|") : []);

  function pick(chart, index) {
    const places = split(chart.dataset.x);
    const at = chart.querySelector(".at");
    const cursor = chart.querySelector(".cursor");
    const picked = index >= 0 && index < places.length;
    for (const item of chart.querySelectorAll(".legend li")) {
      const value = item.querySelector("b");
      if (value.dataset.whole === undefined) value.dataset.whole = value.textContent;
      value.textContent = picked ? split(item.dataset.values)[index] : value.dataset.whole;
    }
    at.textContent = picked ? split(chart.dataset.times)[index] : "";
    const x = picked ? places[index] * 1000 : -9;
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    if (picked) chart.dataset.index = index;
    else delete chart.dataset.index;
  }

  function nearest(chart, share) {
    let best = -1;
    split(chart.dataset.x).forEach((place, i, all) => {
      if (best < 0 || Math.abs(place - share) < Math.abs(all[best] - share)) best = i;
    });
    return best;
  }

  // On the document, so that charts that replace others need no listeners of their own.
  document.addEventListener("pointermove", (event) => {
    const plot = event.target.closest && event.target.closest(".plot");
    for (const other of document.querySelectorAll(".chart[data-index]")) {
      if (!plot || !other.contains(plot)) pick(other, -1);
    }
    if (!plot) return;
    const box = plot.getBoundingClientRect();
    const chart = plot.closest(".chart");
    pick(chart, nearest(chart, (event.clientX - box.left) / box.width));
  });
  document.addEventListener("keydown", (event) => {
    const chart = document.activeElement;
    if (!chart || !chart.classList.contains("chart")) return;
    const n = split(chart.dataset.x).length;
    const now = chart.dataset.index === undefined ? -1 : Number(chart.dataset.index);
    const next = { ArrowRight: Math.min(now + 1, n - 1), ArrowLeft: Math.max(now - 1, 0), Home: 0, End: n - 1, Escape: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    pick(chart, next);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.classList && event.target.classList.contains("chart")) pick(event.target, -1);
  });

  if (document.documentElement.dataset.live === undefined) return;
  const events = new EventSource("/events");
  let over = false;
  let lost; // streams end now and then: it is told when the next one does not begin
  const status = (text) => {
    const line = document.querySelector(".over .live");
    if (line) line.textContent = text;
  };
  // Screen readers are told what changes, not every state.
  const told = document.getElementById("told");
  const tell = (text) => {
    if (told.textContent !== text) told.textContent = text;
  };
  const show = (event) => {
    const main = document.querySelector("main");
    const held = document.activeElement && document.activeElement.id;
    const picked = new Map();
    const open = new Set();
    for (const chart of main.querySelectorAll(".chart[data-index]")) picked.set(chart.id, Number(chart.dataset.index));
    for (const part of main.querySelectorAll("details[open]")) open.add(part.id);
    main.innerHTML = event.data;
    tell(main.querySelector("header").dataset.told);
    for (const [id, index] of picked) pick(document.getElementById(id), index);
    for (const id of open) {
      const part = document.getElementById(id);
      if (part) part.open = true;
    }
    if (held) {
      const again = document.getElementById(held);
      if (again) again.focus({ preventScroll: true });
    }
  };
  events.addEventListener("state", show);
  events.addEventListener("end", (event) => {
    over = true;
    events.close();
    show(event);
  });
  events.onerror = () => {
    if (over || lost !== undefined) return;
    lost = setTimeout(() => {
      status("not connected");
      tell("Not connected");
    }, 5000);
  };
  events.onopen = () => {
    clearTimeout(lost);
    lost = undefined;
  };
})();
