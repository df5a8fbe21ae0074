// The order of the rows in the plan editor: by pointer (SortableJS), by keyboard on a handle, by the up and down buttons.
// The order of the rows in the form is the order of the plan; nothing is sent. Says what it did in the live region.

window.cairnOrder = (form) => {
  "use strict";

  const list = form.querySelector("#rows");
  const live = form.querySelector("#editor-live");
  let grabbed = null; // { row, next }: the row that the keyboard holds, and what it stood before

  const rows = () => [...list.children];
  const kept = () => rows().filter((row) => !row.matches(".is-deleted")); // those that have a number
  const titleOf = (row) => row.querySelector(".plan-title").textContent;
  const handleOf = (row) => row.querySelector(".plan-handle");

  function say(name, row) {
    const pinned = form.querySelectorAll(".plan-pinned > li").length;
    const words = { title: titleOf(row), place: pinned + kept().indexOf(row) + 1, count: pinned + kept().length };
    live.textContent = form.dataset[name].replace(/\{(\w+)\}/g, (_all, word) => words[word]);
  }

  function moved(row, said) {
    say(said, row);
    form.dispatchEvent(new Event("plan-edited"));
  }

  function put(row, before) {
    const focused = document.activeElement;
    list.insertBefore(row, before);
    if (row.contains(focused)) focused.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function step(row, direction) {
    const target = direction < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!target) return say("saidPlace", row);
    put(row, direction < 0 ? target : target.nextElementSibling);
    moved(row, "saidPlace");
  }

  function grab(row) {
    grabbed = { row, next: row.nextElementSibling };
    row.classList.add("is-grabbed");
    handleOf(row).setAttribute("aria-pressed", "true");
    say("saidGrabbed", row);
  }

  function release(said) {
    if (!grabbed) return;
    const { row, next } = grabbed;
    grabbed = null;
    row.classList.remove("is-grabbed");
    handleOf(row).removeAttribute("aria-pressed");
    if (said === "saidBack") put(row, next);
    moved(row, said);
  }

  const held = {
    ArrowUp: (row) => step(row, -1),
    ArrowDown: (row) => step(row, 1),
    Home: (row) => { put(row, list.firstElementChild); moved(row, "saidPlace"); },
    End: (row) => { put(row, null); moved(row, "saidPlace"); },
    Escape: () => release("saidBack"),
    " ": () => release("saidDropped"),
    Enter: () => release("saidDropped"),
  };

  list.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".plan-handle");
    if (!handle) return;
    const row = handle.closest("li");
    if (grabbed && held[event.key]) {
      held[event.key](row);
    } else if (!grabbed && (event.key === " " || event.key === "Enter")) {
      grab(row);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target.closest(".plan-handle")) event.preventDefault();
  });
  list.addEventListener("focusout", (event) => {
    if (grabbed && event.target === handleOf(grabbed.row) && event.relatedTarget) release("saidDropped");
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest(".icon-up, .icon-down");
    if (button) step(button.closest("li"), button.matches(".icon-up") ? -1 : 1);
  });

  // To animate a step, all rows are measured twice: a long list does without.
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches || list.children.length > 50;
  window.Sortable.create(list, {
    handle: ".plan-handle",
    animation: isStill ? 0 : 120,
    forceFallback: true,
    fallbackOnBody: false,
    scroll: form.querySelector(".window-body") ?? true,
    onEnd: ({ item, oldIndex, newIndex }) => oldIndex !== newIndex && moved(item, "saidPlace"),
  });

  return { isGrabbing: () => Boolean(grabbed), putBack: () => release("saidBack") };
};
