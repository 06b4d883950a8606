/* Loaded before the first paint: the reader's own choice of light or dark, kept in this browser. */
(() => {
  try {
    const choice = localStorage.getItem("theme");
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  } catch {
    /* Storage is switched off: the system's setting stays. */
  }
})();
