// The board by hand: drag a line onto a path. Ticking lines and pressing the path's button does the same.
"use strict";

const board = document.querySelector("form[data-board]");
const ticks = [...board?.querySelectorAll("tbody input[type=checkbox]") ?? []];
const all = board?.querySelector("[data-tick-all]");
const told = board?.querySelector("[data-ticked]");

function tell() {
  const count = ticks.filter((tick) => tick.checked).length;
  if (told) told.textContent = count === 0 ? told.dataset.none : count === 1 ? told.dataset.one : told.dataset.many.replace("{n}", count);
  if (all) [all.checked, all.indeterminate] = [count > 0 && count === ticks.length, count > 0 && count < ticks.length];
}

let last = null;
board?.addEventListener("click", (event) => {
  const at = ticks.indexOf(event.target);
  if (at < 0) return;
  // With the shift key, everything between this tick and the one before.
  if (event.shiftKey && last !== null) for (const tick of ticks.slice(Math.min(at, last), Math.max(at, last) + 1)) tick.checked = event.target.checked;
  last = at;
});
board?.addEventListener("change", (event) => {
  if (event.target === all) for (const tick of ticks) tick.checked = all.checked;
  tell();
});

for (const tick of ticks) {
  const row = tick.closest("tr");
  row.draggable = true;
  row.addEventListener("dragstart", (event) => {
    // A line that is not ticked goes alone; a ticked one takes the others along.
    if (!tick.checked) for (const other of ticks) other.checked = other === tick;
    tell();
    event.dataTransfer.effectAllowed = "copy";
    event.dataTransfer.setData("text/plain", row.querySelector("th").textContent.trim());
    board.classList.add("is-dragging");
  });
  row.addEventListener("dragend", () => board.classList.remove("is-dragging"));
}

for (const target of board?.querySelectorAll("[data-drop]") ?? []) {
  target.addEventListener("dragover", (event) => {
    if (!board.classList.contains("is-dragging")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    target.classList.add("is-over");
  });
  target.addEventListener("dragleave", () => target.classList.remove("is-over"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("is-over");
    board.requestSubmit(target);
  });
}

if (board) addEventListener("pageshow", tell);
