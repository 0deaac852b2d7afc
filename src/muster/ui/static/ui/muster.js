// What the pages do beyond links and forms. Everything also works without this file.

const root = document.documentElement;
const typing = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

// "/" goes to the look-up field of the page, Escape leaves it.
document.addEventListener("keydown", (event) => {
  const field = document.querySelector("[data-lookup]");
  if (!field || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing(event.target)) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && event.target === field) {
    field.blur();
  }
});

// One key does what a button or link marked with data-key does; a key that opens a part leads into it.
document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (document.querySelector("dialog[open]")) return;
  const act = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not([disabled])`);
  if (!act) return;
  event.preventDefault();
  act.click();
  if (act.matches("summary")) act.parentElement.querySelector("select, input:not([type=hidden])")?.focus();
});

// A look-up field with the cursor in it is selected whole: the next scan replaces what was typed before.
document.querySelector("[data-lookup][autofocus]")?.select();

// A switch of the theme takes effect at once; the server remembers it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const theme = event.submitter?.dataset.theme;
  if (!theme || !form.matches("[data-preferences]")) return;
  event.preventDefault();
  fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const button of form.querySelectorAll("[data-theme]")) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
});

// One press sends a form once: a slow line must not make two requests of it.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "true";
  if (event.submitter) event.submitter.dataset.busy = "true";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-busy]")) delete button.dataset.busy;
});

// A question before an act that cannot be undone: the <dialog> named by data-confirm.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-confirm]");
  const dialog = opener && document.getElementById(opener.dataset.confirm);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

// A wall screen fetches its own page every so many seconds and changes only what stands between the marks.
const wall = document.querySelector("[data-refresh]");
async function refresh() {
  const live = document.querySelector("[data-live]");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (fresh) part.replaceWith(fresh);
    }
    if (onWall) show();
    if (live) live.hidden = true;
  } catch {
    if (live) live.hidden = false; // the figures are old: say so, keep them
  }
}
if (wall) setInterval(refresh, Math.max(5, Number(wall.dataset.refresh)) * 1000);

// A wall is never scrolled: a table with more rows than there is room for shows them by turns, a slide that is too high
// is made smaller until it fits.
const onWall = root.dataset.mode === "wall";
let turn = 0;
function show() {
  for (const box of document.querySelectorAll("[data-turns]")) {
    const rows = [...box.querySelectorAll("tbody tr")];
    for (const row of rows) row.hidden = false;
    const end = box.getBoundingClientRect().bottom;
    const fit = rows.filter((row) => row.getBoundingClientRect().bottom <= end).length;
    if (!fit || fit === rows.length) continue;
    const turns = Math.ceil(rows.length / fit);
    for (const [place, row] of rows.entries()) row.hidden = Math.floor(place / fit) !== turn % turns;
    box.querySelector("caption").dataset.turn = `${(turn % turns) + 1}/${turns}`;
  }
  for (const slide of document.querySelectorAll(".slide")) {
    slide.style.setProperty("--fit", 1);
    for (let tries = 0, fit = 1; tries < 4 && slide.getBoundingClientRect().height > innerHeight + 1; tries++) {
      fit *= innerHeight / slide.getBoundingClientRect().height;
      slide.style.setProperty("--fit", Math.floor(fit * 100) / 100);
    }
  }
}
if (onWall) {
  show();
  document.fonts.ready.then(show);
  addEventListener("resize", show);
  setInterval(() => (turn++, show()), 15000);
}

// A button that copies the text of a field, and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // no clipboard on a plain line: the old way copies what is selected
  }
  button.textContent = button.dataset.done;
});

// A page that is taken home on paper.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
