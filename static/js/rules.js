// The editor of a rule keeps itself in step: another field brings its own operators, and each change is read out and
// tried. Without this, the buttons of the form do the same.

const PATIENCE_MS = 600;
const TYPED = [["reading", "check"], ["trial", "try"]];
const CHOSEN = [["condition", "check"], ["trial", "try"]];

async function ask(form, fragment, act, signal) {
  const data = new FormData(form);
  data.set("act", act);
  // Not form.action: a field of the form has that name.
  const response = await fetch(location.href, {
    method: "POST",
    body: data,
    headers: { "X-Fragment": fragment },
    redirect: "error",
    signal,
  });
  if (!response.ok) {
    throw new Error(String(response.status));
  }
  return response.text();
}

function put(form, fragment, html) {
  const place = form.querySelector(`[data-fragment=${fragment}]`);
  const { name, value, selectionStart } = document.activeElement ?? {};
  place.innerHTML = html; // our own server's, escaped there
  const again = name && place.querySelector(`[name="${CSS.escape(name)}"]`);
  if (again && !place.contains(document.activeElement)) {
    again.focus();
    if (typeof selectionStart === "number" && again.setSelectionRange) {
      again.value = value; // as it was typed: the server returns it in canonical form
      again.setSelectionRange(selectionStart, selectionStart);
    }
  }
}

function keepInStep(form) {
  let waiting = 0;
  let running = new AbortController();
  let areRowsBehind = false;

  async function refresh() {
    const { signal } = running;
    try {
      for (const [fragment, act] of areRowsBehind ? CHOSEN : TYPED) {
        put(form, fragment, await ask(form, fragment, act, signal));
        areRowsBehind = false;
      }
    } catch {
      // Offline, signed out or overtaken by the next change: the buttons still work.
    }
  }

  function plan(patience) {
    running.abort(); // its answer is about what was there before, and would overwrite what is typed now
    running = new AbortController();
    clearTimeout(waiting);
    waiting = setTimeout(refresh, patience);
  }

  form.addEventListener("change", (event) => {
    const isChosen = event.target.dataset.live === "condition" || event.target.name === "flow";
    areRowsBehind ||= isChosen;
    plan(isChosen ? 0 : PATIENCE_MS);
  });
  form.addEventListener("input", (event) => {
    if (event.target.dataset.live === "trial") {
      plan(PATIENCE_MS);
    }
  });
}

export function start() {
  const form = document.querySelector("form[data-rule-editor]");
  if (form) {
    keepInStep(form);
  }
}
