// Suggestions under the box of search, after the editable combobox of the ARIA Authoring Practices:
// a list, chosen by hand. The focus stays in the box; without this script it is a plain form.
(() => {
  const WAIT = 120;
  const SHORTEST = 2;

  document.querySelectorAll("[data-suggest]").forEach((root) => {
    const input = root.querySelector("input[type=search]");
    const list = root.querySelector("[role=listbox]");
    const said = root.querySelector("[data-said]");
    let options = [];
    let active = -1;
    let timer = 0;
    let latest = null;
    let shown = "";

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const isOpen = () => !list.hidden;

    const mark = (index) => {
      if (options[active]) options[active].setAttribute("aria-selected", "false");
      active = index;
      const option = options[active];
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    };

    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };

    const open = () => {
      if (!options.length) return;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };

    const node = (tag, text, role) => {
      const made = document.createElement(tag);
      if (text) made.textContent = text;
      if (role) made.setAttribute("role", role);
      return made;
    };

    const draw = (groups) => {
      mark(-1);
      options = [];
      list.replaceChildren(...groups.map((group, g) => {
        const box = node("div", "", "group");
        const name = node("span", group.label);
        name.id = `${list.id}-g${g}`;
        box.setAttribute("aria-labelledby", name.id);
        box.append(name, ...group.options.map((each) => {
          const option = node("div", "", "option");
          option.id = `${list.id}-o${options.length}`;
          option.dataset.url = each.url;
          option.setAttribute("aria-selected", "false");
          option.append(node("span", each.text));
          if (each.detail) option.append(node("small", each.detail));
          options.push(option);
          return option;
        }));
        return box;
      }));
    };

    const forget = () => {
      clearTimeout(timer);
      if (latest) latest.abort();
      latest = null;
    };

    const ask = async () => {
      const text = input.value.trim();
      const mine = new AbortController();
      latest = mine;
      const address = new URL(root.dataset.suggest, window.location);
      address.searchParams.set("q", text);
      try {
        const answer = await fetch(address, { signal: mine.signal });
        // Asked too often, or away: the box goes on as a plain form.
        const found = answer.ok ? await answer.json() : { groups: [], said: "" };
        if (mine.signal.aborted) return;
        shown = text;
        draw(found.groups);
        said.textContent = found.said;
        if (options.length && document.activeElement === input) open();
        else close();
      } catch {
        // Cancelled by the next letter, or no network.
      }
    };

    const typed = () => {
      forget();
      const text = input.value.trim();
      if (text.length < SHORTEST) {
        shown = "";
        draw([]);
        said.textContent = "";
        close();
        return;
      }
      timer = setTimeout(ask, WAIT);
    };

    const go = (option) => { window.location.assign(option.dataset.url); };

    const move = (step) => {
      const count = options.length;
      // Before the first and after the last stands the box itself.
      mark(((active + 1 + step + count + 1) % (count + 1)) - 1);
    };

    const keys = {
      ArrowDown(event) {
        if (!isOpen()) {
          if (input.value.trim() !== shown) { typed(); return; }
          open();
          if (event.altKey || !isOpen()) return;
        }
        move(1);
      },
      ArrowUp(event) {
        if (event.altKey) { close(); return; }
        if (!isOpen()) open();
        if (isOpen()) move(-1);
      },
      Enter(event) {
        if (!isOpen() || active < 0) { forget(); return false; }
        event.preventDefault();
        go(options[active]);
        return false;
      },
      Escape() {
        forget();
        if (isOpen()) close();
        else { input.value = ""; typed(); }
      },
      Home() { mark(-1); input.setSelectionRange(0, 0); },
      End() { mark(-1); input.setSelectionRange(input.value.length, input.value.length); },
    };

    input.addEventListener("input", typed);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const does = keys[event.key];
      if (does && does(event) !== false) event.preventDefault();
      else if (event.key === "ArrowLeft" || event.key === "ArrowRight") mark(-1);
    });
    input.addEventListener("blur", () => { forget(); close(); });
    input.addEventListener("click", () => { if (options.length && input.value.trim() === shown) open(); });
    // The focus stays in the box while a finger or a mouse is on the list.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
    window.addEventListener("pageshow", close);
  });
})();
