/* The organiser's pages: a warning before unsaved changes are lost, choosing rows, dragging in lists. */

function guardChanges(form) {
  let dirty = form.dataset.dirty === "yes";
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", (event) => { if (!event.submitter?.formTarget) dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

/* A button that shows the form in a frame does so by itself while somebody types. Each time the frame
   is a new one, so that the Back button knows of none of it. */
function livePreview(button) {
  const form = button.form;
  let timer = 0;
  const fresh = () => {
    const frame = document.querySelector(`iframe[name="${button.formTarget}"]`);
    frame?.replaceWith(frame.cloneNode());
  };
  const show = () => {
    fresh();
    const { action, target } = form;
    form.action = button.formAction;
    form.target = button.formTarget;
    HTMLFormElement.prototype.submit.call(form);
    form.action = action;
    form.target = target;
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(show, 600); };
  form.addEventListener("input", soon);
  document.addEventListener("change", (event) => { if (event.target.form === form) soon(); });
  show();
}

function chooseRows(form) {
  const bar = form.querySelector(".selection-bar");
  const count = form.querySelector("[data-select-count]");
  const all = form.querySelector("[data-select-all]");
  const boxes = () => [...form.querySelectorAll("tbody .pick input")];
  const words = count?.textContent.replace(/^\s*\d+/, "") ?? "";
  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (bar) bar.hidden = chosen === 0;
    if (count) count.textContent = `${chosen}${words}`;
    if (all) { all.checked = chosen > 0 && chosen === boxes().length; all.indeterminate = chosen > 0 && !all.checked; }
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    show();
  });
  show();
}

/* Rows can be dragged where a list has up and down buttons; the buttons stay for keys and touch. */
function reorder(list) {
  const items = () => [...list.querySelectorAll(":scope > [data-key]")];
  const order = () => items().map((item) => item.dataset.key).join(",");
  let moved = null;
  let before = "";
  for (const item of items()) item.draggable = true;
  list.addEventListener("dragstart", (event) => {
    moved = event.target.closest("[data-key]");
    before = order();
    moved.classList.add("dragging");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("[data-key]");
    if (!moved || !over || over === moved || over.parentElement !== list) return;
    event.preventDefault();
    const after = moved.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
    over.parentElement.insertBefore(moved, after ? over.nextSibling : over);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", async () => {
    moved?.classList.remove("dragging");
    moved = null;
    if (order() === before) return;
    const body = new FormData();
    body.set("order", order());
    const version = list.dataset.version ?? list.querySelector("input[name=version]")?.value;
    if (version) body.set("version", version);
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";
    const answer = await fetch(list.dataset.reorderUrl, { method: "POST", body, headers: { "x-csrftoken": token } });
    window.location.reload();
    if (!answer.ok) list.setAttribute("aria-invalid", "true");
  });
}

/* A frame that shows what a form makes follows the typing. A new frame takes the answer and then the
   old one's place, so that nothing flickers and the way back is not full of former states. */
function previewLive(form) {
  const button = document.getElementById(form.dataset.live);
  let frame = document.querySelector(`iframe[name="${button?.formTarget}"]`);
  if (!frame) return;
  let waiting = 0;
  let number = 0;
  const refresh = () => {
    const fresh = frame.cloneNode();
    fresh.removeAttribute("src");
    fresh.name = `${form.id}-preview-${++number}`;
    fresh.hidden = true;
    const old = frame;
    old.after(fresh);
    fresh.addEventListener("load", () => { old.remove(); fresh.hidden = false; });
    for (const one of form.elements) if (one.formTarget === old.name) one.formTarget = fresh.name;
    frame = fresh;
    form.requestSubmit(button);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 700);
  });
  for (const field of document.querySelectorAll(`select[form="${form.id}"]`)) field.addEventListener("change", refresh);
  if (form.dataset.dirty === "yes") refresh();
}

for (const form of document.querySelectorAll("form[data-live]")) previewLive(form);
for (const form of document.querySelectorAll("form[data-dirty]")) guardChanges(form);
for (const button of document.querySelectorAll("[data-preview]")) livePreview(button);
for (const form of document.querySelectorAll("form[data-select]")) chooseRows(form);
for (const list of document.querySelectorAll("[data-reorder][data-reorder-url]")) reorder(list);
