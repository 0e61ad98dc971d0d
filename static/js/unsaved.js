// Asks before a form with changes is left: `data-guards-changes` on the form.
export function start() {
  for (const form of document.querySelectorAll("form[data-guards-changes]")) {
    guard(form);
  }
}

function guard(form) {
  // A form that came back with errors holds what was never saved.
  let isChanged = form.querySelector("[aria-invalid=true]") !== null;
  form.addEventListener("input", () => {
    isChanged = true;
  });
  form.addEventListener("submit", () => {
    isChanged = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) {
      event.preventDefault();
    }
  });
}
