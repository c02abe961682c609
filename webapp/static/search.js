// Completion while typing, and a few keys. Nothing here is needed: every page works without it.
"use strict";

(() => {
  const box = document.getElementById("q");
  const keys = document.getElementById("keys");
  const titles = () => [...document.querySelectorAll("[data-result]")];

  // ---- Completion: the combobox of ARIA 1.2, a list that never takes the focus ----

  const QUIET = 130; // milliseconds without typing before anything is asked
  const LONGEST = 100; // characters; whoever pastes a sentence is not still typing a word

  function complete(input) {
    const form = input.form;
    const list = document.createElement("ul");
    const said = document.createElement("p");
    let options = [];
    let active = -1;
    let timer = 0;
    let asking = null;

    list.id = "completions";
    list.className = "completions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    said.className = "unseen";
    said.setAttribute("role", "status");
    input.after(list, said);
    for (const [name, value] of [
      ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"],
    ]) input.setAttribute(name, value);

    const isOpen = () => !list.hidden;

    function close() {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      said.textContent = "";
    }

    function show(found) {
      options = found;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(...options.map(row));
      list.hidden = options.length === 0;
      input.setAttribute("aria-expanded", String(isOpen()));
      said.textContent = isOpen() ? `${options.length} ${options.length === 1 ? "suggestion" : "suggestions"}` : "";
    }

    function row(option, index) {
      const item = document.createElement("li");
      const text = document.createElement("span");
      const kind = document.createElement("span");
      item.id = `completion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.className = `c-${option.kind}`;
      text.textContent = option.text;
      kind.className = "completion-kind";
      kind.textContent = { theme: "theme", claim: "claim" }[option.kind] ?? "";
      item.append(text, " ", kind);
      item.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
      item.addEventListener("click", () => choose(option));
      return item;
    }

    function activate(index) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = index;
      const item = list.children[active];
      if (!item) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      item.setAttribute("aria-selected", "true");
      item.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", item.id);
    }

    function choose(option) {
      close();
      const home = new URL(form.action);
      if (option.kind === "claim") {
        location.assign(new URL(`claims/${encodeURIComponent(option.id)}`, home));
      } else if (option.kind === "theme") {
        home.searchParams.set("theme", option.id);
        location.assign(home);
      } else {
        input.value = option.text;
        form.requestSubmit();
      }
    }

    async function ask() {
      const text = input.value;
      asking?.abort();
      asking = new AbortController();
      try {
        const address = new URL(input.dataset.complete, location.href);
        address.searchParams.set("q", text);
        const response = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
        const body = response.ok ? await response.json() : {};
        if (input.value === text && document.activeElement === input) show(body.completions ?? []);
      } catch {
        // Typed on, or no answer: the box works without suggestions.
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      const length = input.value.trim().length;
      if (length < 2 || length > LONGEST) close();
      else timer = setTimeout(ask, QUIET);
    });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const down = event.key === "ArrowDown";
      if (event.altKey) {
        if (down && !isOpen()) ask();
        if (event.key === "ArrowUp") close();
      } else if (down || event.key === "ArrowUp") {
        if (isOpen()) {
          const places = options.length + 1; // the options, and the box itself
          activate((active + 1 + (down ? 1 : -1) + places) % places - 1);
        } else if (down && titles().length) {
          close();
          titles()[0].focus();
        } else {
          return;
        }
        event.preventDefault();
      } else if (event.key === "Escape" && isOpen()) {
        event.preventDefault(); // or the browser would empty the box as well
        close();
      } else if (event.key === "Enter" && isOpen() && active >= 0) {
        event.preventDefault();
        choose(options[active]);
      }
    });
  }

  complete(box);

  // ---- From result to result ----

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = titles();
    const here = all.indexOf(document.activeElement);
    if (!step || here < 0) return;
    const next = all[here + step] ?? (step < 0 ? box : null);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  // ---- Single keys, which can be switched off, and the dialog that lists them ----

  const STORED = "caveat-single-keys";
  const single = document.getElementById("single-keys");
  let switchedOn = true;
  try {
    switchedOn = localStorage.getItem(STORED) !== "off";
  } catch {
    // Nothing may be stored: the keys are on.
  }
  single.checked = switchedOn;
  single.addEventListener("change", () => {
    switchedOn = single.checked;
    try {
      localStorage.setItem(STORED, switchedOn ? "on" : "off");
    } catch {
      // It holds until the page is left.
    }
  });

  const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  document.addEventListener("keydown", (event) => {
    if (!switchedOn || keys.open || event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "?") {
      event.preventDefault();
      keys.showModal();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) {
      event.preventDefault();
      keys.showModal();
    } else if (event.target === keys) {
      keys.close(); // beside the dialog
    }
  });
})();
