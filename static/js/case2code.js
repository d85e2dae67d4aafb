// Case → codes: counts the characters of the note, keeps the list of picked codes, copies it.
// Without it the page works: the buttons send the form.
(() => {
  "use strict";

  const note = document.querySelector("textarea[data-most]");
  const count = document.querySelector("[data-count]");
  if (note && count) {
    const most = Number(note.dataset.most);
    const number = new Intl.NumberFormat("en-US");
    const show = () => {
      const used = note.value.length;
      const over = used - most;
      count.textContent =
        over > 0
          ? `${number.format(over)} character${over === 1 ? "" : "s"} too many`
          : `${number.format(used)} of ${number.format(most)} characters`;
      count.toggleAttribute("data-over", over > 0);
      // Said aloud only near the limit, not at every key.
      count.setAttribute("aria-live", over > -500 ? "polite" : "off");
    };
    note.addEventListener("input", show);
    show();
  }

  const copy = async (text, say) => {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied");
    } catch {
      say("Could not copy: mark the text and copy it yourself");
    }
  };

  const bar = document.querySelector("[data-picks]");
  if (bar) {
    const form = bar.closest("form");
    const boxes = [...form.querySelectorAll("input[type=checkbox][name=code]")];
    const words = bar.querySelector("[data-picks-count]");
    const button = bar.querySelector("[data-picks-copy]");
    const picked = () =>
      new Map(boxes.filter((box) => box.checked).map((box) => [box.value, box.dataset.text]));
    const show = () => {
      const size = picked().size;
      words.textContent =
        size === 0 ? "Nothing picked yet" : `${size} code${size === 1 ? "" : "s"} picked`;
      button.disabled = size === 0;
      bar.toggleAttribute("data-empty", size === 0);
    };
    form.addEventListener("change", (event) => {
      // The same code stands below several sentences.
      for (const box of boxes) {
        if (box.value === event.target.value) box.checked = event.target.checked;
      }
      show();
    });
    button.addEventListener("click", () =>
      copy([...picked().values()].join("\n"), (said) => {
        words.textContent = said;
      })
    );
    show(); // a browser may have kept the ticks
  }

  const list = document.querySelector("[data-list-text]");
  const copyList = document.querySelector("[data-list-copy]");
  if (list && copyList) {
    const status = document.querySelector("[data-list-status]");
    copyList.addEventListener("click", () =>
      copy(list.value.trim(), (said) => {
        status.textContent = said;
      })
    );
  }
})();
