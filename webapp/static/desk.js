// Keys of the desk: j and k go from row to row, Enter opens the row. Without this script every row is a link.
"use strict";

const list = document.querySelector("[data-rows]");

if (list) {
  const rows = [...list.children];
  let here = -1;

  const hint = document.querySelector(".key-hint");
  if (hint) hint.hidden = false;

  const go = (to) => {
    if (to < 0 || to >= rows.length) return;
    if (here >= 0) rows[here].classList.remove("here");
    here = to;
    rows[here].classList.add("here");
    const target = rows[here].querySelector("a, button, summary");
    if (target) target.focus();
    rows[here].scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, select, textarea")) return;
    const single = document.getElementById("single-keys");
    if (single && !single.checked) return;
    if (event.key === "j") go(here + 1);
    else if (event.key === "k") go(here - 1);
    else return;
    event.preventDefault();
  });
}
