// On the page of a change request: what the ticked lines come to follows each tick, so the button that asks for it goes.
// Compares no values: the server says what would change.

(() => {
  "use strict";

  for (const button of document.querySelectorAll("#choose [data-no-script]")) button.hidden = true;
})();
