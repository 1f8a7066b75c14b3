// Says that a form is on its way and holds back a second click. The server makes one inquiry of two clicks anyway.
for (const form of document.querySelectorAll("form[data-envoi]")) {
  const button = form.querySelector("button[data-pendant]");
  const label = button.textContent;
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.pendant;
  });
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-disabled");
    button.textContent = label;
  });
}
