/* Tells the hosts, once, that somebody has looked at an invitation: after two visible seconds, which no
   mail program that follows links spends on a page. */

const page = document.querySelector("[data-seen]");
const NEEDED = 2000;
let visible = 0;
let since = null;
let timer = null;

function tell() {
  document.removeEventListener("visibilitychange", follow);
  fetch(page.dataset.seen, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
}

function follow() {
  if (document.visibilityState === "visible") {
    since = performance.now();
    timer = setTimeout(tell, NEEDED - visible);
  } else if (since !== null) {
    visible += performance.now() - since;
    since = null;
    clearTimeout(timer);
  }
}

if (page) {
  document.addEventListener("visibilitychange", follow);
  follow();
}
