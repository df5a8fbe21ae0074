// Amounts in the browser, in whole cents: how one is read as people type it, and how it is written. Knows no page.

window.cairnCents = {
  read(text) {
    const match = /^\s*\$?\s?(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?\s*$/.exec(text);
    return match ? Number(match[1].replaceAll(",", "")) * 100 + Number((match[2] ?? "0").padEnd(2, "0")) : null;
  },

  write(cents) {
    return `$${Math.floor(cents / 100).toLocaleString("en-US")}.${String(cents % 100).padStart(2, "0")}`;
  },
};
