// Plays the three calls one after the other and tells the platform where the learner stands (SCORM 1.2). Without a platform it plays all the same.
const words = window.appels[navigator.language.startsWith("fr") ? "fr" : "en"];
document.documentElement.lang = words === window.appels.fr ? "fr" : "en";
const find = (id) => document.getElementById(id);
const filled = (text, n) => text.replace("{n}", n).replace("{of}", words.calls.length);
const begun = Date.now();
const api = window.API;
const tell = (name, value) => api?.LMSSetValue(`cmi.core.${name}`, String(value));

api?.LMSInitialize("");
const kept = api?.LMSGetValue("cmi.suspend_data");
let answers = kept ? JSON.parse(kept) : [];
const isOver = () => answers.length === words.calls.length;
const rightOnes = () => answers.filter(Boolean).length;

function save() {
  if (!api) return;
  api.LMSSetValue("cmi.suspend_data", JSON.stringify(answers));
  tell("lesson_location", answers.length);
  tell("score.min", 0);
  tell("score.max", 100);
  tell("score.raw", Math.round((100 * rightOnes()) / words.calls.length));
  tell("lesson_status", isOver() ? "completed" : "incomplete");
  api.LMSCommit("");
}

function leave() {
  if (!api) return;
  const seconds = Math.round((Date.now() - begun) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  tell("session_time", `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`);
  tell("exit", isOver() ? "" : "suspend");
  api.LMSFinish("");
}

function cell(kind, text) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (kind === "th") made.scope = "row";
  return made;
}

function show() {
  if (isOver()) return finish();
  const call = words.calls[answers.length];
  find("where").textContent = filled(words.step, answers.length + 1);
  find("title").textContent = document.title = call.title;
  find("said").textContent = call.said;
  find("bill").tBodies[0].replaceChildren(...call.bill.map(([line, amount]) => {
    const row = document.createElement("tr");
    row.append(cell("th", line), cell("td", amount));
    return row;
  }));
  document.querySelector("legend").textContent = call.ask;
  find("choices").replaceChildren(...call.choices.map(([text], number) => {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "choice", value: number, required: true });
    label.append(radio, document.createTextNode(text));
    return label;
  }));
  find("why").textContent = "";
  document.querySelector("button").textContent = words.answer;
}

function finish() {
  find("where").textContent = "";
  find("title").textContent = document.title = words.done;
  find("said").textContent = filled(words.score, rightOnes());
  find("bill").hidden = find("ask").hidden = true;
}

find("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (find("why").textContent) { show(); find("where").scrollIntoView(); return; }
  const number = new FormData(event.target).get("choice");
  if (number === null) { find("why").textContent = words.choose; return; }
  const [, isRight, why] = words.calls[answers.length].choices[Number(number)];
  answers = [...answers, isRight];
  for (const radio of event.target.elements.choice) radio.disabled = true;
  find("why").textContent = why;
  document.querySelector("button").textContent = isOver() ? words.end : words.next;
  save();
});
addEventListener("pagehide", leave);
show();
