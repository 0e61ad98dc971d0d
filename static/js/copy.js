// A button with data-copies="#id" copies that element's text, and says so beside itself.

async function copy(button) {
  const source = document.querySelector(button.dataset.copies);
  const said = button.parentElement.querySelector("[role=status]");
  said.textContent = "";
  const copied = await write(source, "value" in source ? source.value : source.textContent);
  said.textContent = copied ? button.dataset.copied : button.dataset.notCopied;
}

async function write(source, text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(source); // no permission, or no secure address: the reader copies it
    return false;
  }
}

export function start() {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}
