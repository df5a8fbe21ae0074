// Messages of a contract: shows where the new ones begin, and empties the form once what was in it was sent. Whatever
// is typed meanwhile stays. Knows no address and compares no messages.

(() => {
  "use strict";

  const form = () => document.getElementById("message-form");
  let sent = "";

  document.addEventListener("DOMContentLoaded", () => {
    const line = document.getElementById("new-since");
    const view = line?.closest(".posts-view");
    if (!view) return;
    const above = line.getBoundingClientRect().top - view.getBoundingClientRect().top;
    if (above < 0) view.scrollTop += above;
  });

  // What is sent is what stood there when Send was pressed, though the request may have to wait for another one.
  document.addEventListener("submit", (event) => {
    if (event.target === form()) sent = form().elements.text.value;
  }, true);

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt === form()) event.detail.parameters.text = sent;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form() || event.detail.xhr.status !== 200) return; // a refusal is swapped in as well
    const { text, files } = form().elements;
    text.value = text.value.startsWith(sent) ? text.value.slice(sent.length).trimStart() : text.value;
    files.value = "";
    files.closest("details").open = false;
    document.querySelector(".posts-view").scrollTop = 0; // the bottom: the view begins there
  });
})();
