/* What every page gets: the appearance switch, focus on the summary of errors, copying,
   keeping what was typed, and the button at the bottom edge. All of it is an addition. */

const root = document.documentElement;

function themeSwitch(button) {
  const word = button.querySelector("[data-theme-word]");
  const order = ["auto", "light", "dark"];
  const show = () => { word.textContent = button.dataset[root.dataset.theme ?? "auto"]; };
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.theme ?? "auto") + 1) % order.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try { localStorage.setItem("theme", next); } catch { /* only for this page then */ }
    show();
  });
  show();
  button.hidden = false;
}

function copyButton(box) {
  const button = box.querySelector("button");
  const word = button.querySelector("span");
  const before = word.textContent;
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("input").value);
    word.textContent = button.dataset.copied;
    setTimeout(() => { word.textContent = before; }, 2000);
  });
}

/* A form with data-keep never loses what was typed: it is kept for this tab until a page says it is done. */
function keepTyped(form) {
  const key = `keep:${form.dataset.keep}`;
  const skip = new Set(["hidden", "password", "file", "submit"]);
  const fields = () => [...form.elements].filter((field) => field.name && !skip.has(field.type));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept) {
    for (const field of fields()) {
      const values = kept[field.name];
      if (!values) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else if (field.type === "select-one" || !field.value) field.value = values[0] ?? "";
    }
  }
  form.addEventListener("input", () => {
    const values = Object.fromEntries(fields().map((field) => [field.name, []]));
    for (const [name, value] of new FormData(form)) values[name]?.push(value);
    sessionStorage.setItem(key, JSON.stringify(values));
  });
}

function stickyAction(bar) {
  const twin = document.querySelector("[data-main-action], .cover .button.large");
  if (!twin) return;
  new IntersectionObserver(([entry]) => { bar.toggleAttribute("data-away", entry.isIntersecting); }).observe(twin);
}

for (const button of document.querySelectorAll("[data-theme-switch]")) themeSwitch(button);
for (const box of document.querySelectorAll("[data-copy]")) copyButton(box);
for (const bar of document.querySelectorAll(".sticky-action")) stickyAction(bar);
try {
  for (const done of document.querySelectorAll("[data-kept-done]")) sessionStorage.removeItem(`keep:${done.dataset.keptDone}`);
  for (const form of document.querySelectorAll("form[data-keep]")) keepTyped(form);
} catch { /* storage is switched off: the form works without */ }
document.querySelector("[data-focus]")?.focus();
if (document.querySelector("form[data-confirm]") && !document.querySelector("body.console")) import("./confirm.js");
