/* Forms with data-swap are sent by fetch; the answer's main part takes the old one's place, with focus
   and scrolling kept. Without JavaScript they are plain forms, and the answer is the next page. */

export const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("aria-live", "polite");
document.body.append(said);

let running = Promise.resolve();

/* `sent` is what was sent of the field in focus: what was typed there since, or elsewhere, stays. */
export function swapIn(text, sent) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
  const old = document.getElementById("main");
  if (!fresh) return false;
  const { id: focused, value, defaultValue } = document.activeElement ?? {};
  const typed = value !== undefined && value !== defaultValue && value !== sent ? value : null;
  const at = window.scrollY;
  old.replaceChildren(...fresh.childNodes);
  window.scrollTo({ top: at, behavior: "instant" });
  const again = focused && document.getElementById(focused);
  const stale = document.getElementById("stale");
  if (stale) stale.querySelector("button")?.focus();
  else again?.focus({ preventScroll: true });
  if (again && typed !== null && again.matches("input:not([type=hidden])")) again.value = typed;
  said.textContent = document.querySelector("#main .messages")?.innerText ?? "";
  document.dispatchEvent(new CustomEvent("lectern:swapped"));
  return true;
}

export async function send(url, body, headers = {}) {
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";
  return fetch(url, { method: "POST", body, headers: { "x-csrftoken": token, ...headers } });
}

async function submit(form, submitter) {
  const body = new FormData(form, submitter);
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await send(form.action, body);
    const field = document.activeElement?.form === form ? document.activeElement.name : "";
    if (!swapIn(await answer.text(), field ? body.get(field) : undefined)) window.location.reload();
  } catch {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    said.textContent = "Not saved: the server can not be reached. Try again.";
    form.setAttribute("aria-invalid", "true");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-swap]")) return;
  event.preventDefault();
  if (form.dataset.sent) return; // Enter after a change that sent it already
  form.dataset.sent = "yes";
  running = running.then(() => submit(form, event.submitter));
});
