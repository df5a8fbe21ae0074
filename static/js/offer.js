// The sums of an offer while its first milestone is typed: what is charged now, or what goes back. Nothing is rounded: an
// amount has whole cents. The server says the same figures, and charges its own.

(() => {
  "use strict";

  document.addEventListener("plan-counted", ({ target: form, detail: { first } }) => {
    const { read, write } = window.cairnCents;
    const sums = form.querySelector("#deposit");
    const [fee, held] = [sums.dataset.fee, sums.dataset.held].map(read);
    const charge = Math.max(0, first - held) + fee;
    const returned = charge ? 0 : held - first;
    say("amount", first);
    say("charge", charge);
    if (!held) return;
    say("returned", returned);
    sums.querySelector("[data-part=returned]").hidden = !returned;

    function say(name, cents) {
      const place = sums.querySelector(`[data-sum=${name}]`);
      if (place) place.textContent = first ? write(cents) : "–";
    }
  });
})();
