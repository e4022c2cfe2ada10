// Progressive enhancement only: every page does its whole work without this file.
"use strict";

const byData = (name, root = document) => root.querySelector(`[data-${name}]`);
const remember = {
  read(store, key) { try { return store.getItem(key); } catch { return null; } },
  write(store, key, value) { try { store.setItem(key, value); } catch { /* Storage may be full or blocked; the page still works. */ } },
  drop(store, key) { try { store.removeItem(key); } catch { /* As above. */ } },
};

// What was typed stays in this tab until the server says that it is saved.
const DRAFT = "draft:";
const isKept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !("private" in field.dataset);

function readForm(form) {
  const values = {};
  for (const field of form.elements) {
    if (!isKept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") (values[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else (values[field.name] ??= []).push(field.value);
  }
  return values;
}

function unfold(field) {
  field.closest("details")?.setAttribute("open", "");
  return true;
}

function fillForm(form, values) {
  const seen = {};
  let changed = false;
  for (const field of form.elements) {
    if (!isKept(field) || !(field.name in values)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      const checked = values[field.name].includes(field.value);
      if (checked !== field.checked) changed = unfold(field);
      field.checked = checked;
    } else {
      const value = values[field.name][(seen[field.name] = (seen[field.name] ?? -1) + 1)];
      if (value === undefined) continue;
      if (value !== field.value) changed = unfold(field);
      field.value = value;
    }
  }
  return changed;
}

// htmx shows the page of a 422 and so calls it a success: nothing of it was taken.
const isTaken = ({ status }) => status >= 200 && status < 300;

function say(form, state) {
  const line = byData("saved", form);
  if (!line) return;
  line.dataset.state = state;
  line.textContent = line.dataset[{ saving: "saving", saved: "done", waiting: "waiting", held: "held", away: "away", found: "found" }[state]];
}

// What comes back from this tab is said, and can be let go: it never replaces silently what is recorded.
function tellFound(form, key, store = sessionStorage) {
  const line = byData("saved", form) ? document.createElement("p") : Object.assign(document.createElement("p"), { textContent: document.body.dataset.found + " " });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: document.body.dataset.forget });
  button.addEventListener("click", () => { remember.drop(store, key); location.reload(); });
  line.className = "found";
  line.setAttribute("role", "status");
  line.append(button);
  form.prepend(line);
  say(form, "found");
}

// Whoever signs out leaves nothing behind for the next person at this device.
function forget() {
  try {
    sessionStorage.clear();
    for (const name of Object.keys(localStorage)) if (name.startsWith("answers:")) localStorage.removeItem(name);
  } catch { /* Nothing was kept. */ }
}

// This tab keeps what was typed, the server does not yet: whoever closes the tab, or leaves by a link, is asked once.
function warnBeforeLeaving(form) {
  let isUnsaved = false;
  form.addEventListener("input", () => { isUnsaved = true; });
  document.addEventListener("submit", () => { isUnsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (isUnsaved) event.preventDefault(); });
}

function keepDrafts() {
  // A plain submit that reached the server answers with a new page: its draft has done its duty. Coming back means it may not have.
  const came = performance.getEntriesByType("navigation")[0]?.type;
  for (const [index, form] of document.querySelectorAll("main form[method=post]:not([data-answers])").entries()) {
    if (![...form.elements].some(isKept)) continue;
    const key = DRAFT + (form.dataset.keep || `${location.pathname}#${index}`);
    const draft = JSON.parse(remember.read(sessionStorage, key) ?? "null");
    if (draft && draft.sent && came === "navigate") remember.drop(sessionStorage, key);
    else if (draft && fillForm(form, draft.values)) {
      tellFound(form, key);
      // What shows the words elsewhere on the page hears of them as if they were typed now.
      window.addEventListener("load", () => form.dispatchEvent(new Event("input", { bubbles: true })));
    }
    const keep = (sent) => remember.write(sessionStorage, key, JSON.stringify({ sent, values: readForm(form) }));
    form.addEventListener("input", () => keep(false));
    form.addEventListener("submit", () => keep(true));
    if ("guard" in form.dataset) warnBeforeLeaving(form);
    let sent = "";
    form.addEventListener("htmx:beforeRequest", () => { sent = JSON.stringify(readForm(form)); say(form, "saving"); });
    form.addEventListener("htmx:afterRequest", (event) => {
      if (!isTaken(event.detail.xhr)) return say(form, event.detail.xhr.status ? "held" : "waiting");
      // What was typed while the answer was on its way is not on the server yet.
      if (JSON.stringify(readForm(form)) === sent) remember.drop(sessionStorage, key);
      return say(form, "saved");
    });
    window.addEventListener("online", () => { if (remember.read(sessionStorage, key)) form.dispatchEvent(new Event("change", { bubbles: true })); });
  }
  byData("sign-out")?.addEventListener("submit", forget);
}

// A form that matters leaves only when the line is there: nobody ends on a page that does not load. It goes by itself then.
const LOOK_AGAIN_MS = 3000;
function onceTheLineIsThere(place, go) {
  let again = 0;
  const look = async (by) => {
    clearTimeout(again);
    let isThere = false;
    try { isThere = (await fetch("/api/v1/live", { cache: "no-store" })).ok; } catch { /* It is away. */ }
    if (isThere) return go(by);
    say(place, "waiting");
    again = setTimeout(() => look(by), LOOK_AGAIN_MS);
  };
  return look;
}
function waitForTheLine() {
  for (const form of document.querySelectorAll("main form[data-patient]")) {
    let isThere = false;
    const leave = onceTheLineIsThere(form, (button) => { isThere = true; form.requestSubmit(button); });
    form.addEventListener("submit", (event) => {
      if (isThere) return;
      event.preventDefault();
      leave(event.submitter);
    });
    window.addEventListener("pageshow", () => { isThere = false; });
  }
  for (const link of document.querySelectorAll("main a[data-patient]")) {
    const leave = onceTheLineIsThere(link.closest("main"), () => { location.href = link.href; });
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      leave();
    });
  }
}

// One question at a time by keyboard: a number takes an answer, Enter sends it, and Enter goes on from the page after it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !byData("keys-switch") || !keysAreOn()) return;
  const form = document.querySelector("main form[data-numbered]");
  if (form && /^[1-9]$/.test(event.key)) {
    const choices = form.querySelectorAll(".choices input");
    const taken = (choices.length ? choices : form.querySelectorAll(".actions :is(button, a)"))[Number(event.key) - 1];
    if (!taken) return;
    if (choices.length) taken.click();
    taken.focus();
  } else if (event.key === "Enter" && document.activeElement === document.body) byData("go-on")?.click();
});

// htmx sends the same hidden token as a form would.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get" || event.detail.parameters.has?.("_csrf_token")) return;
  const token = document.querySelector('input[name="_csrf_token"]');
  if (token) event.detail.parameters.set?.("_csrf_token", token.value);
});

function focusFirstError(root) {
  const place = byData("first-error", root) || root.querySelector('[aria-invalid="true"]');
  place?.focus();
}
document.addEventListener("htmx:afterSettle", (event) => focusFirstError(event.detail.elt));

function switchTheme() {
  const button = byData("theme-switch");
  if (!button) return;
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const show = () => { button.textContent = isDark() ? button.dataset.light : button.dataset.dark; };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember.write(localStorage, "theme", root.dataset.theme);
    show();
  });
  show();
}

// Single keys can be switched off (WCAG 2.1.4) and never act while someone types.
const keysAreOn = () => remember.read(localStorage, "keys") !== "off";
function switchKeys() {
  const button = byData("keys-switch");
  if (!button) return;
  const show = () => { button.textContent = keysAreOn() ? button.dataset.off : button.dataset.on; };
  button.addEventListener("click", () => { remember.write(localStorage, "keys", keysAreOn() ? "off" : "on"); show(); });
  show();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (!byData("keys-switch") || !keysAreOn()) return;
  if (event.key === "/") {
    const search = byData("search");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (event.key === "j" || event.key === "k") {
    const links = [...document.querySelectorAll("[data-list] [data-item]")].map((item) => item.querySelector("a, button")).filter(Boolean);
    const here = links.findIndex((link) => link.closest("[data-item]").contains(document.activeElement));
    const next = here < 0 ? 0 : here + (event.key === "j" ? 1 : -1);
    links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
  }
});

// An open menu closes as menus do: by Escape, and when one looks elsewhere.
const closeMenus = (but) => { for (const menu of document.querySelectorAll("[data-menu][open]")) if (menu !== but) menu.open = false; };
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
});
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("[data-menu]")));

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("[data-menu]"));
  if (event.target.closest("[data-print]")) window.print();
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.textContent = copy.dataset.copied; });
  const monday = event.target.closest("[data-copy-monday]");
  if (monday) {
    const week = monday.closest("[data-week]");
    for (const source of week.querySelectorAll('[name*="-1-1-"], [name*="-1-2-"]')) {
      for (const day of [2, 3, 4, 5]) {
        const name = source.name.replace(/-1-(\d)-(from|to)$/, `-${day}-$1-$2`);
        const target = week.querySelector(`[name="${name}"]`);
        target.value = source.value;
        if (source.value) target.closest("details")?.setAttribute("open", "");
      }
    }
    week.dispatchEvent(new Event("input", { bubbles: true }));
    week.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

keepDrafts();
waitForTheLine();
switchTheme();
switchKeys();
focusFirstError(document);
