/* Draws one day: rooms side by side, time downwards. Positions are set by script, never in markup. */

import { clock, dayOf, isoOf, lanes, span } from "./grid_time.js";

export const ZOOMS = { 5: 4, 10: 2.4, 15: 1.6, 30: 1, 60: 0.6 }; // minutes a step: pixels a minute
export const GUTTER = 56;
const FOR_ALL = new Set(["break", "reception"]);

const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

export class View {
  constructor(box, facts, state) {
    this.facts = facts;
    this.state = state; // { day, step, sessions: Map, first, conflicts: Map }
    this.blocks = new Map();
    this.scroll = make("div", "grid-scroll");
    this.scroll.tabIndex = -1;
    this.head = make("div", "grid-head");
    this.body = make("div", "grid-body");
    this.scroll.append(this.head, this.body);
    box.append(this.scroll);
  }

  get scale() { return ZOOMS[this.state.step]; }
  get width() {
    const fitting = Math.floor((this.scroll.clientWidth - GUTTER - 2) / Math.max(1, this.columns.length));
    return Math.max(window.innerWidth < 600 ? 148 : 168, Math.min(fitting, 360));
  }

  /* Sessions without a room are for all when they are breaks, or when nobody sits on them. */
  isForAll(session) { return !session.room && (FOR_ALL.has(session.kind) || session.people === 0); }

  ofDay() {
    return [...this.state.sessions.values()].filter((one) => one.from !== null && dayOf(one.from, this.state.first) === this.state.day);
  }

  draw() {
    const kept = { left: this.scroll.scrollLeft, top: this.scroll.scrollTop, code: document.activeElement?.dataset?.code };
    const sessions = this.ofDay();
    const from = sessions.length ? Math.min(...sessions.map((one) => one.from)) : this.state.day + 570;
    const to = Math.max(from + 480, ...sessions.map((one) => one.to));
    this.from = Math.floor((from - 30) / 60) * 60;
    this.to = Math.min(Math.ceil((to + 60) / 60) * 60, this.state.day + 1740);
    const roomless = sessions.some((one) => !one.room && !this.isForAll(one));
    this.columns = [...(roomless || !this.facts.rooms.length ? [{ code: null, name: "No room" }] : []), ...this.facts.rooms];
    this.drawHead();
    this.body.replaceChildren();
    this.body.style.setProperty("--hour", `${60 * this.scale}px`);
    this.body.style.setProperty("--column", `${this.width}px`);
    this.body.style.blockSize = `${(this.to - this.from) * this.scale}px`;
    this.body.style.inlineSize = this.head.style.inlineSize = `${GUTTER + this.columns.length * this.width}px`;
    this.body.append(this.drawTimes());
    this.blocks.clear();
    const rows = new Map();
    for (const one of sessions) {
      const key = this.isForAll(one) ? "all" : one.room ?? "";
      rows.set(key, [...(rows.get(key) ?? []), one]);
    }
    const all = document.createDocumentFragment();
    for (const column of rows.values()) {
      const places = lanes(column);
      for (const one of column) {
        one.lane = places.get(one.code);
        all.append(this.drawBlock(one));
      }
    }
    this.body.append(all);
    this.scroll.scrollTo(kept.left, kept.top);
    if (kept.code) this.blocks.get(kept.code)?.focus({ preventScroll: true });
  }

  drawHead() {
    this.head.replaceChildren(make("span", "grid-corner"));
    for (const room of this.columns) {
      const cell = make("span", "grid-room", room.name);
      cell.style.inlineSize = `${this.width}px`;
      if (room.venue || room.capacity) cell.append(make("small", "", [room.venue, room.capacity && `${room.capacity} places`].filter(Boolean).join(" · ")));
      this.head.append(cell);
    }
  }

  drawTimes() {
    const times = make("div", "grid-times");
    times.setAttribute("aria-hidden", "true");
    for (let hour = this.from; hour < this.to; hour += 60) {
      const label = make("span", "", clock(hour));
      label.style.insetBlockStart = `${(hour - this.from) * this.scale}px`;
      times.append(label);
    }
    return times;
  }

  drawBlock(session) {
    const block = make("div", `block kind-${session.kind}`);
    block.dataset.code = session.code;
    block.tabIndex = 0;
    block.setAttribute("role", "button");
    if (this.facts.write) block.setAttribute("aria-describedby", "grid-keys");
    block.append(make("b", "", session.title), make("span", "block-when"), make("span", "visually-hidden block-what"));
    if (this.facts.write) block.append(make("i", "block-edge"));
    this.blocks.set(session.code, block);
    this.place(session);
    return block;
  }

  /* Put a block where its session is, or where it would be while it is moved. */
  place(session, to = session) {
    const block = this.blocks.get(session.code);
    if (!block) return;
    const all = this.isForAll({ ...session, room: to.room });
    const column = this.columns.findIndex((room) => room.code === (to.room ?? null));
    const lane = to === session && session.lane ? session.lane : { lane: 0, of: 1 };
    const wide = all || column < 0 ? this.columns.length * this.width : this.width / lane.of;
    const left = GUTTER + (all || column < 0 ? 0 : column * this.width + lane.lane * wide);
    Object.assign(block.style, {
      insetInlineStart: `${left}px`,
      insetBlockStart: `${(to.from - this.from) * this.scale}px`,
      inlineSize: `${wide - 3}px`,
      blockSize: `${Math.max((to.to - to.from) * this.scale - 2, 12)}px`,
    });
    block.classList.toggle("for-all", all);
    block.classList.toggle("low", (to.to - to.from) * this.scale < 34);
    block.classList.toggle("off", Boolean(session.cancelled));
    block.classList.toggle("moving", to !== session);
    block.querySelector(".block-when").textContent = span(to.from, to.to);
    this.mark(session);
  }

  /* Outline what stands in a conflict, and say it to who hears the page. */
  mark(session, found = this.state.conflicts.get(session.code) ?? []) {
    const block = this.blocks.get(session.code);
    if (!block) return;
    for (const level of ["error", "warning", "notice"]) block.classList.toggle(`has-${level}`, found.some((one) => one.level === level));
    const what = [this.roomName(session.room), session.cancelled ? "Cancelled" : "", ...found.map((one) => one.sentence)];
    block.querySelector(".block-what").textContent = what.filter(Boolean).map((one) => (one.endsWith(".") ? one : `${one}.`)).join(" ");
  }

  roomName(code) { return this.facts.rooms.find((room) => room.code === code)?.name ?? "No room"; }

  say(session, to = session) { return `${session.title}: ${span(to.from, to.to)}, ${this.roomName(to.room)}`; }

  /* Time and room under a point of the window. */
  at(x, y) {
    const box = this.body.getBoundingClientRect();
    const column = Math.floor((x - box.left - GUTTER) / this.width);
    return { minutes: this.from + (y - box.top) / this.scale, room: this.columns[Math.max(0, Math.min(column, this.columns.length - 1))]?.code ?? null };
  }

  show(code) {
    const block = this.blocks.get(code);
    block?.scrollIntoView({ block: "nearest", inline: "nearest" });
    block?.focus({ preventScroll: true });
  }
}

export { isoOf, make };
