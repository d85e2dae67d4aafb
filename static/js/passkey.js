// Ties buttons marked with data-passkey to allauth's WebAuthn forms, and says what went wrong.
(() => {
  "use strict";

  const REASONS = {
    NotAllowedError: "No passkey was used: it was cancelled, or it took too long. Please try again.",
    InvalidStateError: "This passkey belongs to your account already.",
    SecurityError:
      "Passkeys do not work at this address. They need a host name: on this machine, localhost instead of 127.0.0.1.",
    NotSupportedError: "This device has no passkey of a kind that the site can use.",
  };
  const OTHER = "The passkey did not work. Please try again.";

  const say = (text) => {
    for (const place of document.querySelectorAll("[data-passkey-error]")) {
      place.textContent = text;
      place.hidden = !text;
    }
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(REASONS[event.detail.exception.name] || OTHER);
  });

  for (const button of document.querySelectorAll("[data-passkey]")) {
    const kind = button.dataset.passkey; // add, authenticate or login
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      say("This browser cannot use passkeys.");
      continue;
    }
    button.addEventListener("click", () => say(""));
    const { credential, options, passwordless } = button.dataset;
    window.allauth.webauthn.forms[`${kind}Form`]({
      ids: { [kind]: button.id, credential, data: options, passwordless },
    });
  }
})();
