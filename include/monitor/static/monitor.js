// The theme is Airflow's, whose page this one stands in; without it, the browser's.
"use strict";

function takeTheme() {
  let theme = "";
  try {
    const outer = window.parent.document.documentElement.classList;
    theme = outer.contains("dark") ? "dark" : outer.contains("light") ? "light" : "";
  } catch { /* another origin's page around this one keeps its theme to itself */ }
  document.documentElement.classList.toggle("dark", theme === "dark");
  document.documentElement.classList.toggle("light", theme === "light");
}

takeTheme();
if (window.parent !== window) {
  try {
    new MutationObserver(takeTheme).observe(window.parent.document.documentElement, { attributeFilter: ["class"] });
  } catch { /* see above */ }
}

// Airflow's frame lets no link out of it; its own page may go where it likes.
for (const link of document.querySelectorAll("[data-airflow]")) {
  link.addEventListener("click", (event) => {
    if (window.parent === window) return;
    event.preventDefault();
    const outer = window.parent.document.createElement("a");
    outer.href = link.href;
    outer.click();
  });
}

for (const button of document.querySelectorAll("[data-language]")) {
  const spoken = button.dataset.language;
  button.setAttribute("aria-pressed", String(document.documentElement.lang === spoken));
  button.addEventListener("click", () => {
    document.cookie = `registry_language=${spoken}; path=${document.body.dataset.root || "/"}; max-age=31536000; samesite=strict`;
    window.location.reload();
  });
}

// What is folded on the screen is on paper.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});

// A chart that failed leaves words.
function tellFailure(image) {
  image.classList.add("failed");
  const told = document.createElement("p");
  image.before(told);
  told.textContent = image.dataset.failed;
}

// A picture that says why there is no chart says so to those who hear the page.
async function tellState(image) {
  const undrawn = (await fetch(image.src, { method: "HEAD" })).headers.get("Registry-Undrawn");
  if (undrawn) image.alt = decodeURIComponent(undrawn);
}

for (const image of document.querySelectorAll(".chart img")) {
  image.addEventListener("error", () => tellFailure(image), { once: true });
  image.addEventListener("load", () => tellState(image), { once: true });
  if (image.complete) image.naturalWidth ? tellState(image) : tellFailure(image);
}
