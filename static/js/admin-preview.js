/* The live preview of an authored text. The server renders; this sends the wording a moment after
   the last key and puts the answer into the frame. Without it the Preview button does the same. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const frame = document.querySelector("iframe[data-preview]");
  const wording = document.querySelector("textarea[name=markdown]");
  if (!frame || !wording) {
    return;
  }
  const form = wording.form;
  const status = document.querySelector("[data-preview-status]");
  const WAIT = 350; // milliseconds after the last key
  let timer = 0;
  let sending = null;

  function values() {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "markdown", "code", "kind"]) {
      if (form.elements[name]) {
        data.set(name, form.elements[name].value);
      }
    }
    return data;
  }

  function show(html) {
    const next = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    const now = frame.contentDocument?.querySelector("main");
    if (now && next) {
      now.replaceWith(frame.contentDocument.adoptNode(next));
    }
  }

  async function refresh() {
    sending?.abort();
    sending = new AbortController();
    const options = { method: "POST", body: values(), signal: sending.signal, redirect: "manual" };
    try {
      const response = await fetch(frame.dataset.preview, options);
      const understood = response.ok || response.status === 400;
      status.textContent = understood ? "" : "No preview: please sign in again.";
      if (understood) {
        show(await response.text());
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        status.textContent = "No preview: the server cannot be reached.";
      }
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  }

  document.querySelector("[data-preview-button]").hidden = true;
  form.addEventListener("input", later);
  window.django?.jQuery?.(form).on("change", later); // select2 tells only jQuery
  frame.addEventListener("load", refresh);
  if (frame.contentDocument?.querySelector("main")) {
    refresh();
  }
});
