// Edits that were not saved, kept in this browser per user and contract (X3): a closed tab or an expired sign-in loses
// nothing. Stores the form's fields as they would be posted and knows nothing of what they mean.

window.cairnDraft = (form) => {
  "use strict";

  const key = `cairn.plan.${form.dataset.draft}`;
  let timer = 0;

  const fields = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "page");

  function read() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null; // unreadable, or storage is off: there is nothing to offer
    }
  }

  function write() {
    clearTimeout(timer);
    timer = 0;
    try {
      localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), fields: fields() }));
    } catch {
      // Storage is full or off. The edits stay in the form, and closing still asks first.
    }
  }

  return {
    read,
    keep() { clearTimeout(timer); timer = setTimeout(write, 250); },
    keepNow: write, // even when nothing is due: a save in another tab may have removed what was kept
    forget() {
      clearTimeout(timer);
      timer = 0;
      try { localStorage.removeItem(key); } catch { /* storage is off */ }
    },
  };
};
