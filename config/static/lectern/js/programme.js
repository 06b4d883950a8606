/* The programme in the reader's hands: found while typing, marked as it runs, chosen by stars that
   stay on this device. The pages do without it: a search on the server, a page of its own for now
   and next, a form with boxes to choose. */

/* Letters as core.text writes them, so that "cvijic" finds Cvijić and Цвијић here, too. */
const LETTERS = Object.fromEntries(
  "аa бb вv гg дd ђđ еe жž зz иi јj кk лl љlj мm нn њnj оo пp рr сs тt ћć уu фf хh цc чč џdž шš щšč йj ыy эe юju яja ёe ъ ь іi їji єje ґg ѓđ ќć ѕdz"
    .split(" ").map((pair) => [pair[0], pair.slice(1)]),
);
const SINGLE = { đ: "dj", ð: "d", ł: "l", ø: "o", ß: "ss", æ: "ae", œ: "oe", ı: "i" };
const MARKS = /\p{M}/gu;

function withoutMarks(text) {
  const latin = [...text.normalize("NFKC").toLowerCase().normalize("NFC")].map((ch) => LETTERS[ch] ?? ch).join("");
  return [...latin.normalize("NFKD").replace(MARKS, "")].map((ch) => SINGLE[ch] ?? ch).join("");
}

export function searchKey(text) {
  return withoutMarks(withoutMarks(text)).replace(/\s+/g, " ").trim();
}

const sessions = [...document.querySelectorAll(".session[data-code]")];
const shows = { words: [], only: false, stars: new Set() };

/* What is shown: what fits the words, and with "only these" what has a star. */
function show() {
  let number = 0;
  for (const one of sessions) {
    const fits = shows.words.every((word) => (one.key ??= searchKey(one.textContent)).includes(word));
    one.hidden = !fits || (shows.only && !shows.stars.has(one.dataset.code));
    if (!one.hidden) number += 1;
  }
  for (const box of [...document.querySelectorAll(".slot"), ...document.querySelectorAll(".programme")]) {
    box.hidden = !box.querySelector(".session:not([hidden])");
  }
  return number;
}

function findWhileTyping(field) {
  const status = document.querySelector("[data-found]");
  const before = [...status.childNodes];
  const submit = document.createElement("button");
  submit.className = "button quiet small";
  submit.textContent = status.dataset.everywhere;
  submit.addEventListener("click", () => field.form.requestSubmit());
  const given = field.value;
  let timer = 0;
  const find = () => {
    const key = searchKey(field.value);
    shows.words = field.value === given || key.length < 2 ? [] : key.split(" ");
    const number = show();
    if (shows.words.length) status.replaceChildren(`${status.dataset.here} ${number} `, submit);
    else status.replaceChildren(...before);
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, 80); });
}

/* What runs at this minute by the device's clock: a page that stands open for hours stays right. */
function markNow() {
  const minute = Date.now() / 60000;
  const on = (one) => { const [start, end] = one.dataset.at.split("-"); return start <= minute && minute < end; };
  for (const slot of document.querySelectorAll(".slot")) {
    const is = [...slot.querySelectorAll(".session[data-at]")].some(on);
    const word = slot.querySelector("[data-now]");
    if (!word) continue;
    slot.classList.toggle("now", is);
    word.hidden = !is;
  }
}

function refreshEachMinute(part) {
  setInterval(async () => {
    if (document.visibilityState !== "visible" || document.activeElement?.closest("[data-refresh]")) return;
    try {
      const answer = await fetch(location.href, { credentials: "omit" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (fresh) part.replaceChildren(...fresh.childNodes);
    } catch { /* away from the network: what stands there says its time */ }
  }, 60000);
}

/* Stars: codes of sessions in this browser, a list for each conference. */
const starred = (of) => {
  try { return new Set(JSON.parse(localStorage.getItem(`stars:${of}`) ?? "[]")); } catch { return new Set(); }
};
const keepStars = (of, codes) => {
  try { localStorage.setItem(`stars:${of}`, JSON.stringify([...codes])); } catch { /* for this page only then */ }
};
const ownPage = (of) => { try { return localStorage.getItem(`selection:${of}`); } catch { return null; } };

function giveStars(form) {
  const of = form.dataset.stars;
  const only = form.querySelector("[data-only]");
  const words = [only.textContent, form.dataset.all];
  const link = form.querySelector("[data-own]");
  const buttons = new Map();
  shows.stars = starred(of);
  const page = ownPage(of);
  if (page) { link.href = page; link.hidden = false; }
  const refresh = () => {
    form.hidden = shows.stars.size === 0;
    form.querySelector("[data-count]").textContent = shows.stars.size;
    form.elements.sessions.value = [...shows.stars].join(",");
    for (const [code, button] of buttons) button.setAttribute("aria-pressed", shows.stars.has(code));
    if (!shows.stars.size && shows.only) { shows.only = false; only.textContent = words[0]; show(); }
  };
  for (const one of sessions) {
    const link = one.querySelector("h3 a");
    if (!link) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "star";
    button.setAttribute("aria-label", `${form.dataset.star}: ${link.textContent.trim()}`);
    button.append(form.querySelector(".icon").cloneNode(true));
    button.addEventListener("click", () => {
      shows.stars = starred(of);
      if (!shows.stars.delete(one.dataset.code)) shows.stars.add(one.dataset.code);
      keepStars(of, shows.stars);
      refresh();
    });
    buttons.set(one.dataset.code, button);
    one.querySelector("h3").after(button);
  }
  only.addEventListener("click", () => {
    shows.only = !shows.only;
    only.textContent = words[Number(shows.only)];
    show();
  });
  window.addEventListener("storage", () => { shows.stars = starred(of); refresh(); });
  refresh();
}

function giveOneStar(box) {
  const { of, oneStar: code } = box.dataset;
  const button = box.querySelector("button");
  const refresh = () => button.setAttribute("aria-pressed", starred(of).has(code));
  button.addEventListener("click", () => {
    const stars = starred(of);
    if (!stars.delete(code)) stars.add(code);
    keepStars(of, stars);
    refresh();
  });
  window.addEventListener("storage", refresh);
  refresh();
  box.hidden = false;
}

/* The form with boxes begins with the stars of this device, unless a selection is being changed. */
function tickStars(form) {
  const boxes = [...form.querySelectorAll("input[name=sessions]")];
  if (boxes.some((box) => box.checked)) return;
  const stars = starred(form.dataset.ticks);
  for (const box of boxes) box.checked = stars.has(box.value);
}

/* Who has kept a selection finds its page again from the programme, and its stars beside it. */
function rememberOwn(page) {
  const { of, ownSelection, codes } = page.dataset;
  try { localStorage.setItem(`selection:${of}`, ownSelection); } catch { return; }
  keepStars(of, codes.split(","));
  for (const form of page.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      if (event.submitter?.value === "delete") localStorage.removeItem(`selection:${of}`);
    });
  }
}

function offerOwnZone(button) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { zone: field } = button.form.elements;
  if (!zone?.includes("/") || field.value === zone) return;
  button.textContent += ` (${zone.split("/").at(-1).replaceAll("_", " ")})`;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (![...field.options].some((option) => option.value === zone)) field.add(new Option(zone, zone));
    field.value = zone;
    button.form.requestSubmit();
  });
}

for (const form of document.querySelectorAll("[data-stars]")) giveStars(form);
for (const box of document.querySelectorAll("[data-one-star]")) giveOneStar(box);
for (const field of document.querySelectorAll("[data-find]")) findWhileTyping(field);
for (const form of document.querySelectorAll("[data-ticks]")) tickStars(form);
for (const page of document.querySelectorAll("[data-own-selection]")) rememberOwn(page);
for (const button of document.querySelectorAll("[data-own-zone]")) offerOwnZone(button);
for (const part of document.querySelectorAll("[data-refresh]")) refreshEachMinute(part);
if (sessions.length) { markNow(); setInterval(markNow, 20000); }
