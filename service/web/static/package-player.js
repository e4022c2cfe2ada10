// Our page around training content: takes its reports from the frame, numbers them and sends them, again until the line
// carries them. The frame never holds the token: it could not send anything anywhere if it tried.
(() => {
  "use strict";
  const frame = document.querySelector("iframe[data-package]");
  const status = document.querySelector("[data-package-status]");
  const { commit, token, unit, session } = frame.dataset;
  const words = JSON.parse(status.dataset.words);
  const SHORTEST_MS = 1000;
  const LONGEST_MS = 30000;
  const MOST_WAITING = 50;

  const waiting = [];
  let number = 0;
  let isSending = false;
  let pause = SHORTEST_MS;
  let timer = null;

  const say = (name) => { status.dataset.state = name; status.textContent = words[name] ?? ""; };

  // Each report is whole, so the oldest of too many can go without harm.
  const keep = ({ values, is_final }) => {
    number += 1;
    waiting.push({ unit, session, number, is_final, values });
    if (waiting.length > MOST_WAITING) waiting.shift();
    send();
  };

  const post = (message, isLast) => fetch(commit, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Attempt ${token}` },
    body: JSON.stringify(message),
    keepalive: isLast,
  });

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
        waiting.splice(waiting.indexOf(message), 1);
        pause = SHORTEST_MS;
        say(answer.ok ? "saved" : (await answer.json().catch(() => ({}))).code === "session_replaced" ? "replaced" : "refused");
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
    if (!isInside(event.source) || event.origin !== "null" || event.ports.length !== 1) return;
    if (event.data?.homeshore !== "scorm" || event.data.session !== session) return;
    event.ports[0].onmessage = ({ data }) => keep(data);
  });
  window.addEventListener("online", () => { pause = SHORTEST_MS; send(); });
  window.addEventListener("pagehide", () => waiting.forEach((message) => post(message, true).catch(() => {})));
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
})();
