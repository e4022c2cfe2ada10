// Our page around training content: opens a window for it, takes its reports from the frame, numbers them and sends them,
// again until the line carries them. The frame never holds the token: it could not send anything anywhere if it tried.
(async () => {
  "use strict";
  const frame = document.querySelector("iframe[data-package]");
  const status = document.querySelector("[data-package-status]");
  const wide = document.querySelector("[data-package-wide]");
  const words = JSON.parse(status.dataset.words);
  const SHORTEST_MS = 1000;
  const LONGEST_MS = 30000;
  const MOST_WAITING = 50;

  const waiting = [];
  let opened = null;
  let number = 0;
  let isSending = false;
  let pause = SHORTEST_MS;
  let timer = null;

  const say = (name) => { status.dataset.state = name; status.textContent = words[name] ?? ""; };

  // Each report is whole, so the oldest of too many can go without harm; not the one under way, which send takes out itself.
  const keep = ({ values, is_final }) => {
    number += 1;
    waiting.push({ unit: opened.unit, session: opened.session, number, is_final, values });
    if (waiting.length > MOST_WAITING) waiting.splice(isSending ? 1 : 0, 1);
    send();
  };

  const post = (message, isLast) => fetch(opened.commit, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Attempt ${opened.token}` },
    body: JSON.stringify(message),
    keepalive: isLast,
  });

  const refusal = async (answer) => {
    const { type = "" } = await answer.json().catch(() => ({}));
    if (type.endsWith("/session-replaced")) return "replaced";
    return answer.status === 401 ? "over" : "refused";
  };

  async function send() {
    if (isSending || !waiting.length) return;
    isSending = true;
    clearTimeout(timer);
    try {
      while (waiting.length) {
        const [message] = waiting;
        say("saving");
        const answer = await post(message, false);
        if (answer.status >= 500 || answer.status === 429) throw new Error("later");
        waiting.shift();
        pause = SHORTEST_MS;
        say(answer.ok ? "saved" : await refusal(answer));
      }
    } catch {
      say("offline");
      timer = setTimeout(send, pause);
      pause = Math.min(LONGEST_MS, pause * 2);
    } finally {
      isSending = false;
    }
  }

  // Only windows inside the frame, of nobody's origin, and only for this session.
  const isInside = (source) => {
    for (let at = source; at && at !== at.parent; at = at.parent) if (at === frame.contentWindow) return true;
    return false;
  };
  window.addEventListener("message", (event) => {
    if (!opened || !isInside(event.source) || event.origin !== "null" || event.ports.length !== 1) return;
    if (event.data?.homeshore !== "scorm" || event.data.session !== opened.session) return;
    event.ports[0].onmessage = ({ data }) => keep(data);
  });
  window.addEventListener("online", () => { pause = SHORTEST_MS; send(); });
  // A browser carries little for a page that is gone: the newest report goes first, older ones as far as there is room.
  window.addEventListener("pagehide", () => [...waiting].reverse().forEach((message) => post(message, true).catch(() => {})));
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });

  // The whole box grows, so that what is said of the line stays in sight; where no box may fill the screen, it fills the window.
  const box = frame.parentElement;
  const isWide = () => document.fullscreenElement === box || box.classList.contains("is-wide");
  const name = wide.textContent;
  const rename = () => { wide.textContent = isWide() ? wide.dataset.leave : name; };
  const fill = (isFilled) => { box.classList.toggle("is-wide", isFilled); rename(); };
  const leave = () => (document.fullscreenElement ? document.exitFullscreen() : fill(false));
  wide.addEventListener("click", () => {
    if (isWide()) leave();
    else if (box.requestFullscreen) box.requestFullscreen().catch(() => fill(true));
    else fill(true);
  });
  document.addEventListener("fullscreenchange", rename);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && isWide()) leave(); });
  wide.hidden = false;

  // A reload opens a window of its own; coming back by the history would show a window whose time may be over.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  try {
    const token = document.querySelector('input[name="_csrf_token"]')?.value ?? "";
    const answer = await fetch(frame.dataset.open, { method: "POST", headers: { "x-csrftoken": token } });
    if (!answer.ok) throw new Error("unopened");
    opened = await answer.json();
  } catch {
    say("unopened");
    return;
  }
  // Content answers to one address alone; under another name of this server it would find nothing.
  if (new URL(opened.folder).origin !== location.origin) { say("elsewhere"); return; }
  say("ready");
  frame.src = opened.address;
})();
