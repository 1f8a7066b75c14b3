// Adds a search field above a long list of départements, and tells which ones are ticked.
// Without this script the list is whole and works.
const list = document.querySelector("[data-departements]");
const LONG = 8;

const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function enhance() {
  const items = Array.from(list.children, (item) => ({
    item,
    box: item.querySelector("input"),
    text: item.querySelector("label").textContent.trim().replace(/\s+/g, " "),
    number: plain(item.querySelector(".numero").textContent),
  }));
  const field = element("div", { className: "champ" });
  const input = element("input", {
    type: "search",
    id: "departements-filtre",
    className: "moyen",
    autocomplete: "off",
    spellcheck: false,
  });
  const label = element("label", { htmlFor: input.id, textContent: "Chercher un département" });
  const hint = element("p", {
    id: "departements-filtre-aide",
    className: "aide",
    textContent: "Nom ou numéro. La touche Entrée coche le département trouvé.",
  });
  input.setAttribute("aria-describedby", hint.id);
  const ticked = element("p", { className: "coches" });
  const status = element("p", { className: "note" });
  status.setAttribute("role", "status");
  field.append(label, hint, input);
  list.before(field, status);
  list.after(ticked);

  const tell = () => {
    const names = items.filter(({ box }) => box.checked).map(({ text }) => text);
    ticked.textContent = names.length ? `Cochés\u00a0: ${names.join(", ")}` : "Aucun département coché.";
  };
  const filter = () => {
    const wanted = plain(input.value);
    let shown = 0;
    for (const { item, text } of items) {
      const words = plain(text);
      item.hidden = !(words.startsWith(wanted) || words.includes(` ${wanted}`));
      shown += item.hidden ? 0 : 1;
    }
    status.textContent = !wanted
      ? ""
      : shown === 0
        ? "Aucun département ne correspond."
        : `${shown} département${shown > 1 ? "s" : ""}`;
  };
  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const wanted = plain(input.value);
    if (!wanted) return;
    const shown = items.filter(({ item }) => !item.hidden);
    const exact = shown.filter(({ number, text }) => number === wanted || plain(text) === `${number} ${wanted}`);
    const [found] = exact.length === 1 ? exact : shown;
    if (exact.length !== 1 && shown.length !== 1) {
      if (shown.length > 1) status.textContent = `${shown.length} départements correspondent\u00a0: précisez.`;
      return;
    }
    found.box.checked = true;
    input.value = "";
    filter();
    tell();
    status.textContent = `${found.text}\u00a0: coché`;
  });
  list.addEventListener("change", tell);
  tell();
}

if (list && list.children.length > LONG) enhance();
