// On the page of a change request: what the ticked lines come to follows each tick, so the button that asks for it goes.
// All lines are ticked or unticked at once. Compares no values: the server says what would change.

(() => {
  "use strict";

  for (const button of document.querySelectorAll("#choose [data-no-script]")) button.hidden = true;
  for (const row of document.querySelectorAll("#choose [data-script]")) row.hidden = false;

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("#choose [data-tick]");
    if (!button) return;
    const form = button.form;
    for (const box of form.querySelectorAll("input[name=line]")) box.checked = button.dataset.tick === "all";
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
