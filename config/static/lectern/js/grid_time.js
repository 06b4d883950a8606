/* Local times as the grid reckons with them: minutes since a fixed midnight, without any zone. */

const DAY = 1440;
const NIGHT = 300; // a day of the programme lasts until five in the morning

export const minutesOf = (iso) => Date.parse(`${iso}Z`) / 60000;
export const isoOf = (minutes) => new Date(minutes * 60000).toISOString().slice(0, 16);
export const clock = (minutes) => isoOf(minutes).slice(11);
export const span = (start, end) => `${clock(start)}–${clock(end)}`;

/* The midnight that a day of the programme begins with; nights belong to the evening before. */
export function dayOf(minutes, first) {
  const date = Math.floor(minutes / DAY) * DAY;
  const day = Math.floor((minutes - NIGHT) / DAY) * DAY;
  return day < first && first <= date ? date : day;
}

export const sayDay = (day) => new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(day * 60000);

export function atClock(day, text) {
  const found = /^\s*([01]?\d|2[0-3])[:.]?([0-5]\d)\s*$/.exec(text);
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return day + minutes + (minutes < NIGHT ? DAY : 0);
}

/* Side by side where some overlap: each gets its lane and how many lanes there are. */
export function lanes(sessions) {
  const placed = new Map();
  let group = [];
  let ends = [];
  const close = () => { for (const one of group) placed.get(one.code).of = ends.length; group = []; ends = []; };
  for (const one of [...sessions].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (ends.length && one.from >= Math.max(...ends)) close();
    let lane = ends.findIndex((end) => end <= one.from);
    if (lane < 0) lane = ends.length;
    ends[lane] = one.to;
    group.push(one);
    placed.set(one.code, { lane, of: 1 });
  }
  close();
  return placed;
}
