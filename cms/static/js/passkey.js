/* Starts allauth's passkey code from attributes of the form: no script stands in a page. */
(() => {
  "use strict";
  const said = document.querySelector("[data-passkey-said]");
  const say = (text) => {
    if (said) {
      said.textContent = text;
      said.hidden = false;
    }
  };
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!forms.length) return;
  if (!window.PublicKeyCredential || !window.allauth) {
    say(said ? said.dataset.unknown : "");
    return;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(said ? said.dataset.failed : "");
  });
  document.querySelectorAll("[data-passkey-part]").forEach((part) => {
    part.hidden = false;
  });
  forms.forEach((form) => {
    const button = form.querySelector("button[id]");
    const credential = form.querySelector("[name=credential]");
    const passwordless = form.querySelector("[name=passwordless]");
    button.addEventListener("click", () => {
      if (said) said.hidden = true;
    });
    window.allauth.webauthn.forms[form.dataset.passkey]({
      ids: {
        add: button.id,
        authenticate: button.id,
        login: button.id,
        credential: credential.id,
        data: "js_data",
        passwordless: passwordless ? passwordless.id : undefined,
      },
    });
  });
})();
