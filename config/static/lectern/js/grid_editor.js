/* The grid editor: its state, what is sent, and what is said. See grid_view.js and grid_moves.js. */

import { placing, whoWasFaster } from "./grid_dialog.js";
import { moves } from "./grid_moves.js";
import { dayOf, isoOf, minutesOf, sayDay } from "./grid_time.js";
import { make, View } from "./grid_view.js";
import { said, send } from "./swap.js";

const facts = JSON.parse(document.getElementById("grid-facts").textContent);
const box = document.getElementById("grid");
const JSON_ONLY = { accept: "application/json" };
const first = Math.floor(minutesOf(facts.start) / 1440) * 1440;

const read = (one) => ({ ...one, from: one.start ? minutesOf(one.start) : null, to: one.end ? minutesOf(one.end) : null });
const state = {
  first,
  write: facts.write,
  sessions: new Map(facts.sessions.map((one) => [one.code, read(one)])),
  conflicts: new Map(),
  step: Number(localStorage.getItem("lectern-grid-step")) || 15,
  days: [],
  day: first,
  dayOf: (minutes) => dayOf(minutes, first),
};

function findDays() {
  const last = state.dayOf(minutesOf(facts.end));
  const days = new Set();
  for (let day = first; day <= Math.max(first, last) && days.size < 31; day += 1440) days.add(day);
  for (const one of state.sessions.values()) if (one.from !== null) days.add(state.dayOf(one.from));
  state.days = [...days].sort((a, b) => a - b);
}
findDays();
const wanted = location.hash.slice(1);
state.day = state.days.find((day) => isoOf(day).startsWith(wanted || "-")) ?? state.days[0];

/* --- What stands around the grid ---------------------------------------------------------------- */
const tools = make("div", "grid-tools");
const days = make("div", "segments");
days.setAttribute("role", "group");
days.setAttribute("aria-label", "Day");
const zoom = make("select");
zoom.setAttribute("aria-label", "Steps of");
for (const step of [5, 10, 15, 30, 60]) zoom.append(new Option(`${step} min`, step));
zoom.value = state.step;
const zoomLabel = make("label", "grid-zoom", "Steps of ");
zoomLabel.append(zoom);
tools.append(days, zoomLabel);
const line = make("p", "grid-says");
line.id = "grid-says";
const tray = make("aside", "grid-tray");
tray.setAttribute("aria-label", "Without a time");
const main = make("div", "grid-main");
box.append(tools, main, line);
const view = new View(main, facts, state);
view.scroll.setAttribute("role", "group");
view.scroll.setAttribute("aria-label", "Rooms by time");
main.append(tray);
const toast = document.getElementById("grid-toast");

function drawDays() {
  days.replaceChildren(...state.days.map((day) => {
    const button = make("button", "chip", sayDay(day));
    button.type = "button";
    if (day === state.day) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => { state.day = day; history.replaceState(null, "", `#${isoOf(day).slice(0, 10)}`); draw(); });
    return button;
  }));
}

function drawTray() {
  const open = [...state.sessions.values()].filter((one) => one.from === null);
  const list = make("ul");
  for (const one of open) {
    const item = make("li");
    const button = make("button", "tray-item", one.title);
    button.type = "button";
    button.dataset.code = one.code;
    button.append(make("small", "", one.minutes ? `${one.minutes} min` : one.kind.replace("_", " ")));
    item.append(button);
    list.append(item);
  }
  tray.replaceChildren(make("h2", "", `Without a time (${open.length})`), list);
  tray.classList.toggle("empty-tray", open.length === 0);
  if (!open.length) tray.append(make("p", "muted", facts.write ? "Drag a session here to take its time away." : "Every session has a time."));
}

function draw() { findDays(); drawDays(); drawTray(); view.draw(); }

/* --- What is sent ------------------------------------------------------------------------------- */
let queue = Promise.resolve();
let checking = 0;
let asked = 0;

const sentences = (parts) => parts.filter(Boolean).map((one) => (/[.”]$/.test(one) ? one : `${one}.`)).join(" ");

function say(text) { said.textContent = text; line.textContent = text; line.classList.remove("bad"); }

function tell(text, undo, bad = false) {
  const notice = make("div", `notice ${bad ? "bad" : "good"}`);
  notice.append(make("div", "", text));
  if (undo) {
    const button = make("button", "button quiet small", "Undo");
    button.type = "button";
    button.addEventListener("click", () => undoing(undo));
    notice.append(button);
  }
  toast.replaceChildren(notice);
}

async function post(url, values, headers = JSON_ONLY) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  const answer = await send(url, body, headers);
  const json = answer.headers.get("content-type")?.includes("json");
  return { ok: answer.ok, status: answer.status, facts: json ? await answer.json() : { detail: "Nothing was saved. Load the page again." } };
}

function take(changed) {
  for (const one of changed) state.sessions.set(one.code, { people: state.sessions.get(one.code)?.people ?? 0, ...read(one) });
}

function write(session, to, flow) {
  queue = queue.then(async () => {
    const now = state.sessions.get(session.code);
    const slot = to ? { start: isoOf(to.from), end: isoOf(to.to), room: to.room ?? "" } : { start: "" };
    const began = performance.now();
    let answer;
    try {
      answer = await post(facts.urls.slot.replace("CODE00", session.code), { ...slot, version: now.version, ...(flow ? { flow: "on" } : {}) });
    } catch {
      draw();
      tell("Not saved: the server can not be reached.", "", true);
      return;
    }
    box.dataset.wrote = Math.round(performance.now() - began);
    if (answer.status === 412) {
      take([answer.facts.theirs]);
      draw();
      if (await whoWasFaster(session.title, answer.facts.detail)) write(session, to, flow);
      return;
    }
    if (!answer.ok) {
      draw();
      tell(answer.facts.detail, "", true);
      said.textContent = answer.facts.detail;
      return;
    }
    take(answer.facts.sessions);
    draw();
    const done = state.sessions.get(session.code);
    const more = answer.facts.sessions.length - 1;
    const text = `${to ? view.say(done) : `${done.title} has no time now`}${more > 0 ? `, and ${more} after it` : ""}`;
    tell(text, answer.facts.undo);
    await readConflicts();
    explain(done, text);
  });
}

function undoing(url) {
  queue = queue.then(async () => {
    const answer = await post(url, {});
    if (!answer.ok) { tell(answer.facts.detail, "", true); return; }
    take(answer.facts.sessions);
    for (const code of answer.facts.gone) state.sessions.delete(code);
    draw();
    tell(answer.facts.said, answer.facts.undo);
    say(answer.facts.said);
    await readConflicts();
    const [back] = answer.facts.sessions;
    if (back) { view.show(back.code); explain(state.sessions.get(back.code)); }
  });
}

async function readConflicts() {
  const answer = await fetch(facts.urls.conflicts, { headers: JSON_ONLY });
  if (!answer.ok) return;
  const found = new Map();
  for (const one of (await answer.json()).results) {
    if (one.override) continue;
    for (const code of one.sessions) found.set(code, [...(found.get(code) ?? []), one]);
  }
  state.conflicts = found;
  for (const code of view.blocks.keys()) if (state.sessions.has(code)) view.mark(state.sessions.get(code));
  box.dataset.conflicts = found.size;
}

/* While something moves: what would be wrong there. Only the last question's answer counts. */
function check(session, to) {
  clearTimeout(checking);
  const mine = ++asked;
  checking = setTimeout(async () => {
    const values = { session: session.code, start: isoOf(to.from), end: isoOf(to.to), room: to.room ?? "" };
    const answer = await post(facts.urls.check, values).catch(() => null);
    if (answer?.ok && mine === asked) checked(session, answer.facts.results, to);
  }, 120);
}

function checked(session, found, to) {
  if (found === null) { asked += 1; clearTimeout(checking); view.mark(session); return; }
  view.mark(session, found);
  const text = sentences([to ? view.say(session, to) : "", ...found.map((one) => one.sentence)]);
  say(text);
  const bad = found.some((one) => one.level === "error");
  line.classList.toggle("bad", bad);
  if (bad) moving.hold(session);
}

function explain(session, text = view.say(session)) {
  const found = state.conflicts.get(session.code) ?? [];
  line.textContent = sentences([text, ...found.map((one) => one.sentence)]);
  line.classList.toggle("bad", found.some((one) => one.level === "error"));
  if (found.length) said.textContent = line.textContent;
}

/* --- Together ----------------------------------------------------------------------------------- */
const deeds = {
  say, check, checked, draw, explain,
  move: (session, to, flow = false) => write(session, to, flow),
  unschedule: (session) => write(session, null, false),
  focus: (code) => (view.blocks.get(code) ?? tray.querySelector(`[data-code="${code}"]`))?.focus({ preventScroll: true }),
  hint: (text) => { line.textContent = text || line.textContent; },
  tray: (over) => tray.classList.toggle("over", over),
  overTray: (x, y) => {
    const at = tray.getBoundingClientRect();
    return x >= at.left && x <= at.right && y >= at.top && y <= at.bottom;
  },
  open: null,
};
deeds.open = placing(state, facts, deeds);
const moving = moves(view, state, deeds);

zoom.addEventListener("change", () => {
  state.step = Number(zoom.value);
  localStorage.setItem("lectern-grid-step", zoom.value);
  view.draw();
});
let sized = window.innerWidth;
window.addEventListener("resize", () => { if (window.innerWidth !== sized) { sized = window.innerWidth; view.draw(); } });

document.getElementById("grid-table").remove();
box.hidden = false;
draw();
box.dataset.ready = Math.round(performance.now());
readConflicts();
