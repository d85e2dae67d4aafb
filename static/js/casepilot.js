// A question is sent without leaving the page, and its answer arrives as Server-Sent Events:
// "answer" with the whole card, perhaps "wording" with the card once more, then "done". Without
// this script the same forms lead to the conversation's page.
(() => {
  "use strict";

  const SLOW = 4000; // milliseconds until the page says that it takes long
  const SILENT = 45000; // milliseconds without a sign of life until it gives up
  const RETRIES = 2; // of a sending that did not arrive; the server answers each name only once

  const box = document.querySelector("form[data-ask]");
  const turns = document.querySelector("[data-turns]");
  if (!box || !turns || !window.ReadableStream) return;
  const field = box.elements.question;
  const state = box.querySelector("[data-ask-state]");
  const refused = box.querySelector("[data-refused]");
  const stop = box.querySelector("[data-ask-stop]");
  const button = box.querySelector("[data-ask-button]");
  let running = null;

  const say = (words) => {
    state.textContent = words;
  };

  const parse = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    return { turn: page.querySelector(".turn"), next: page.querySelector("template[data-next]") };
  };

  function place(html) {
    const { turn, next } = parse(html);
    const before = document.getElementById(turn.id);
    const fresh = document.adoptNode(turn);
    if (before) before.replaceWith(fresh);
    else turns.append(fresh);
    box.action = next.dataset.url;
    box.querySelector("[data-left]").replaceWith(document.adoptNode(next.content.firstElementChild));
    document.querySelector("[data-start]")?.remove();
    return fresh;
  }

  function show(event, data) {
    if (event === "answer") {
      const turn = place(data.html);
      turn.focus({ preventScroll: true });
      turn.scrollIntoView({ block: "start" });
      field.value = "";
      say("The answer is here.");
    } else if (event === "waiting") {
      say("The answer is here. It is being put into words…");
    } else if (event === "wording") {
      place(data.html);
      say("The answer has been put into words.");
    } else if (event === "done") {
      history.replaceState(null, "", data.url);
    }
  }

  // Reads events as they come; returns whether the stream came to its end.
  async function read(body, alive) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    let isDone = false;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return isDone;
      alive();
      text += value;
      const events = text.split("\n\n");
      text = events.pop();
      for (const each of events) {
        const name = /^event: (.*)$/m.exec(each)?.[1];
        const data = /^data: (.*)$/m.exec(each)?.[1];
        if (name && data) show(name, JSON.parse(data));
        isDone ||= name === "done";
      }
    }
  }

  async function send(values, url, signal, alive) {
    const response = await fetch(url, {
      method: "POST",
      body: values,
      signal,
      headers: { Accept: "text/event-stream" },
      redirect: "error",
    });
    alive();
    if (response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      return read(response.body, alive);
    }
    if (response.status === 503) throw new TypeError("away");
    if (response.status === 400 || (response.status === 429 && !response.headers.has("Retry-After"))) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      refused.replaceChildren(...page.body.childNodes);
      say("");
    } else if (response.status === 429) {
      say(`Too many questions at once. Try again in ${response.headers.get("Retry-After")} seconds.`);
    } else if (response.status === 403) {
      say("This page is too old. Reload it and ask again; what you typed stays in the box.");
    } else if (response.status === 404) {
      say("This conversation is no longer there. Begin a new one.");
    } else {
      say("The answer could not be made. Nothing was counted. Please try again.");
    }
    return true;
  }

  async function ask(values, url) {
    running?.abort();
    const sending = new AbortController();
    running = sending;
    values.set("once", newName());
    let silence = 0;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => sending.abort("silent"), SILENT);
    };
    const slow = setTimeout(() => say("Still looking. The connection may be slow…"), SLOW);
    refused.replaceChildren();
    button.disabled = true;
    stop.hidden = false;
    say("Looking it up…");
    alive();
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          if (await send(values, url, sending.signal, alive)) break;
          throw new TypeError("cut off");
        } catch (error) {
          if (sending.signal.aborted || !(error instanceof TypeError) || attempt === RETRIES) throw error;
          say("The connection was lost. Trying again…");
          await new Promise((resolve) => setTimeout(resolve, 700 * (attempt + 1)));
        }
      }
    } catch {
      if (running !== sending) return;
      if (sending.signal.reason === "silent") say("No answer came. Please try again.");
      else if (sending.signal.aborted) say("Stopped.");
      else say("The server cannot be reached. Your question is still in the box.");
    } finally {
      clearTimeout(slow);
      clearTimeout(silence);
      if (running === sending) {
        running = null;
        button.disabled = false;
        stop.hidden = true;
      }
    }
  }

  // A UUID for each sending, the same one when it is tried again; randomUUID() wants HTTPS.
  function newName() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function values(question) {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", box.elements.csrfmiddlewaretoken.value);
    data.set("question", question);
    return data;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-ask], form[data-ask-again]")) {
      const question = form === box ? field.value : event.submitter?.value;
      if (!question) return;
      event.preventDefault();
      if (form !== box) field.value = question;
      ask(values(question), box.action);
    } else if (form.matches("form[data-feedback]")) {
      event.preventDefault();
      vote(form, event.submitter);
    }
  });

  async function vote(form, submitter) {
    const data = new FormData(form, submitter);
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { "X-Fragment": "feedback" },
      });
      if (!response.ok) throw new Error("refused");
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = document.adoptNode(page.querySelector("form[data-feedback]"));
      form.replaceWith(fresh);
      fresh.querySelector(".feedback__thanks")?.focus();
    } catch {
      say("Your vote did not arrive. Please try again.");
    }
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-copy-answer]");
    if (!link || event.ctrlKey || event.metaKey || !navigator.clipboard) return;
    event.preventDefault();
    const label = link.querySelector("[data-label]");
    const before = label.textContent;
    try {
      const response = await fetch(link.href);
      if (!response.ok) throw new Error("refused");
      await navigator.clipboard.writeText(await response.text());
      label.textContent = "Copied";
      say("The answer has been copied with its sources.");
      setTimeout(() => {
        label.textContent = before;
      }, 2000);
    } catch {
      location.assign(link.href); // where copying is not allowed, the text can be read
    }
  });

  stop.addEventListener("click", () => running?.abort());

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!button.disabled) box.requestSubmit();
    }
  });

  // On paper there is nothing to open.
  window.addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll(".turn__topic")) each.open = true;
  });
})();
