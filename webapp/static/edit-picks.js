// Ids to pick in forms of entries. A field takes an id without it as well.
"use strict";

const caveatPicks = (form, make) => {
  // ---- Ids to pick: the combobox of ARIA 1.2 over the nearest ids, which the API knows ----

  const list = make("ul", "", { className: "pick-list", id: "pick-list", hidden: true, role: "listbox" });
  list.setAttribute("aria-label", "Entries");
  form.append(list); // in a landmark, and in no group that moves
  let box = null;
  let active = -1;
  let looking = null;

  const kindOf = (input) => input.dataset.pick ?? input.closest("[data-pick-all]")?.dataset.pickAll;

  function spare(input) {
    const rows = input.closest?.("[data-pick-all], .picks")?.querySelector("ul");
    if (!rows || !input.value || rows.lastElementChild !== input.closest("li")) return;
    const number = rows.children.length;
    const next = input.closest("li").cloneNode(true);
    const field = next.querySelector("input");
    next.querySelector(".problems")?.remove();
    field.name = field.name.replace(/\[\d+\]$/, `[${number}]`);
    field.id = field.id.replace(/\d+$/, number);
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, number + 1));
    ["aria-activedescendant", "aria-describedby", "aria-invalid", "value"].forEach((name) => field.removeAttribute(name));
    field.value = "";
    field.setAttribute("aria-expanded", "false");
    rows.append(next);
  }

  function close() {
    list.hidden = true;
    active = -1;
    looking?.abort();
    box?.setAttribute("aria-expanded", "false");
    box?.removeAttribute("aria-activedescendant");
  }

  function activate(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const item = list.children[active];
    if (!item) return box.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    return box.setAttribute("aria-activedescendant", item.id);
  }

  function choose(item) {
    const text = box.parentElement.querySelector(".picked-text");
    box.value = item.dataset.id;
    text?.remove();
    close();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  async function look(input) {
    const what = kindOf(input);
    const typedSoFar = input.value.trim();
    looking?.abort();
    looking = new AbortController();
    try {
      const address = new URL(form.dataset.picks.replace(/-$/, what), location.href);
      address.searchParams.set("q", typedSoFar);
      const { options } = await (await fetch(address, { signal: looking.signal })).json();
      if (document.activeElement !== input || input.value.trim() !== typedSoFar) return;
      const others = options.filter((option) => option.id !== typedSoFar);
      list.replaceChildren(...others.map((option, number) => {
        const item = make("li", "", { id: `pick-${number}`, role: "option" });
        item.dataset.id = option.id;
        item.setAttribute("aria-selected", "false");
        item.append(make("code", option.id), make("span", option.text));
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => choose(item));
        return item;
      }));
      active = -1;
      list.hidden = others.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      const at = input.getBoundingClientRect();
      Object.assign(list.style, {
        top: `${at.bottom + scrollY + 3}px`,
        left: `${Math.max(0, Math.min(at.left, innerWidth - 340)) + scrollX}px`,
        width: `${Math.max(at.width, Math.min(320, innerWidth - 32))}px`,
      });
    } catch {
      // Typed on, or no answer: the field takes an id all the same.
    }
  }

  form.addEventListener("focusin", (event) => {
    const input = event.target;
    if (!input.matches("input") || !kindOf(input)) return;
    box = input;
    input.removeAttribute("list");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"], ["autocapitalize", "none"], ["spellcheck", "false"]]) input.setAttribute(name, value);
  });
  form.addEventListener("focusout", (event) => { if (event.target === box) close(); });
  form.addEventListener("input", (event) => { if (event.isTrusted && event.target === box && kindOf(box)) look(box); });
  form.addEventListener("keydown", (event) => {
    if (event.target !== box || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) {
      look(box);
      event.preventDefault();
    } else if (step) {
      const places = list.children.length + 1;
      activate((active + 1 + step + places) % places - 1);
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    } else if (event.key === "Enter" && active >= 0) {
      choose(list.children[active]);
    }
  });

  return { spare };
};
