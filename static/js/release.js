// The sums beside a release while it is chosen or typed. The server works out the same, and decides.

(() => {
  "use strict";

  // [data-release] says what is held for the milestone (data-own) and in all (data-held), in cents, and the fee's rate
  // (data-rate, ten-thousandths); a pick says its amount (data-amount).
  const chosen = (form) => form.querySelector("input[name=pick]:checked");

  function show(form) {
    const own = Number(form.dataset.own);
    const typed = cairnCents.read(chosen(form)?.dataset.amount ?? form.elements.amount.value);
    const released = Math.min(typed, own);
    const fee = Math.floor((released * Number(form.dataset.rate) + 5000) / 10000); // half up, as the server rounds
    const bonus = typed - released;
    const sums = { net: released - fee, fee, stays: Number(form.dataset.held) - released, bonus };
    for (const [name, cents] of Object.entries(sums)) {
      for (const sum of form.querySelectorAll(`[data-sum="${name}"]`)) {
        sum.textContent = typed ? cairnCents.write(cents) : "–";
      }
    }
    const beyond = form.querySelector("[data-excess]");
    beyond.hidden = bonus <= 0;
    const link = beyond.querySelector("a");
    link.search = bonus > 0 ? `?amount=${Math.floor(bonus / 100)}.${String(bonus % 100).padStart(2, "0")}` : "";
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-release]");
    if (!form) return;
    if (event.target.name === "amount") form.querySelector("#pick-other").checked = true;
    if (event.target.name === "pick") form.elements.amount.value = event.target.dataset.amount ?? "";
    show(form);
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
    for (const form of document.querySelectorAll("[data-release]")) show(form);
  });
})();
