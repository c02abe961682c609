// Forms of entries: drafts, live check, ids to pick, marking words, preview. Every form works without any of it.
"use strict";

(() => {
  const form = document.getElementById("edit-form");
  if (!form) return;
  const raw = "raw" in form.dataset;
  const state = document.getElementById("edit-state");
  const touched = new Set("typed" in form.dataset ? ["all"] : []);
  const make = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
  const filled = (also = []) => new URLSearchParams([...new FormData(form), ...also]);

  async function post(also, signal) {
    const response = await fetch(form.action, { method: "POST", body: filled(also), signal });
    if (!response.ok) throw new Error(String(response.status));
    return response;
  }

  // ---- The draft in this browser: kept while typing, offered again, gone once saved ----

  const kept = caveatDrafts(form.dataset.account, form.dataset.key);
  const { spare } = caveatPicks(form, make);
  const typed = () => [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  const atFirst = JSON.stringify(typed());
  const clock = (time) => new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

  function keep() {
    if (JSON.stringify(typed()) === atFirst && !touched.has("all")) kept.drop();
    else kept.write({ revision: form.dataset.revision, fields: typed() });
  }

  function takeBack(draft) {
    const again = make("form", "", { method: "post", action: form.action, hidden: true });
    const fields = [["csrf_token", form.elements.csrf_token.value], ["do", "check"], ...draft.fields];
    again.append(...fields.map(([name, value]) => {
      const field = make("textarea", "", { name });
      field.value = value;
      return field;
    }));
    document.body.append(again);
    again.submit();
  }

  function offer(draft) {
    const box = document.getElementById("draft-offer");
    const since = draft.revision === form.dataset.revision ? "" : " The entry was changed since; a save will show both versions.";
    const take = make("button", "Take it back", { type: "button" });
    const drop = make("button", "Throw it away", { type: "button", className: "quiet" });
    const buttons = make("p", "", { className: "buttons" });
    buttons.append(take, drop);
    take.addEventListener("click", () => takeBack(draft));
    drop.addEventListener("click", () => { kept.drop(); box.hidden = true; form.querySelector(".edit-bar button").focus(); });
    box.replaceChildren(make("p", `This browser has what you typed here on ${clock(draft.at)} and did not save.${since}`), buttons);
    box.hidden = false;
  }

  if ("saved" in form.dataset) {
    kept.arrive();
  } else if (touched.has("all")) {
    keep();
  } else {
    const draft = kept.read();
    if (draft && JSON.stringify(draft.fields) !== atFirst) offer(draft);
  }
  form.addEventListener("submit", (event) => {
    keep();
    if (event.submitter?.value === "save") kept.leave();
  });

  // ---- Live check: what is wrong, beside its field ----

  const QUIET = 700; // milliseconds without typing
  let timer = 0;
  let asking = null;

  function say(text) { if (state && state.textContent !== text) state.textContent = text; }

  function count(errors, others) {
    const many = (number, one, more) => `${number} ${number === 1 ? one : more}`;
    if (errors) return `${many(errors, "error stands", "errors stand")} in the way of a save`;
    return others ? `${many(others, "thing is", "things are")} worth a look` : "Nothing is wrong with it.";
  }

  function show(problems) {
    form.querySelectorAll(".problems").forEach((old) => old.remove());
    form.querySelectorAll("[aria-invalid]").forEach((old) => old.removeAttribute("aria-invalid"));
    const places = Map.groupBy ? Map.groupBy(problems, (found) => found.id) : grouped(problems);
    for (const [id, found] of places) {
      const at = document.getElementById(id);
      const part = at?.closest(".part");
      if (!at || !(touched.has("all") || touched.has(part?.id))) continue;
      const list = make("ul", "", { className: "problems", id: `${id}-p` });
      list.append(...found.map(line));
      (at.closest("li, .field, .row, .part") ?? at).append(list);
      const described = (at.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== list.id);
      at.setAttribute("aria-describedby", [...described, list.id].join(" "));
      if (found.some((one) => one.level === "error")) at.setAttribute("aria-invalid", "true");
    }
    const box = document.getElementById("problems");
    if (!box.hidden) {
      box.querySelector("h2").textContent = count(problems.filter((one) => one.level === "error").length, problems.length);
      box.querySelector("ul").replaceChildren(...problems.map((found) => {
        const item = line(found);
        if (found.id) item.querySelector("strong").after(" ", make("a", found.label, { href: `#${found.id}` }), ":");
        return item;
      }));
      box.hidden = problems.length === 0;
    }
  }

  function grouped(problems) {
    const found = new Map();
    for (const problem of problems) found.set(problem.id, [...(found.get(problem.id) ?? []), problem]);
    return found;
  }

  function line(found) {
    const item = make("li", "", { className: `p-${found.level}` });
    const level = found.level[0].toUpperCase() + found.level.slice(1);
    item.append(make("strong", `${level}:`), ` ${found.message}`);
    if (found.suggestion) item.append(" ", make("span", found.suggestion, { className: "suggested" }));
    return item;
  }

  async function check() {
    asking?.abort();
    asking = new AbortController();
    let answer;
    try {
      answer = await (await post([["do", "live"]], asking.signal)).json();
    } catch (error) {
      if (error.name !== "AbortError") say("The server does not answer. What you type is kept in this browser.");
      return;
    }
    const draft = kept.read() ? "Kept in this browser." : "";
    if (raw) {
      document.getElementById("raw-problems").innerHTML = answer.problems; // made and escaped by our own server
      say(`${answer.errors ? `${count(answer.errors)}.` : "Nothing stands in the way of a save."} ${draft}`.trim());
      return;
    }
    show(answer.problems);
    const like = document.getElementById("like");
    if (like && like.innerHTML.trim() !== answer.like.trim()) like.innerHTML = answer.like;
    const found = count(answer.errors, answer.problems.length);
    say(`${found}${found.endsWith(".") ? "" : "."} ${draft}`.trim());
    refresh();
  }

  form.addEventListener("input", (event) => {
    touched.add(event.target.closest(".part")?.id);
    spare(event.target);
    clearTimeout(timer);
    timer = setTimeout(() => { keep(); check(); }, QUIET);
  });
  addEventListener("pagehide", keep);

  // ---- Rows that are added, moved and removed; places and sentences: the server draws them, a part at a time ----

  const MOVES = /^(add|remove|up|down|find|take|mark|try|example):/;

  async function move(button, also = []) {
    const part = button.closest(".part") ?? document.getElementById(also.part);
    const parts = [part?.id, ...(/^example:/.test(button.value) ? [...form.querySelectorAll(".part[id$=examples]")].map((one) => one.id) : [])];
    try {
      const page = new DOMParser().parseFromString(await (await post([...also, ["do", button.value]])).text(), "text/html");
      let focus = null;
      for (const id of parts) {
        const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
        if (!old || !fresh) continue;
        touched.add(id);
        old.replaceWith(fresh);
        prepare(fresh);
        focus ??= fresh.querySelector("[autofocus]");
      }
      focus?.focus();
      keep();
      if (!/^(find|try):/.test(button.value)) check();
    } catch {
      form.requestSubmit(button.isConnected ? button : undefined);
    }
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    if (MOVES.test(button.value)) {
      event.preventDefault();
      move(button);
    } else if (button.value === "preview") {
      event.preventDefault();
      pane.hidden = false;
      refresh(true);
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input") && !event.isComposing) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button.save"));
    }
  });

  // ---- Preview ----

  const pane = document.getElementById("preview-pane");

  async function refresh(focus = false) {
    if (!pane || pane.hidden) return;
    const body = document.getElementById("preview-body");
    try {
      const page = new DOMParser().parseFromString(await (await post([["do", "preview"]])).text(), "text/html");
      body.replaceChildren(...page.querySelectorAll("main > .entry"));
      if (focus) { pane.tabIndex = -1; pane.focus(); }
    } catch {
      body.replaceChildren(make("p", "The server does not answer."));
    }
  }
  document.getElementById("preview-close")?.addEventListener("click", () => {
    pane.hidden = true;
    form.querySelector("[value=preview]").focus();
  });

  // ---- Marking words in an article: a text in which the keyboard selects as the mouse does, and that takes nothing ----
  // (`readonly` would take the caret away, and with it selecting by keyboard.)

  const marking = document.getElementById("marking");
  const text = document.getElementById("marking-text");
  const chosen = document.getElementById("marking-chosen");
  let marked = null;

  text?.addEventListener("beforeinput", (event) => event.preventDefault());
  text?.addEventListener("input", () => { text.value = marked.text; });

  function prepare(part) {
    part.querySelectorAll("[data-finder]").forEach((finder) => {
      const find = finder.querySelector("button[value^='find:']");
      if (!find) return;
      const open = make("button", "Mark the words in the text", { type: "button", className: "quiet" });
      open.addEventListener("click", () => start(finder));
      find.before(open, " ");
    });
  }

  async function start(finder) {
    const source = finder.querySelector(`[name="find:${finder.dataset.finder}:source"]`).value;
    const response = await fetch(form.dataset.text.replace("/-/", `/${encodeURIComponent(source)}/`));
    if (!response.ok) return;
    marked = { finder, source, text: (await response.json()).text };
    text.value = marked.text;
    chosen.textContent = "";
    marking.showModal();
    text.focus();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
  }

  const points = (end) => [...text.value.slice(0, end)].length; // code points, as selectors count
  document.addEventListener("selectionchange", () => {
    if (document.activeElement !== text) return;
    const words = text.value.slice(text.selectionStart, text.selectionEnd).trim();
    const end = words.length > 240 ? `… ${words.slice(-100)}` : "";
    chosen.textContent = words ? `“${end ? words.slice(0, 140) : words}${end}”` : "";
  });
  document.getElementById("marking-take")?.addEventListener("click", () => {
    const name = marked.finder.dataset.finder;
    if (text.selectionStart === text.selectionEnd) {
      chosen.textContent = "Select some words first.";
      text.focus();
      return;
    }
    marking.close();
    const also = [[`find:${name}:start`, points(text.selectionStart)], [`find:${name}:end`, points(text.selectionEnd)]];
    const button = make("button", "", { value: `mark:${name}` });
    button.hidden = true;
    marked.finder.append(button);
    move(button, also);
  });
  document.getElementById("marking-close")?.addEventListener("click", () => marking.close());

  // ---- Raw YAML: numbers beside the lines, and a way from a problem to its line ----

  if (raw) {
    const area = document.getElementById("text");
    const numbers = document.getElementById("line-numbers");
    const number = () => {
      const lines = area.value.split("\n").length;
      area.rows = Math.max(lines, 12);
      numbers.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
    };
    number();
    area.addEventListener("input", number);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-line]");
      if (!link) return;
      event.preventDefault();
      const lines = area.value.split("\n");
      const from = lines.slice(0, link.dataset.line - 1).join("\n").length + (link.dataset.line > 1 ? 1 : 0);
      area.focus();
      area.setSelectionRange(from, from + lines[link.dataset.line - 1].length);
    });
  }

  prepare(form);
  const first = form.querySelector("[autofocus]");
  first?.removeAttribute("autofocus"); // or the browser complains that the focus is taken
  first?.focus();
})();
