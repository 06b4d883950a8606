/* The dialog by which a session is placed without dragging, and the one that says who was faster. */

import { atClock, clock, sayDay } from "./grid_time.js";

export function placing(state, facts, deeds) {
  const dialog = document.getElementById("place");
  const form = dialog.querySelector("form");
  const fields = form.elements;
  const wrong = dialog.querySelector(".errorlist");
  let session = null;

  for (const room of facts.rooms) fields.room.append(new Option(room.venue ? `${room.name} · ${room.venue}` : room.name, room.code));

  function open(one) {
    session = one;
    wrong.replaceChildren();
    dialog.querySelector("#place-title").textContent = one.title;
    dialog.querySelector("[data-open]").href = facts.urls.session.replace("CODE00", one.code);
    fields.day.replaceChildren(...state.days.map((day) => new Option(sayDay(day), day)));
    const placed = one.from !== null;
    const day = placed ? state.dayOf(one.from) : state.day;
    fields.day.value = day;
    fields.start.value = placed ? clock(one.from) : "";
    fields.minutes.value = placed ? one.to - one.from : one.minutes ?? 30;
    fields.room.value = one.room ?? "";
    fields.flow.closest("label").hidden = !placed;
    dialog.querySelector("[data-take]").hidden = !placed;
    dialog.querySelector("[data-conflicts]").replaceChildren(...(state.conflicts.get(one.code) ?? []).map((found) => {
      const item = document.createElement("li");
      item.textContent = found.sentence;
      return item;
    }));
    for (const field of form.querySelectorAll("input, select, button[value]")) field.disabled = !facts.write;
    dialog.showModal();
    if (facts.write) fields.start.select();
  }

  form.addEventListener("submit", (event) => {
    const verb = event.submitter?.value;
    if (verb === "close") return;
    event.preventDefault();
    if (verb === "take") { dialog.close(); deeds.unschedule(session); return; }
    const from = atClock(Number(fields.day.value), fields.start.value);
    const minutes = Number(fields.minutes.value);
    if (from === null || !Number.isInteger(minutes) || minutes < 1) {
      const item = document.createElement("li");
      item.textContent = from === null ? "Give the time as hours and minutes: 10:30." : "Give the minutes as a number, 1 at least.";
      wrong.replaceChildren(item);
      (from === null ? fields.start : fields.minutes).focus();
      return;
    }
    dialog.close();
    deeds.move(session, { from, to: from + minutes, room: fields.room.value || null }, fields.flow.checked);
  });

  dialog.addEventListener("close", () => {
    fields.flow.checked = false;
    if (session) deeds.focus(session.code);
  });

  return open;
}

/* Ask whether theirs stays; answers true for "do mine again". */
export function whoWasFaster(title, sentence) {
  const dialog = document.getElementById("faster");
  dialog.querySelector("h2").textContent = `“${title}” was changed while you had it open`;
  dialog.querySelector("p").textContent = `${sentence} Your move was not saved.`;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "mine"), { once: true });
  });
}
