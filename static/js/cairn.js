// What every page needs of the browser: windows that open and close, menus that close, focus on what is wrong, and a
// line when an answer cannot be shown. Knows nothing of milestones; compares no values.

(() => {
  "use strict";

  // A dialog that htmx put into #window opens as a modal window.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "window") return;
    const dialog = event.detail.target.querySelector("dialog");
    if (!dialog || dialog.open) return;
    const opener = document.activeElement.id; // by name: what opened the window may be fresh when it closes
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (document.activeElement === document.body) document.getElementById(opener)?.focus();
    });
    dialog.showModal();
    focusFirstInvalid(dialog);
  });

  // A [data-close] button asks the window to close, as Escape does: a listener for "cancel" may refuse.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close]");
    if (button) askToClose(button.closest("dialog"));
  });

  function askToClose(dialog) {
    if (!dialog) return;
    const agreed = dialog.dispatchEvent(new Event("cancel", { cancelable: true }));
    if (agreed) dialog.close();
  }

  // A form that asks ([data-ask], with its question in a dialog of its own) is not closed over what was typed into it.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-ask]");
    if (form) form.dataset.typed = "";
  });
  const questionIn = (dialog) => dialog.querySelector(":scope > form[data-typed] > dialog");
  document.addEventListener("cancel", (event) => {
    const question = questionIn(event.target);
    if (!question) return;
    event.preventDefault();
    if (!question.open) question.showModal();
  }, true); // it does not bubble
  document.addEventListener("keydown", (event) => {
    const dialog = event.key === "Escape" && event.target.closest?.("#window > dialog");
    const question = dialog && questionIn(dialog);
    if (!question || question.open) return;
    event.preventDefault(); // else a second Escape would close it unasked
    askToClose(dialog);
  });
  document.addEventListener("click", (event) => {
    const answer = event.target.closest("form[data-ask] [data-leave]");
    if (!answer) return;
    const question = answer.closest("dialog");
    question.close();
    if (answer.dataset.leave === "discard") question.parentElement.closest("dialog").close();
  });

  // The server closes the window of the form that was sent: HX-Trigger: close-window.
  document.addEventListener("close-window", (event) => {
    const dialog = event.target.closest?.("dialog") ?? document.querySelector("#window dialog");
    dialog?.close();
  });

  // Refused: the first field with a message is where the user goes on.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.xhr?.status === 422) focusFirstInvalid(event.target);
  });
  document.addEventListener("DOMContentLoaded", () => focusFirstInvalid(document.getElementById("main")));

  function focusFirstInvalid(place) {
    const field = place?.querySelector('[aria-invalid="true"]:not([type="hidden"])');
    field?.focus();
  }

  // Signing up: the browser's own time zone, as a first guess that the settings can change.
  document.addEventListener("DOMContentLoaded", () => {
    for (const field of document.querySelectorAll("input[data-time-zone]")) {
      field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    }
  });

  // An open menu closes on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A refusal or a lost connection is said, in the window if one is open.
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) return; // htmx follows HX-Redirect to the sign-in page
    const busy = event.detail.xhr.getResponseHeader("Cairn-Trouble") === "stopped" ? "trouble-stopped" : "trouble-busy";
    say({ 403: "trouble-refused", 404: "trouble-gone", 503: busy }[status] ?? "trouble-answer");
  });
  document.addEventListener("htmx:sendError", () => say("trouble-network"));
  document.addEventListener("htmx:timeout", () => say("trouble-network"));

  function say(name) {
    const line = document.getElementById(name).content.cloneNode(true);
    const open = document.querySelector("#window dialog[open] [role=status]");
    (open ?? document.getElementById("status")).replaceChildren(line);
  }
})();
