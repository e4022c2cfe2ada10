// A page of questions: every answer is sent as it is given, and kept on this device until the server has it.
// Progressive enhancement only: without this file the page sends everything with its buttons.
"use strict";

const answersForm = document.querySelector("main form[data-answers]");
const ANSWERS = "answers:";
const KEPT_FOR_DAYS = 30;

if (answersForm) {
  const form = answersForm;
  const key = ANSWERS + form.dataset.answers;
  const isAnswer = (field) => field.name && !field.name.startsWith("_") && !["hidden", "file", "submit", "button"].includes(field.type);
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

  const read = () => {
    const values = {};
    for (const field of form.elements) {
      if (!isAnswer(field)) continue;
      const here = (values[field.name] ??= []);
      if (isChoice(field) ? field.checked : field.value !== "") here.push(field.value);
    }
    return values;
  };
  const fill = (name, values) => {
    for (const field of form.elements) {
      if (!isAnswer(field) || field.name !== name) continue;
      if (isChoice(field)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
  };
  const same = (one, other) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
  const load = () => { try { return JSON.parse(remember.read(localStorage, key) ?? "{}").fields ?? {}; } catch { return {}; } };
  const store = (fields) => {
    if (Object.keys(fields).length) remember.write(localStorage, key, JSON.stringify({ at: Date.now(), fields }));
    else remember.drop(localStorage, key);
  };

  // What the server has, by field; what differs from it is kept here. Two windows share what is kept, field by field.
  const recorded = () => {
    const base = JSON.parse(form.elements._base.value || "{}");
    const place = (name) => { const [item, option] = name.split("."); const at = (base[item] ?? []).indexOf(option); return at < 0 ? [] : [String(at + 1)]; };
    return Object.fromEntries(Object.keys(read()).map((name) => [name, name.includes(".") ? place(name) : base[name] ?? []]));
  };
  const known = recorded();
  let inFlight = null;
  const keep = () => {
    const fields = load();
    for (const [name, values] of Object.entries(read())) {
      if (!same(values, known[name]) || (inFlight && !same(values, inFlight[name]))) fields[name] = { before: known[name] ?? [], ...fields[name], values };
      else delete fields[name];
    }
    store(fields);
    return fields;
  };
  const settle = (sent) => {
    const fields = load();
    for (const [name, values] of Object.entries(sent)) {
      known[name] = values;
      if (fields[name]) fields[name].before = values;
      if (fields[name] && same(fields[name].values, values)) delete fields[name];
    }
    store(fields);
  };
  // Whoever leaves before the answer arrives finds here what this page itself had sent: that is not from elsewhere.
  const note = (sent) => {
    const fields = load();
    for (const [name, one] of Object.entries(fields)) {
      const values = sent[name] ?? [];
      one.sent = [...(one.sent ?? []).filter((other) => !same(other, values)), values];
    }
    store(fields);
  };

  // Sending: one at a time, again and again with longer pauses while the line or the server is away.
  let again = 0;
  let pause = 1000;
  let goOn = null;
  let isForGoingOn = false;
  const spent = byData("seconds-spent", form);
  let seen = 0;
  let since = document.hidden ? 0 : performance.now();
  const count = () => { if (since) { seen += performance.now() - since; since = document.hidden ? 0 : performance.now(); } spent.value = String(Math.round(seen / 1000)); };
  document.addEventListener("visibilitychange", () => { if (document.hidden) { count(); since = 0; } else since = performance.now(); });

  const send = () => {
    clearTimeout(again);
    again = 0;
    count();
    form.dispatchEvent(new Event("send"));
  };
  const later = () => {
    if (again) return;
    again = setTimeout(() => { again = 0; send(); }, pause);
    pause = Math.min(pause * 2, 20000);
  };
  const leave = () => {
    const button = goOn;
    goOn = "now";
    button ? form.requestSubmit(button) : form.requestSubmit();
  };
  form.addEventListener("htmx:beforeRequest", () => { inFlight = read(); note(inFlight); isForGoingOn = Boolean(goOn); say(form, "saving"); });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { status } = event.detail.xhr;
    const sent = inFlight ?? {};
    inFlight = null;
    if (!status || status >= 500 || status === 429) {
      say(form, "waiting");
      // Whoever asked to go on after this request began is not sent back: the next request is for that.
      if (isForGoingOn) {
        if (goOn && goOn !== "now") byData("saved", form)?.scrollIntoView({ block: "center" });
        goOn = null;
      }
      return later();
    }
    pause = 1000;
    if (isTaken(event.detail.xhr)) {
      settle(sent);
      say(form, "saved");
    } else say(form, status === 401 || status === 403 ? "away" : "held");
    if (goOn && goOn !== "now") return leave();
    if (isTaken(event.detail.xhr) && Object.keys(keep()).length) return send();
  });
  form.addEventListener("input", keep);
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") return;
    keep();
    send();
  });
  window.addEventListener("online", () => { if (Object.keys(load()).length) send(); });
  window.addEventListener("offline", () => { if (Object.keys(load()).length) say(form, "waiting"); });

  // Leaving the page waits until the line is there: nobody ends on a page that does not load.
  form.addEventListener("submit", (event) => {
    if (goOn === "now" || typeof htmx === "undefined") return count();
    event.preventDefault();
    goOn = event.submitter ?? form.querySelector("button[name=go]");
    keep();
    return send();
  });
  window.addEventListener("pageshow", () => { goOn = null; });

  // What this device kept comes back; what was recorded meanwhile from elsewhere is never replaced without a word.
  const start = () => {
    const fields = load();
    const rendered = read();
    let isFound = false;
    let isElsewhere = false;
    const mine = {};
    for (const [name, { values, before, sent = [] }] of Object.entries(fields)) {
      if (!(name in known) || same(known[name], values)) continue;
      isFound ||= !same(rendered[name], values);
      isElsewhere ||= ![before, ...sent].some((one) => same(known[name], one));
      mine[name] = { values, before: known[name] };
      fill(name, values);
    }
    store(mine);
    if (!isFound) return;
    tellFound(form, key, localStorage);
    if (!isElsewhere) send();
  };
  typeof htmx === "undefined" ? start() : htmx.onLoad((root) => { if (root === document.body) setTimeout(start); });

  // Places in an order: a place that is taken changes hands, and the change is said.
  for (const ranking of form.querySelectorAll("[data-ranking]")) {
    const places = [...ranking.querySelectorAll("select")];
    const said = byData("ranking-said", ranking);
    let before = places.map((place) => place.value);
    ranking.addEventListener("change", (event) => {
      const at = places.indexOf(event.target);
      if (at < 0) return;
      const other = places.findIndex((place, index) => index !== at && place.value && place.value === event.target.value);
      const tell = (place) => ranking.dataset.said.replace("{label}", place.labels[0].textContent).replace("{place}", place.value || "–");
      const words = [tell(event.target)];
      if (other >= 0) { places[other].value = before[at]; words.push(tell(places[other])); }
      before = places.map((place) => place.value);
      const left = places.filter((place) => !place.value);
      if (left.length === 1) {
        left[0].value = [...places.keys()].map((n) => String(n + 1)).find((n) => !before.includes(n));
        words.push(tell(left[0]));
        before = places.map((place) => place.value);
      }
      said.textContent = words.join(" ");
    });
  }

  // A file that is too large is said so before it travels.
  for (const field of form.querySelectorAll("input[type=file][data-most]")) {
    const error = document.getElementById(`${field.id}-error`);
    field.addEventListener("change", () => {
      const isTooLarge = (field.files[0]?.size ?? 0) > Number(field.dataset.most);
      error.hidden = !isTooLarge;
      if (!isTooLarge) return field.removeAttribute("aria-invalid");
      field.setAttribute("aria-invalid", "true");
      error.querySelector("span").textContent = error.dataset.tooLarge;
      return void (field.value = "");
    });
  }

  // The time that is left, in words; said aloud at a few marks only. Nothing that was typed is lost when it is over.
  const time = byData("time-left");
  if (time) {
    const words = byData("time-words", time);
    const said = byData("time-said", time);
    const ends = performance.now() + Number(time.dataset.seconds) * 1000;
    const marks = [600, 300, 120, 60].filter((mark) => mark < Number(time.dataset.seconds));
    let isOver = false;
    const close = () => {
      isOver = true;
      keep();
      send();
      said.textContent = words.textContent = time.dataset.over;
      words.nextElementSibling?.remove();
      byData("questions", form).inert = true;
      form.querySelector("button[name=go]").focus();
    };
    const tick = () => {
      const left = Math.round((ends - performance.now()) / 1000);
      if (left <= 0) return close();
      const minutes = Math.round(left / 60);
      const now = minutes > 1 ? time.dataset.many.replace("{n}", minutes) : left >= 60 ? time.dataset.one : time.dataset.few;
      if (words.textContent !== now) words.textContent = now;
      if (marks.length && left <= marks[0]) { marks.shift(); said.textContent = now; }
      return setTimeout(tick, Math.min(5000, (ends - performance.now()) % 5000 || 5000));
    };
    if (!isOver) tick();
  }
}

// What was kept of a questionnaire long ago is of no use to anybody any more.
for (const name of Object.keys(localStorage)) {
  if (!name.startsWith(ANSWERS)) continue;
  try {
    if (Date.now() - JSON.parse(localStorage.getItem(name)).at > KEPT_FOR_DAYS * 86400000) localStorage.removeItem(name);
  } catch { localStorage.removeItem(name); }
}
