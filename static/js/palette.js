// The palette (Ctrl+K, ⌘K): what the server finds is a listbox of the field's (ARIA APG, combobox with list).

const RECENT = "clausum-recent";
const WAIT_MS = 120;
let dialog;
let field;
let list;
let note;
let pending = 0;
let asked = 0;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option?.id ?? "");
}

function move(by) {
  const all = options();
  choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function readRecent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function keepRecent(address) {
  const recent = [address, ...readRecent().filter((each) => each !== address)];
  localStorage.setItem(RECENT, JSON.stringify(recent.slice(0, 8)));
}

function open(option, inNewTab) {
  if (!option) {
    return;
  }
  keepRecent(option.dataset.href);
  if (inNewTab) {
    window.open(option.dataset.href, "_blank", "noopener");
  } else {
    location.assign(option.dataset.href);
  }
}

async function ask() {
  const turn = ++asked;
  const query = new URLSearchParams({ q: field.value });
  if (!field.value.trim()) {
    readRecent().forEach((address) => query.append("recent", address));
  }
  try {
    const answer = await fetch(`${dialog.dataset.entries}?${query}`, { redirect: "error" });
    const found = answer.ok ? await answer.text() : Promise.reject(new Error(answer.status));
    if (turn === asked) {
      list.innerHTML = await found;
      note.textContent = options().length ? "" : note.dataset.none;
      choose(options()[0]);
    }
  } catch {
    note.textContent = note.dataset.failed;
  }
}

function onKey(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    open(chosen(), event.ctrlKey || event.metaKey);
  }
}

function show() {
  if (!dialog.open) {
    field.value = "";
    dialog.showModal();
    ask();
  }
}

export function start() {
  dialog = document.getElementById("palette");
  if (!dialog) {
    return;
  }
  [field, list, note] = ["[role=combobox]", "[role=listbox]", "[role=status]"].map((each) => dialog.querySelector(each));
  document.querySelector("[data-opens=palette]").addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      show();
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show();
    }
  });
  field.addEventListener("keydown", onKey);
  field.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(ask, WAIT_MS);
  });
  list.addEventListener("click", (event) => open(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
}
