// Opens dialogs by their buttons in browsers that do not know `command` yet (HTML, the command attribute).

export function start() {
  if ("commandForElement" in HTMLButtonElement.prototype) {
    return;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[command=show-modal]");
    document.getElementById(button?.getAttribute("commandfor"))?.showModal();
  });
}
