// Marks by keyboard: arrows (or j, k) go from line to line, 1 to 5 mark the contact, h goes to the hard reason.

const lines = document.querySelector("[data-lines]");
const lost = document.querySelector("[data-lost]");
const told = document.querySelector("[data-told]");
const all = () => [...lines.querySelectorAll("[data-line]")];
let at = null; // the id of the line the keyboard is on: lines are replaced when they are marked

function go(line) {
  if (!line) return;
  for (const one of all()) one.tabIndex = -1;
  line.tabIndex = 0;
  line.focus({ preventScroll: false });
  at = line.id;
}

function mark(line, place) {
  const select = line.querySelector("select[name=contact]");
  if (!select || place >= select.options.length || select.selectedIndex === place) return;
  select.selectedIndex = place;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

lines?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const line = event.target.closest("[data-line]");
  if (event.key === "Escape") return go(line);
  if (event.target !== line) return;
  const place = all().indexOf(line);
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step) go(all()[place + step]);
  else if (/^[1-9]$/.test(event.key)) mark(line, Number(event.key) - 1);
  else if (event.key === "h") line.querySelector("select[name=hard]")?.focus();
  else return;
  event.preventDefault();
});
lines?.addEventListener("focusin", (event) => { at = event.target.closest("[data-line]")?.id ?? at; });

// The first line takes the tab key; a line that came back keeps the cursor where it was.
if (lines && all().length) all()[0].tabIndex = 0;
document.body.addEventListener("htmx:afterSwap", () => {
  const line = at && document.getElementById(at);
  if (!line) return;
  if (!document.activeElement || document.activeElement === document.body) go(line);
  if (told && line.dataset.saved) told.textContent = line.dataset.saved;
});
const away = (yes) => { if (lost) lost.hidden = !yes; };
document.body.addEventListener("htmx:sendError", () => away(true));
document.body.addEventListener("htmx:responseError", () => away(true));
document.body.addEventListener("htmx:afterOnLoad", () => away(false));
