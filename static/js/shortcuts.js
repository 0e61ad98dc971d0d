// Keys of one letter: ? help, / filter, g and then a letter to go somewhere. Off by the reader's preference, never in a
// field, and never with Ctrl, Alt or ⌘, which belong to the browser (WCAG 2.1.4).

const SEQUENCE_MS = 1500;
const FIELDS = "input, textarea, select, [contenteditable]";
let leader = 0;

function goTo(letter) {
  const link = letter === "u" ? document.querySelector("#user-menu a") : findLink(letter);
  if (link) {
    location.assign(link.href);
  }
}

function findLink(letter) {
  return document.querySelector(`#side-bar a[data-letter="${CSS.escape(letter)}"]`);
}

function act(event) {
  if (Date.now() - leader < SEQUENCE_MS) {
    leader = 0;
    goTo(event.key.toLowerCase());
  } else if (event.key === "g") {
    leader = Date.now();
  } else if (event.key === "?") {
    document.getElementById("shortcuts")?.showModal();
  } else if (event.key === "/") {
    const filter = document.querySelector("main [data-filter], main input[type=search]");
    filter?.focus();
    return filter !== null;
  }
  return false;
}

export function start() {
  if (document.documentElement.dataset.shortcuts === "off") {
    return;
  }
  document.addEventListener("keydown", (event) => {
    const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!isOurs || event.target.closest(FIELDS) || document.querySelector("dialog[open]")) {
      return;
    }
    if (act(event)) {
      event.preventDefault();
    }
  });
}
