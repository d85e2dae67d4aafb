// <form data-suggest="/search/suggest/"> turns its search field into a combobox with a list of
// suggestions, after the ARIA pattern: the focus stays in the field, aria-activedescendant names
// the option. One request at a time: a newer one ends the one before. Without an answer (slow
// network, too many requests) the field works as it does without scripts.
const PAUSE = 120; // ms without a key before suggestions are asked for

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function option(id, suggestion) {
  const words = suggestion.pieces.map(([text, isMarked]) =>
    isMarked ? element("mark", {}, text) : text
  );
  const made = element("li", { id, role: "option", "aria-selected": "false" });
  if (suggestion.code) made.append(element("span", { class: "code" }, suggestion.code), " ");
  made.append(element("span", { class: "suggest__words" }, ...words));
  return made;
}

function combobox(form) {
  const field = form.querySelector("[data-search-field]");
  const list = element("ul", {
    id: `${field.id}-list`, class: "suggest", role: "listbox", "aria-label": "Suggestions",
  });
  const status = element("span", { class: "visually-hidden", role: "status" });
  const states = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id };
  let suggestions = [];
  let active = -1;
  let timer = 0;
  let request = null;
  let quietUntil = 0;

  const isOpen = () => !list.hidden;

  function open(isShown) {
    list.hidden = !isShown;
    field.setAttribute("aria-expanded", String(isShown));
    if (!isShown) activate(-1);
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    open(false);
    status.textContent = "";
  }

  function activate(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const chosen = list.children[active];
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", chosen.id);
  }

  function show(found) {
    activate(-1);
    suggestions = found;
    list.replaceChildren(...found.map((each, i) => option(`${list.id}-${i}`, each)));
    open(found.length > 0);
    const number = found.length === 1 ? "1 suggestion" : `${found.length} suggestions`;
    status.textContent = found.length ? number : "No suggestions";
  }

  function choose(index) {
    const { address, text } = suggestions[index];
    close();
    field.value = text;
    if (address) location.assign(address);
    else form.requestSubmit();
  }

  async function ask() {
    clearTimeout(timer);
    request?.abort();
    const text = field.value.trim();
    if (!text) return close();
    if (Date.now() < quietUntil) return;
    const mine = (request = new AbortController());
    try {
      const query = new URLSearchParams({ q: text });
      const response = await fetch(`${form.dataset.suggest}?${query}`, { signal: mine.signal });
      if (response.status === 429) {
        quietUntil = Date.now() + 1000 * (Number(response.headers.get("Retry-After")) || 30);
      }
      const found = response.ok ? (await response.json()).suggestions : [];
      if (mine === request && document.activeElement === field) show(found);
    } catch {
      if (mine === request && !mine.signal.aborted) close(); // offline, or no JSON
    }
  }

  const move = (step) => {
    const places = suggestions.length + 1; // the field itself is one
    activate(((active + 1 + step + places) % places) - 1);
  };

  const keys = {
    ArrowDown: () => (isOpen() ? move(1) : ask()),
    ArrowUp: () => isOpen() && move(-1),
    Home: () => active >= 0 && activate(0),
    End: () => active >= 0 && activate(suggestions.length - 1),
    Enter: () => active >= 0 && choose(active),
    Escape: () => isOpen() && close(),
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Tab" || (event.key === "Enter" && active < 0)) return close();
    // Below an answered query the arrow leads to its results (js/result-keys.js).
    const isAnswered = field.value === field.defaultValue && document.querySelector("[data-result]");
    if (event.key === "ArrowDown" && !isOpen() && isAnswered && !event.altKey) return;
    const act = keys[event.key];
    if (act && act() !== false) event.preventDefault();
  });

  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
  list.addEventListener("click", (event) => {
    const index = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) choose(index);
  });

  for (const [key, value] of Object.entries(states)) field.setAttribute(key, value);
  form.append(list, status);
  open(false);
}

document.querySelectorAll("form[data-suggest]").forEach(combobox);
