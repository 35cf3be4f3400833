// Buttons that copy the text of a field. Without this script the field can be selected by hand.

/**
 * Copy the text of a field; return whether the browser has done so. If not, it is selected.
 *
 * An LMS's frame may keep the clipboard from us; the older way asks for no permission.
 *
 * @param {HTMLTextAreaElement} field
 */
export async function copyFrom(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

/** @param {Event} event */
async function onClick(event) {
  const { target } = event;
  const button = target instanceof Element ? target.closest("[data-copy]") : null;
  if (!(button instanceof HTMLElement)) return;
  const field = document.getElementById(button.dataset.copy ?? "");
  const said = button.parentElement?.querySelector("[data-copied]");
  if (!(field instanceof HTMLTextAreaElement) || !(said instanceof HTMLElement)) return;
  const { saysCopied, saysSelected } = said.dataset;
  said.textContent = (await copyFrom(field)) ? (saysCopied ?? "") : (saysSelected ?? "");
}

function show() {
  for (const button of document.querySelectorAll("[data-copy]")) button.removeAttribute("hidden");
}

show();
document.addEventListener("click", onClick);
document.addEventListener("htmx:afterSettle", show);
