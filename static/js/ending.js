// The sums beside an amount while it is typed: how held money is divided. The server works out the same, and decides.

(() => {
  "use strict";

  // [data-sums] says how much is divided (data-whole, cents), the fee's rate (data-rate, ten-thousandths), and whether
  // the amount typed in it is what is paid or what goes back (data-typed="paid" or "back").
  function show(place) {
    const whole = Number(place.dataset.whole);
    const typed = cairnCents.read(place.querySelector("input[name=amount]").value);
    const fits = typed !== null && typed <= whole;
    const paid = place.dataset.typed === "paid" ? typed : whole - typed;
    const fee = Math.floor((paid * Number(place.dataset.rate) + 5000) / 10000); // half up, as the server rounds
    const sums = { paid, fee, net: paid - fee, back: whole - paid };
    for (const [name, cents] of Object.entries(sums)) {
      for (const sum of place.querySelectorAll(`[data-sum="${name}"]`)) {
        sum.textContent = fits ? cairnCents.write(cents) : "–";
      }
    }
  }

  document.addEventListener("input", (event) => {
    const place = event.target.name === "amount" && event.target.closest("[data-sums]");
    if (!place) return;
    show(place);
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
    for (const place of document.querySelectorAll("[data-sums]")) show(place);
  });
})();
