// Keys, live filters, accepting and copying on the page of an audit. Nothing here is needed: buttons send the form.
"use strict";

(() => {
  const form = document.getElementById("audit-form");
  const keys = document.getElementById("keys");
  const single = document.getElementById("single-keys");
  const accept = document.getElementById("accept");
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  for (const element of all("[data-without-script]")) element.hidden = true;
  for (const element of all(".key-line")) element.hidden = false;
  keys.querySelector(".keys-list").append(document.getElementById("audit-keys").content.cloneNode(true));

  // ---- From finding to finding ----

  const visible = () => all(".spot:not([hidden])").filter((spot) => !spot.closest("details.document:not([open])"));
  const focused = () => document.activeElement?.closest?.(".spot") ?? null;
  let last = null; // where the reader was, when the focus has gone elsewhere

  function go(step) {
    const spots = visible();
    const here = spots.indexOf(focused() ?? last);
    const next = spots[here < 0 ? (step > 0 ? 0 : spots.length - 1) : here + step];
    if (!next) return;
    last = next;
    const summary = next.querySelector("summary");
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "center" });
  }

  function open(spot, focus = true) {
    if (!spot) return;
    spot.open = true;
    last = spot;
    if (focus) spot.querySelector("summary").focus({ preventScroll: true });
    spot.scrollIntoView({ block: "nearest" });
  }

  const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    const spot = focused();
    const arrow = spot && { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const step = arrow || (single.checked && { j: 1, k: -1 }[event.key]);
    if (step) {
      event.preventDefault();
      go(step);
    } else if (event.key === "Escape" && spot?.open) {
      event.preventDefault();
      spot.open = false;
      spot.querySelector("summary").focus();
    } else if (event.key === "a" && single.checked && spot?.open) {
      const button = spot.querySelector(".finding-card:not([hidden]) .decide button");
      if (button) {
        event.preventDefault();
        ask(button);
      }
    }
  });

  document.addEventListener("click", (event) => {
    const number = event.target.closest(".words a.n, mark[data-n]");
    if (!number || document.getSelection()?.toString()) return;
    event.preventDefault();
    open(spotOf(number));
  });

  function spotOf(element) {
    if (element.hash) return document.getElementById(element.hash.slice(1));
    const card = document.getElementById(`f${element.dataset.n.split(" ")[0]}`);
    return card?.closest(".spot");
  }

  function follow() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (!target) return;
    const document_ = target.closest("details.document");
    if (document_) document_.open = true;
    const spot = target.closest(".spot");
    if (spot) open(spot, false);
    target.scrollIntoView({ block: "nearest" });
  }
  addEventListener("hashchange", follow);
  follow();

  // ---- Filters ----

  const filters = all("[data-filter]");
  const status = document.getElementById("filtered");

  function filter() {
    const chosen = Object.fromEntries(filters.map((select) => [select.dataset.filter, select.value]));
    const shown = new Set();
    const cards = all(".finding-card");
    for (const card of cards) {
      card.hidden = Object.entries(chosen).some(([field, value]) => value && card.dataset[field] !== value);
      if (!card.hidden) shown.add(card.dataset.n);
    }
    for (const spot of all(".spot")) spot.hidden = !spot.querySelector(".finding-card:not([hidden])");
    for (const mark of all("mark[data-n]")) {
      mark.classList.toggle("off", !mark.dataset.n.split(" ").some((number) => shown.has(number)));
    }
    status.textContent = `${shown.size} of ${cards.length} ${cards.length === 1 ? "finding" : "findings"} shown`;
  }
  for (const select of filters) select.addEventListener("change", filter);
  if (filters.some((select) => select.value)) filter();

  // ---- Copying a disclosure ----

  const said = document.createElement("p");
  said.className = "said";
  said.setAttribute("role", "status");
  said.hidden = true;
  document.querySelector(".audit").append(said);

  function say(text) {
    said.textContent = text;
    said.hidden = false;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { said.hidden = true; }, 3000);
  }

  document.addEventListener("toggle", (event) => {
    // Buttons are made when a finding is opened: hundreds of findings need not have theirs.
    for (const paste of all(".paste:not(:has(button))", event.target)) addCopy(paste);
  }, true);
  for (const paste of all(".document > .finding-card .paste")) addCopy(paste);

  function addCopy(paste) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small copy-text";
    button.textContent = "Copy this text";
    paste.append(button);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy-text");
    if (!button) return;
    const quote = button.parentElement.querySelector("blockquote");
    try {
      await navigator.clipboard.writeText(quote.textContent);
      say("Copied.");
    } catch {
      document.getSelection().selectAllChildren(quote);
      say("Selected: copy it with the keyboard.");
    }
  });

  // ---- Accepting with a reason ----

  let asked = null;

  function ask(button) {
    asked = button;
    document.getElementById("accept-message").textContent =
      button.closest(".finding-card").querySelector(".finding-head + p").textContent;
    document.getElementById("accept-reason").value = "";
    accept.returnValue = "";
    accept.showModal();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=decide], button[name=undo]");
    if (!button) return;
    event.preventDefault();
    if (button.name === "decide") ask(button);
    else takeBack(button.value);
  });

  accept.addEventListener("close", () => {
    const reason = document.getElementById("accept-reason").value.trim().replace(/\s+/g, " ");
    if (accept.returnValue === "accept" && reason) decide(asked.value, reason);
    else asked?.focus();
  });

  const cardOf = (place) => all(".finding-card").find((card) => card.dataset.place === place);

  function decide(place, reason) {
    const [fingerprint, ...path] = place.split(" ");
    const card = cardOf(place);
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "decision";
    field.value = JSON.stringify({ path: path.join(" "), fingerprint, reason });
    field.dataset.place = place;
    form.append(field);

    const line = document.createElement("p");
    const bold = document.createElement("b");
    line.className = "accepted-by";
    bold.textContent = "Accepted:";
    line.append(bold, ` ${reason}`);
    card.querySelector(".decide").hidden = true;
    card.append(line);
    paint(card, true);

    const item = document.createElement("li");
    const words = document.createElement("span");
    const link = document.createElement("a");
    const why = document.createElement("span");
    const back = document.createElement("button");
    item.dataset.place = place;
    link.href = `#${card.id}`;
    link.textContent = `#${card.dataset.n}`;
    why.className = "meta";
    why.textContent = reason;
    words.append(link, ` ${card.querySelector(".finding-head + p").textContent} `, why);
    back.type = "submit";
    back.name = "undo";
    back.value = place;
    back.className = "small";
    back.textContent = "Take back";
    item.append(words, " ", back);
    document.getElementById("decisions").append(item);
    listed();
    say(`Accepted #${card.dataset.n}.`);
    (card.closest(".spot")?.querySelector("summary") ?? link).focus();
  }

  function takeBack(place) {
    for (const field of all("input[name=decision]", form)) {
      const decision = JSON.parse(field.value);
      if (`${decision.fingerprint} ${decision.path}` === place) field.remove();
    }
    for (const item of all("#decisions > li")) if (item.dataset.place === place) item.remove();
    const card = cardOf(place);
    if (card) {
      card.querySelector(".accepted-by")?.remove();
      const button = card.querySelector(".decide");
      if (button) button.hidden = false;
      else card.append(newDecide(card));
      paint(card, false);
    }
    listed();
    say("Taken back.");
  }

  function newDecide(card) {
    const line = document.createElement("p");
    const button = document.createElement("button");
    line.className = "decide";
    button.type = "submit";
    button.name = "decide";
    button.value = card.dataset.place;
    button.className = "small";
    button.textContent = `Accept #${card.dataset.n}…`;
    line.append(button);
    return line;
  }

  const LEVELS = ["error", "warning", "note"];

  function paint(card, accepted) {
    const tone = (element, name) => {
      element.classList.remove(...LEVELS, "accepted");
      element.classList.add(name);
    };
    tone(card, accepted ? "accepted" : card.dataset.level);
    const spot = card.closest(".spot");
    if (!spot) return;
    const left = all(".finding-card:not(.accepted)", spot).map((one) => one.dataset.level);
    const gravest = LEVELS.find((level) => left.includes(level)) ?? "accepted";
    tone(spot, gravest);
    tone(spot.querySelector("summary .n"), gravest);
    const number = document.querySelector(`.words a.n[href="#${spot.id}"]`);
    if (number) {
      tone(number, gravest);
      number.setAttribute("aria-label", `${number.textContent}, ${gravest}`);
    }
    const numbers = new Set(all(".finding-card", spot).map((one) => one.dataset.n));
    for (const mark of all("mark[data-n]", spot.closest(".row"))) {
      if (mark.dataset.n.split(" ").every((one) => numbers.has(one))) tone(mark, gravest);
    }
  }

  function listed() {
    const some = document.getElementById("decisions").children.length > 0;
    document.getElementById("none-accepted").hidden = some;
    document.getElementById("accepted-files").hidden = !some;
  }
})();
