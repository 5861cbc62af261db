// Makes the keyboard and the mouse quicker; every page works without it.
// j and k go to the next and the previous finding; what is hovered or focused on one side is shown on the other.
"use strict";

const stops = () => [...document.querySelectorAll("[data-stop]")];
let at = -1;

function go(step) {
  const all = stops();
  if (!all.length) return;
  const current = all.indexOf(document.activeElement.closest ? document.activeElement.closest("[data-stop]") : null);
  at = Math.min(Math.max((current >= 0 ? current : at) + step, 0), all.length - 1);
  all[at].focus({ preventScroll: true });
  all[at].scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") go(1);
  if (event.key === "k") go(-1);
});

// What was sent is not sent twice by a second press; who comes back to a page may send again.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

function show(element, on) {
  const names = ((element && element.dataset.cells) || "").split(" ").filter(Boolean);
  for (const name of names) {
    for (const other of document.querySelectorAll(`[data-cells~="${CSS.escape(name)}"]`)) other.classList.toggle("shown", on);
  }
}

for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(begin, (event) => show(event.target.closest("[data-cells]"), true));
  document.addEventListener(end, (event) => show(event.target.closest("[data-cells]"), false));
}

// A table that is wider than its place is reached with the Tab key, so that the arrows move it.
function reach() {
  for (const place of document.querySelectorAll(".scroll")) {
    if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
  }
}

window.addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
reach();
