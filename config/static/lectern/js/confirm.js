/* A form with data-confirm asks first, in the browser's own dialog element. Without JavaScript
   the server's confirmation page asks, or the verb can be undone. */

function ask(form, submitter) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "confirm-text");
  const text = document.createElement("p");
  text.id = "confirm-text";
  text.textContent = form.dataset.confirm;
  const inner = document.createElement("form");
  inner.method = "dialog";
  inner.className = "actions";
  const yes = document.createElement("button");
  yes.className = `button ${submitter?.classList.contains("danger") ? "danger" : ""}`;
  yes.value = "yes";
  yes.textContent = form.dataset.confirmLabel || submitter?.textContent.trim() || "OK";
  const no = document.createElement("button");
  no.className = "button quiet";
  no.value = "no";
  no.autofocus = true;
  no.textContent = document.body.dataset.keepWord || "Keep as it is";
  inner.append(yes, no);
  dialog.append(text, inner);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") {
      form.dataset.confirmed = "";
      form.requestSubmit(submitter);
    }
    dialog.remove();
    submitter?.focus();
  });
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-confirm]") || "confirmed" in form.dataset) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form, event.submitter);
}, { capture: true });
