// The editor of a rule keeps itself in step: another field brings its own operators, and each change is tried.
// Without this, the buttons of the form do the same.

const PATIENCE_MS = 600;

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
  const { name, selectionStart } = document.activeElement ?? {};
  place.innerHTML = html; // our own server's, escaped there
  const again = name && place.querySelector(`[name="${CSS.escape(name)}"]`);
  if (again && !place.contains(document.activeElement)) {
    again.focus();
    if (typeof selectionStart === "number" && again.setSelectionRange) {
      again.setSelectionRange(selectionStart, selectionStart);
    }
  }
}

function keepInStep(form) {
  let waiting = 0;
  let running = new AbortController();

  async function refresh(fragments) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      for (const [fragment, act] of fragments) {
        put(form, fragment, await ask(form, fragment, act, signal));
      }
    } catch {
      // Offline, signed out or overtaken by the next change: the buttons still work.
    }
  }

  function plan(fragments, patience) {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh(fragments), patience);
  }

  form.addEventListener("change", (event) => {
    if (event.target.dataset.live === "condition" || event.target.name === "flow") {
      plan([["condition", "check"], ["trial", "try"]], 0);
    } else {
      plan([["trial", "try"]], PATIENCE_MS);
    }
  });
  form.addEventListener("input", (event) => {
    if (event.target.dataset.live === "trial") {
      plan([["trial", "try"]], PATIENCE_MS);
    }
  });
}

function guardUnsaved(form) {
  let isChanged = form.querySelector("[aria-invalid=true]") !== null;
  form.addEventListener("change", () => {
    isChanged = true;
  });
  form.addEventListener("submit", () => {
    isChanged = false;
  });
  addEventListener("beforeunload", (event) => {
    if (isChanged) {
      event.preventDefault();
    }
  });
}

export function start() {
  const form = document.querySelector("form[data-rule-editor]");
  if (form) {
    keepInStep(form);
    guardUnsaved(form);
  }
}
