// The arrows lead from the search field through the results ([data-result]) and back, Home and End
// to the first and last, Escape to the field. After the results were replaced in place the focus
// is never lost: it stays where it was, or goes to the results.
const results = () => [...document.querySelectorAll("[data-result]")];
const field = () => document.querySelector("header [data-search-field]");

function target(key, here, all) {
  const index = all.indexOf(here);
  if (here === field()) return key === "ArrowDown" ? all[0] : null;
  if (index < 0) return null;
  if (key === "ArrowDown") return all[index + 1] ?? here;
  if (key === "ArrowUp") return all[index - 1] ?? field();
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  return key === "Escape" ? field() : null;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const next = target(event.key, document.activeElement, results());
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select?.();
});

document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) {
    document.getElementById("results")?.focus({ preventScroll: true });
  }
});
