// The rows of a plan in the browser: deleting and undoing, the live total; in Manage Milestones also Show Changes, the draft,
// and closing with unsaved edits. Compares no values: whether something changed, and what, the server says.

(() => {
  "use strict";

  const { read, write } = window.cairnCents;

  htmx.onLoad((content) => {
    const form = content.id === "editor" ? content : content.querySelector?.("#editor");
    if (form && !form.dataset.ready) start(form);
    if (content.matches?.("#rows > .is-open")) content.dispatchEvent(new Event("row-opened", { bubbles: true }));
  });

  // Of a form that keeps none, as that of an offer.
  const NO_DRAFT = { read: () => null, keep() {}, keepNow() {}, forget() {} };

  function start(form) {
    form.dataset.ready = "";
    const order = window.cairnOrder(form);
    const draft = form.dataset.draft ? window.cairnDraft(form) : NO_DRAFT;
    const dialog = form.closest("dialog");
    const list = form.querySelector("#rows");
    const state = { touched: "touched" in form.dataset };

    function edited() {
      state.touched = true;
      form.querySelector(".editor-said")?.replaceChildren(); // what was said of an earlier save is no longer so
      draft.keep();
      count(form);
    }

    for (const row of list.children) equip(form, row);

    form.addEventListener("plan-edited", edited);
    form.addEventListener("input", (event) => {
      const title = event.target.closest('[name^="title-"]');
      if (title) title.closest("li").querySelector(".plan-title").textContent = title.value.trim() || form.dataset.newTitle;
      edited();
    });

    list.addEventListener("click", (event) => {
      const bin = event.target.closest(".icon-trash, .icon-undo");
      if (bin) toggleDeleted(form, bin);
      const pencil = event.target.closest(".icon-pencil");
      if (pencil) open(form, pencil.closest("li"));
    });

    // A row that arrives with its fields is there to be typed in.
    list.addEventListener("row-opened", ({ target: row }) => {
      equip(form, row);
      row.querySelector('[name^="title-"]').focus();
      row.scrollIntoView({ block: "nearest" });
      if (row.matches(".is-new")) edited();
      else count(form);
    });

    showChanges(form);
    offerDraft(form, draft);
    confirmClosing(form, dialog, order, draft, state);
    // Saved, or nothing was left to save.
    for (const done of ["plan-saved", "draft-done"]) {
      form.addEventListener(done, () => { state.touched = false; draft.forget(); });
    }
    form.addEventListener("keep-draft", () => { if (state.touched) draft.keepNow(); });
    if (state.touched) draft.keep();
    count(form);
    comeBack(form, dialog);
  }

  // A form that took the place of another begins where there is something to know: the answer it brings, or the window.
  function comeBack(form, dialog) {
    const answer = form.querySelector("#conflict, .window-body > [role=alert], .editor-said > .notice");
    if (answer) answer.focus();
    else if (dialog?.open && !dialog.contains(document.activeElement)) form.querySelector("#editor-title").focus();
  }

  addEventListener("pagehide", () => document.getElementById("editor")?.dispatchEvent(new Event("keep-draft")));

  // A row's buttons, each named by its words and the row's title. One with fields needs no pencil.
  function equip(form, row) {
    const tools = form.querySelector("#row-tools").content.cloneNode(true);
    const title = row.querySelector(".plan-title");
    for (const button of tools.children) {
      button.setAttribute("aria-labelledby", button.dataset.name.replace("title", title.id));
      button.removeAttribute("data-name");
    }
    if (row.matches(".is-open")) tools.querySelector(".icon-pencil").remove();
    if (row.matches(".is-deleted")) nameBin(tools.querySelector(".icon-trash"), title, true);
    row.querySelector(".plan-tools").replaceChildren(tools);
  }

  function nameBin(button, title, deleted) {
    button.setAttribute("aria-labelledby", `w-${deleted ? "undo" : "delete"} ${title.id}`);
    button.classList.toggle("icon-trash", !deleted);
    button.classList.toggle("icon-undo", deleted);
  }

  function toggleDeleted(form, button) {
    const row = button.closest("li");
    const key = row.querySelector('[name="key"]').value;
    const deleted = row.classList.toggle("is-deleted");
    if (deleted) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: `delete-${key}`, value: "1" });
      row.prepend(field);
    } else {
      row.querySelector(`[name="delete-${key}"]`).remove();
    }
    const title = row.querySelector(".plan-title");
    nameBin(button, title, deleted);
    const said = deleted ? form.dataset.saidDeleted : form.dataset.saidKept;
    form.querySelector("#editor-live").textContent = said.replace("{title}", () => title.textContent);
    form.dispatchEvent(new Event("plan-edited"));
  }

  function open(form, row) {
    const place = row.querySelector('[name="key"]').value;
    const revision = form.querySelector('[name="revision"]').value;
    htmx.ajax("GET", `${form.dataset.rows ?? form.getAttribute("action")}${place}/?revision=${revision}`, { target: row, swap: "outerHTML", source: row });
  }

  // The sum of what stands in the rows, in whole cents; a row that cannot be read yet counts as it was, as in the diff.
  function count(form) {
    const rows = [...form.querySelectorAll("#plan .plan-row:not(.is-deleted)")];
    const amounts = rows.map(centsOf);
    const most = Number(form.dataset.most);
    form.querySelector("#plan-sum").textContent = write(amounts.reduce((sum, cents) => sum + cents, 0));
    const label = form.querySelector("#plan-count");
    label.textContent = label.dataset.text.replace("{count}", rows.length).replace("{most}", most);
    const full = rows.length >= most;
    form.querySelector("#add-row").disabled = full;
    form.querySelector("#plan-full").hidden = !full;
    form.dispatchEvent(new CustomEvent("plan-counted", { bubbles: true, detail: { first: amounts[0] } }));
  }

  function centsOf(row) {
    const typed = row.querySelector('[name^="amount-"]')?.value ?? "";
    return read(typed) ?? read(row.querySelector(".plan-amount").textContent) ?? 0;
  }

  // On: the server's diff of the rows as they stand, in place of the rows. Off: the rows, just as they were left.
  function showChanges(form) {
    const button = form.querySelector("#show-changes");
    const changes = form.querySelector("#changes");
    const body = form.querySelector(".window-body");
    let scroll = 0;
    if (!button) return;

    button.addEventListener("click", () => {
      if (button.getAttribute("aria-checked") === "true") {
        show(false);
        body.scrollTop = scroll;
      } else {
        scroll = body.scrollTop;
        button.dispatchEvent(new Event("show-changes"));
      }
    });
    button.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.elt === button && [200, 409].includes(event.detail.xhr.status)) show(true);
    });

    function show(on) {
      button.setAttribute("aria-checked", String(on));
      changes.hidden = !on;
      form.classList.toggle("is-showing-changes", on);
      if (on) body.scrollTop = 0;
    }
  }

  function offerDraft(form, draft) {
    const kept = draft.read();
    const offer = form.querySelector("#draft");
    const restore = form.querySelector("#draft-restore");
    if (!offer || !kept || "touched" in form.dataset) return;
    const rest = [form.querySelector("#plan"), form.querySelector("#show-changes"), form.querySelector(".request-note"), form.querySelector(".window-footer [type=submit]")].filter(Boolean);
    const time = form.querySelector("#draft-time");
    time.dateTime = kept.at;
    time.textContent = inWords(new Date(kept.at), form.dataset.timeZone);
    offer.hidden = false;
    for (const part of rest) part.inert = true;

    restore.addEventListener("htmx:configRequest", (event) => {
      const values = new FormData();
      for (const [name, value] of kept.fields) values.append(name, value);
      if (form.querySelector('[name="page"]')) values.append("page", "1");
      event.detail.parameters = values;
    });
    restore.addEventListener("click", () => restore.dispatchEvent(new Event("restore-draft")));
    form.querySelector("#draft-discard").addEventListener("click", () => {
      draft.forget();
      offer.hidden = true;
      for (const part of rest) part.inert = false;
      form.querySelector("#rows button, #add-row").focus();
    });
    restore.focus();
  }

  // A moment as the pages write it, in the time zone of the settings: 12 Mar 2027, 14:05.
  function inWords(moment, timeZone) {
    const format = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    return moment.toLocaleString("en-GB", { ...format, timeZone });
  }

  // The window asks before it closes over unsaved edits; Escape first puts back a row that is held.
  function confirmClosing(form, dialog, order, draft, state) {
    if (!dialog) return;
    const leave = form.querySelector("#leave");
    // Properties, not listeners: a refused save brings a new form into the same window.
    dialog.onkeydown = (event) => {
      if (event.key !== "Escape" || leave.open) return;
      event.preventDefault();
      if (order.isGrabbing()) order.putBack();
      else ask();
    };
    dialog.oncancel = (event) => {
      if (event.target !== dialog || !state.touched) return;
      event.preventDefault();
      if (!leave.open) leave.showModal();
    };
    leave.addEventListener("click", (event) => {
      const answer = event.target.closest("[data-leave]")?.dataset.leave;
      if (!answer) return;
      leave.close();
      if (answer === "stay") return;
      if (answer === "discard") draft.forget();
      else draft.keepNow();
      state.touched = false;
      dialog.close();
    });

    function ask() {
      if (dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
    }
  }
})();
