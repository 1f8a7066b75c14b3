// Asks for the answer page again while a letter is being made, and puts the letter in its place when it is there.
// Without this script a link does the same by hand.
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 15000;
const MOST_TRIES = 40;

const waiting = () => document.querySelectorAll('[data-courrier="preparing"]');
const announcement = document.querySelector("[data-annonce]"); // its value is the address of the page

async function ask() {
  const response = await fetch(announcement.dataset.annonce, { cache: "no-store", credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const old of waiting()) {
    const now = fresh.getElementById(old.id);
    if (!now || now.dataset.courrier === "preparing") continue;
    old.replaceWith(document.importNode(now, true));
    announcement.textContent = `Courrier prêt\u00a0: ${now.dataset.departement}.`;
  }
}

async function follow() {
  let delay = FIRST_DELAY;
  for (let tries = 0; tries < MOST_TRIES && waiting().length > 0; tries += 1) {
    await new Promise((done) => setTimeout(done, delay));
    if (document.hidden) continue;
    try {
      await ask();
    } catch {
      // The network may come back: the next try tells.
    }
    delay = Math.min(delay * 1.5, LONGEST_DELAY);
  }
}

follow();
