/* Shows the questions that are asked of this guest. Without it all are there and say for whom they are;
   the server decides in either case, and what was typed into a hidden one stays until then. */

const form = document.querySelector("form[data-questions]");
const asked = form ? [...form.querySelectorAll("[data-asked]")] : [];

function answersOf(name) {
  const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  if (fields.some((field) => field.closest("[data-asked]")?.hidden)) return [];
  return fields.flatMap((field) => {
    if (field.type !== "radio" && field.type !== "checkbox") return [field.value];
    if (!field.checked) return [];
    return [name.startsWith("c-") ? "yes" : field.value];
  });
}

function isAsked({ dataset }) {
  const [type] = answersOf("registration_type");
  if (dataset.types && type && !dataset.types.split(" ").includes(type)) return false;
  if (!dataset.if) return true;
  const wanted = JSON.parse(dataset.answers);
  return answersOf(dataset.if).some((answer) => wanted.includes(answer));
}

function show() {
  // In the order of the page; a question may hang on one that comes after it, so once more.
  for (let round = 0; round < 2; round += 1) for (const box of asked) box.hidden = !isAsked(box);
}

if (asked.length) {
  for (const rule of form.querySelectorAll("[data-rule]")) rule.hidden = true;
  form.addEventListener("change", show);
  // Browsers put back what was typed after this has run.
  window.addEventListener("pageshow", show);
  show();
}
