// A form that says what it would do: its effect is asked for anew while the reader types in a field that it depends on
// (`data-effect-of` names them). Its button asks too.

const WAIT_MS = 400;
let pending = 0;
let asked = 0;

async function ask(form, place) {
  const turn = ++asked;
  try {
    const answer = await fetch(form.dataset.effect, { method: "POST", body: new FormData(form), redirect: "error" });
    const found = answer.ok ? await answer.text() : "";
    if (turn === asked && found) {
      place.innerHTML = found;
    }
  } catch {
    // What was shown stays; the button asks by itself.
  }
}

export function start() {
  const form = document.querySelector("form[data-effect]");
  const place = document.getElementById("effect");
  form?.addEventListener("input", (event) => {
    if (form.dataset.effectOf.split(" ").includes(event.target.name)) {
      clearTimeout(pending);
      pending = setTimeout(() => ask(form, place), WAIT_MS);
    }
  });
}
