// Saves each field as it is typed. Without it, the form's own button saves everything.
// A box with data-named sends its inputs under their own names: ticked boxes, rows of people.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const wait = 900;

  const words = (text) => text.split(/\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;

  // What an input holds, and what it held in the page as it was served: somebody quick has
  // typed before this script was there. The browser rewrites addresses, dates and numbers: the same
  // is done to what was served.
  const written = (each) => each;
  const served = (each) => {
    if (each.type === "checkbox") return { value: each.value, checked: each.defaultChecked };
    if (each.type === "select-one") {
      return [...each.options].find((option) => option.defaultSelected) ?? each.options[0] ?? each;
    }
    if (each.type === "textarea") return { value: each.defaultValue };
    const fresh = document.createElement("input");
    fresh.type = each.type;
    fresh.value = each.defaultValue;
    return { value: fresh.value };
  };

  form.querySelectorAll("[data-save]").forEach((box) => {
    const address = box.dataset.save;
    const typed = "textarea, select, input:not([type=hidden], [type=file])";
    // In the order of the page, with what the page holds already: the identifier of a file.
    const inputs = [...box.querySelectorAll(`${typed}, input[data-kept]`)];
    const input = inputs[0];
    const version = box.querySelector("input[type=hidden]:not([data-kept])");
    const said = box.querySelector("[data-said]");
    const counter = box.querySelector("[data-words]");
    const isNamed = "named" in box.dataset;
    if (!input) return;
    const count = () => {
      if (counter) counter.textContent = `${words(input.value)} / ${counter.dataset.words}`;
    };
    count();
    input.addEventListener("input", count);
    if (!address) return;

    const sent = (read = written) => {
      if (!isNamed) return [["value", read(input).value]];
      return inputs
        .filter((each) => each.name && (each.type !== "checkbox" || read(each).checked))
        .map((each) => [each.name, read(each).value]);
    };
    const now = () => JSON.stringify(sent());

    let timer = 0;
    let last = JSON.stringify(sent(served));
    let busy = false;

    const choose = (found) => {
      said.textContent = `${found.message} « ${found.theirs ?? ""} » `;
      if (!form.dataset.mine) return;
      const mine = document.createElement("button");
      const theirs = document.createElement("button");
      for (const [button, label] of [[mine, form.dataset.mine], [theirs, form.dataset.theirs]]) {
        button.type = "button";
        button.className = "button quiet";
        button.textContent = label;
        said.append(button, " ");
      }
      mine.addEventListener("click", save);
      theirs.addEventListener("click", () => {
        if (typeof found.raw === "string" && inputs.length === 1) {
          input.value = found.raw;
          last = now();
          said.textContent = "";
          input.focus();
        } else {
          // What is saved, as the page has it.
          location.reload();
        }
      });
    };

    const save = async () => {
      if (now() === last) return;
      if (busy) {
        later();
        return;
      }
      busy = true;
      const value = now();
      const body = new URLSearchParams([...sent(), ["version", version.value]]);
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
          const found = await answer.json().catch(() => null);
          if (found && "version" in found) {
            version.value = found.version;
            choose(found);
          } else {
            said.textContent = found?.message ?? form.dataset.notSaved;
          }
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
    for (const each of inputs) {
      each.addEventListener("input", later);
      each.addEventListener("change", save);
    }
    if (now() !== last) later();
    // A file goes with the form's own button.
    for (const each of box.querySelectorAll("input[type=file]")) {
      const say = () => { said.textContent = each.files.length ? form.dataset.file : ""; };
      each.addEventListener("change", say);
      if (each.files.length) say();
    }
  });
})();
