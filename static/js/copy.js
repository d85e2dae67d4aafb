// <button class="needs-js" data-copy="J96.01"> copies the value and says so for a moment, on the
// button and, for screen readers, in the page's [data-copy-status].
for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.querySelector("[data-copy-label]");
  const before = label.textContent;
  const status = document.querySelector("[data-copy-status]");

  const say = (words, spoken) => {
    label.textContent = words;
    status.textContent = spoken;
    button.toggleAttribute("data-copied", spoken !== "");
  };

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say("Copied", `${button.dataset.copy} copied`);
    } catch {
      // No permission, or no HTTPS: nothing was copied, and the button says so.
      say("Could not copy", "Could not copy");
    }
    setTimeout(() => say(before, ""), 2000);
  });
}
