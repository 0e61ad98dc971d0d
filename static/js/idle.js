// Warns two minutes before the session ends for idleness. Any page of ours, in any tab, counts as use.

const WARNING_SECONDS = 120;
const tabs = new BroadcastChannel("clausum-session");
let used = Date.now();

function show(dialog, seconds) {
  const minutes = Math.floor(seconds / 60);
  dialog.querySelector(".idle__left").textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  if (!dialog.open) {
    dialog.showModal();
  }
}

function check(dialog, idleSeconds) {
  const left = idleSeconds - Math.floor((Date.now() - used) / 1000);
  if (left <= 0) {
    location.reload(); // the server sends to the sign-in, and back here
  } else if (left <= Math.min(WARNING_SECONDS, idleSeconds / 2)) {
    show(dialog, left);
  } else if (dialog.open) {
    dialog.close(); // another tab was used
  }
}

async function stay(event, dialog) {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  if (!answer.ok) {
    location.reload();
    return;
  }
  used = Date.now();
  tabs.postMessage(used);
  dialog.close();
}

export function start() {
  const dialog = document.getElementById("idle");
  if (!dialog) {
    return;
  }
  tabs.postMessage(used);
  tabs.addEventListener("message", (event) => {
    used = Math.max(used, event.data);
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("submit", (event) => stay(event, dialog));
  setInterval(() => check(dialog, Number(dialog.dataset.idleSeconds)), 1000);
}
