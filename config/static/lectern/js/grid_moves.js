/* Moving a session by mouse or pen, and by keys. Nothing is sent before the mouse is up or the keys
   rest; Escape puts it back. Touch opens the dialog, so that a finger can scroll. */

import { clock } from "./grid_time.js";

const REST = 1500;
const READING = 6000; // with a conflict to read first
const EDGE = 40;

export function moves(view, state, deeds) {
  const snap = (minutes) => Math.round(minutes / state.step) * state.step;
  const within = (to) => {
    const length = to.to - to.from;
    const from = Math.max(state.day + 60, Math.min(to.from, state.day + 1735));
    return from === to.from ? to : { ...to, from, to: from + length };
  };
  const same = (session, to) => session.from === to.from && session.to === to.to && session.room === to.room;

  /* --- Keys ------------------------------------------------------------------------------------ */
  let pending = null; // { session, to, timer }

  function finish(save) {
    if (!pending) return;
    const { session, to, timer } = pending;
    clearTimeout(timer);
    pending = null;
    if (save && !same(session, to)) deeds.move(session, to);
    else { view.place(session); deeds.checked(session, null); if (!save) deeds.say(`Put back: ${view.say(session)}`); }
  }

  function byKey(session, key, shift) {
    const was = pending?.session === session ? pending.to : { from: session.from, to: session.to, room: session.room };
    const step = { ArrowUp: -state.step, ArrowDown: state.step }[key] ?? 0;
    let to = { ...was };
    if (step && shift) to.to = Math.max(to.from + Math.min(5, state.step), to.to + step);
    else if (step) to = within({ ...to, from: to.from + step, to: to.to + step });
    else {
      const codes = view.columns.map((room) => room.code);
      if (!codes.includes(null)) codes.unshift(null);
      const here = codes.indexOf(to.room ?? null);
      to.room = codes[Math.max(0, Math.min(here + (key === "ArrowLeft" ? -1 : 1), codes.length - 1))];
    }
    clearTimeout(pending?.timer);
    if (pending && pending.session !== session) finish(true);
    pending = { session, to, timer: setTimeout(() => finish(true), REST) };
    view.place(session, to);
    view.blocks.get(session.code)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    deeds.say(view.say(session, to));
    deeds.check(session, to);
  }

  view.body.addEventListener("keydown", (event) => {
    const session = state.sessions.get(event.target.dataset?.code);
    if (!session || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key.startsWith("Arrow") && state.write) { event.preventDefault(); byKey(session, event.key, event.shiftKey); }
    else if (event.key === "Enter" || event.key === " ") { event.preventDefault(); finish(true); deeds.open(session); }
    else if (event.key === "Escape" && (pending || drag)) { event.preventDefault(); finish(false); cancel(); }
  });
  view.body.addEventListener("focusout", () => finish(true));
  view.body.addEventListener("focusin", (event) => {
    const session = state.sessions.get(event.target.dataset?.code);
    if (session) deeds.explain(session);
  });

  /* --- Mouse and pen --------------------------------------------------------------------------- */
  let drag = null; // { session, block, x, y, grab, resize, to, started }

  function aim(x, y) {
    const { session, resize, grab, tray } = drag;
    const point = view.at(x, y);
    if (resize) return { from: session.from, room: session.room, to: Math.max(session.from + state.step, snap(point.minutes)) };
    const length = drag.length;
    const from = snap(point.minutes - (tray ? 0 : grab));
    const room = view.isForAll(session) && !drag.left ? session.room : point.room;
    return within({ from, to: from + length, room });
  }

  function follow() {
    if (!drag?.started) return;
    const box = view.scroll.getBoundingClientRect();
    const push = (at, low, high) => (at < low + EDGE ? -12 : at > high - EDGE ? 12 : 0);
    if (!drag.resize) view.scroll.scrollBy(push(drag.x, box.left, box.right), 0);
    view.scroll.scrollBy(0, push(drag.y, box.top, box.bottom));
    show();
    drag.frame = requestAnimationFrame(follow);
  }

  function show() {
    const over = deeds.overTray(drag.x, drag.y);
    drag.toTray = over && !drag.tray;
    deeds.tray(drag.toTray);
    const to = aim(drag.x, drag.y);
    if (drag.to && drag.to.from === to.from && drag.to.to === to.to && drag.to.room === to.room) return;
    drag.to = to;
    view.place(drag.session, to);
    deeds.check(drag.session, to);
    deeds.hint(`${clock(to.from)}–${clock(to.to)}, ${view.roomName(to.room)}`);
  }

  function start(event) {
    const block = event.target.closest?.("[data-code]");
    const session = state.sessions.get(block?.dataset.code);
    if (!session || event.button !== 0 || event.pointerType === "touch" || !state.write) return;
    finish(true);
    const tray = session.from === null;
    const resize = event.target.classList.contains("block-edge");
    drag = { session, block, tray, resize, x: event.clientX, y: event.clientY, x0: event.clientX, y0: event.clientY, started: false,
      length: tray ? session.minutes ?? 30 : session.to - session.from, grab: tray ? 0 : view.at(event.clientX, event.clientY).minutes - session.from };
  }

  function begin() {
    drag.started = true;
    document.body.classList.add("grid-dragging");
    if (drag.tray) view.body.append(view.drawBlock({ ...drag.session, ...aim(drag.x, drag.y) }));
    view.blocks.get(drag.session.code)?.classList.add("moving");
    drag.frame = requestAnimationFrame(follow);
  }

  function stop() {
    if (!drag) return null;
    cancelAnimationFrame(drag.frame);
    document.body.classList.remove("grid-dragging");
    deeds.tray(false);
    deeds.hint("");
    const done = drag;
    drag = null;
    return done;
  }

  function cancel() {
    const done = stop();
    if (done) deeds.draw();
  }

  document.addEventListener("pointerdown", start);
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (view.isForAll(drag.session) && Math.abs(event.clientX - drag.x0) > view.width) drag.left = true;
    drag.x = event.clientX;
    drag.y = event.clientY;
    if (!drag.started && Math.hypot(drag.x - drag.x0, drag.y - drag.y0) > 4) begin();
    if (drag.started) event.preventDefault();
  });
  document.addEventListener("pointerup", () => {
    if (!drag) return;
    if (!drag.started) { stop(); return; }
    show();
    const { session, to, toTray, tray } = stop();
    suppress = true;
    setTimeout(() => { suppress = false; }, 0);
    if (toTray) deeds.unschedule(session);
    else if (tray || !same(session, to)) deeds.move(session, to);
    else deeds.draw();
  });
  document.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && drag) cancel(); });

  let suppress = false;
  document.addEventListener("click", (event) => {
    const code = event.target.closest?.("#grid [data-code]")?.dataset.code;
    if (code && !suppress) deeds.open(state.sessions.get(code));
  });

  function hold(session) {
    if (pending?.session !== session) return;
    clearTimeout(pending.timer);
    pending.timer = setTimeout(() => finish(true), READING);
  }

  return { finish, hold };
}
