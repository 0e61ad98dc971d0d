// Passkeys (WebAuthn Level 3): fills a form's `credential` with what the authenticator answers, and sends it.
// A form says what it is for: data-passkey="login" asks its own address for the options; "get" and "create" find them
// in #passkey-options.

const supported = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

async function readOptions(form) {
  if (form.dataset.passkey !== "login") {
    return JSON.parse(document.getElementById("passkey-options").textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`options: ${answer.status}`);
  }
  return answer.json();
}

async function createCredential({ creation_options: options }, passwordless) {
  const selection = options.publicKey.authenticatorSelection ?? {};
  selection.residentKey = passwordless ? "required" : "discouraged";
  selection.requireResidentKey = passwordless;
  if (passwordless) {
    selection.userVerification = "required";
  }
  const publicKey = { ...options.publicKey, authenticatorSelection: selection };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function getCredential({ request_options: options }) {
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) });
}

async function send(form) {
  const failure = form.querySelector("[role=alert]");
  failure.hidden = true;
  try {
    const options = await readOptions(form);
    const passwordless = form.elements.passwordless?.checked ?? false;
    const credential = await (form.dataset.passkey === "create"
      ? createCredential(options, passwordless)
      : getCredential(options));
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    failure.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (supported) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}
