// What somebody typed into forms and did not save: kept in this browser under their account, gone when they sign out.
"use strict";

const caveatDrafts = (() => {
  const DRAFTS = "caveat-draft:";
  const LEAVING = "caveat-leaving";
  const SIGNED_OUT = "caveat-signed-out";
  const MONTH = 30 * 24 * 3600 * 1000;
  const opened = Date.now();
  const kept = { // nothing may be stored: then nothing is kept, and the forms work all the same
    read(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    write(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch { return false; } },
    drop(name) { try { localStorage.removeItem(name); } catch { /* as above */ } },
    names() { try { return Object.keys(localStorage); } catch { return []; } },
  };

  for (const name of kept.names()) {
    if (name.startsWith(DRAFTS) && Date.now() - (kept.read(name)?.at ?? 0) > MONTH) kept.drop(name);
  }

  document.querySelectorAll("form[data-signs-out]").forEach((form) => form.addEventListener("submit", () => {
    const own = `${DRAFTS}${form.dataset.signsOut}:`;
    kept.write(SIGNED_OUT, Date.now()); // or a form in another tab would keep its draft once more when it closes
    kept.names().filter((name) => name.startsWith(own) || name === LEAVING).forEach((name) => kept.drop(name));
  }));

  // The draft of one form of one account. Names of accounts have no colon.
  return (account, key) => {
    const place = `${DRAFTS}${account}:${key}`;
    return {
      read: () => kept.read(place),
      write: (draft) => (kept.read(SIGNED_OUT) ?? 0) < opened && kept.write(place, { at: Date.now(), ...draft }),
      drop: () => kept.drop(place),
      leave: () => kept.write(LEAVING, place), // a new entry is saved under another address than it was typed at
      arrive() {
        const left = kept.read(LEAVING);
        if (left?.startsWith(`${DRAFTS}${account}:`)) kept.drop(left);
        kept.drop(LEAVING);
        kept.drop(place);
      },
    };
  };
})();
