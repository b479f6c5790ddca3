// Saves each field as it is typed. Without it, the form's own button saves everything.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const wait = 900;

  const words = (text) => text.split(/\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;

  form.querySelectorAll("[data-save]").forEach((box) => {
    const address = box.dataset.save;
    const input = box.querySelector("textarea, select, input:not([type=hidden])");
    const version = box.querySelector("input[type=hidden]");
    const said = box.querySelector("[data-said]");
    const counter = box.querySelector("[data-words]");
    if (!input) return;
    const count = () => {
      if (counter) counter.textContent = `${words(input.value)} / ${counter.dataset.words}`;
    };
    count();
    input.addEventListener("input", count);
    if (!address) return;

    let timer = 0;
    let last = input.value;
    let busy = false;
    const save = async () => {
      if (input.value === last) return;
      if (busy) {
        later();
        return;
      }
      busy = true;
      const value = input.value;
      const body = new URLSearchParams({ value, version: version.value });
      try {
        const answer = await fetch(address, {
          method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual",
        });
        if (answer.status === 200) {
          const kept = await answer.json();
          version.value = kept.version;
          said.textContent = kept.message;
          last = value;
        } else if (answer.status === 409) {
          const found = await answer.json();
          said.textContent = `${found.message} « ${found.theirs ?? ""} »`;
          version.value = found.version;
        } else {
          said.textContent = form.dataset.notSaved;
        }
      } catch {
        said.textContent = form.dataset.notSaved;
      } finally {
        busy = false;
      }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(save, wait); };
    input.addEventListener("input", later);
    input.addEventListener("change", save);
  });
})();
