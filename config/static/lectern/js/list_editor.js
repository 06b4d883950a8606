/* The list editor: a line saves itself when a field of it is left, and lines can be dragged. */

import { said, send, swapIn } from "./swap.js";

const main = document.getElementById("main");

main.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches(".line-form .time, .line-form .minutes")) return;
  if (!field.form.querySelector("select[name=day]")) field.form.requestSubmit();
});

main.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches(".line-form input")) {
    event.target.value = event.target.defaultValue;
    event.target.select();
  }
});

main.addEventListener("focusin", (event) => {
  if (event.target.matches(".line-form input")) event.target.select();
});

/* Dragging begins at the grip only, so that fields can be used as ever. */
let moved = null;
let before = "";
const keys = (list) => [...list.querySelectorAll(":scope > [data-going]")].map((line) => line.dataset.key).join(",");

main.addEventListener("pointerdown", (event) => {
  const line = event.target.closest?.(".grip") && event.target.closest("[data-going]");
  if (line?.parentElement.dataset.orderUrl) line.draggable = true;
});
main.addEventListener("pointerup", () => {
  for (const line of main.querySelectorAll(".line[draggable]")) line.removeAttribute("draggable");
});
main.addEventListener("dragstart", (event) => {
  moved = event.target.closest?.(".line[draggable]");
  if (!moved) return;
  before = keys(moved.parentElement);
  moved.classList.add("dragging");
  event.dataTransfer.effectAllowed = "move";
});
main.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".line");
  if (!moved || !over || over.parentElement !== moved.parentElement) return;
  event.preventDefault();
  if (over === moved) return;
  const box = over.getBoundingClientRect();
  const after = event.clientY > box.top + box.height / 2;
  moved.parentElement.insertBefore(moved, after ? over.nextSibling : over);
});
main.addEventListener("drop", (event) => { if (moved) event.preventDefault(); });
main.addEventListener("dragend", async () => {
  const line = moved;
  moved = null;
  line?.classList.remove("dragging");
  line?.removeAttribute("draggable");
  if (!line || keys(line.parentElement) === before) return;
  const body = new FormData();
  body.set("order", keys(line.parentElement));
  body.set("day", line.parentElement.dataset.day);
  try {
    const answer = await send(line.parentElement.dataset.orderUrl, body);
    swapIn(await answer.text());
  } catch {
    said.textContent = "Not saved: the server can not be reached. Load the page again.";
  }
});
