// "/" moves the cursor into the search field, unless the reader is already writing somewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = [...document.querySelectorAll("[data-search-field]")].find((each) =>
    each.checkVisibility({ visibilityProperty: true })
  );
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
