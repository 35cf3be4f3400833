// On paper every answer is whole. A field shows what fits into it, so its text is printed instead.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/**
 * Write the text of a field beside it, for paper only. An empty one is printed to be filled in.
 *
 * @param {Field} field
 */
function write(field) {
  const shown = field.closest(".word") ?? field;
  let text = shown.nextElementSibling;
  if (!text?.matches(".printed")) {
    text = document.createElement("span");
    text.className = "printed";
    text.setAttribute("dir", "auto");
    shown.after(text);
  }
  text.textContent = field.value;
  shown.classList.toggle("unprinted", Boolean(field.value.trim()));
}

/**
 * Have the answers of a form printed as they stand.
 *
 * @param {HTMLFormElement} form
 */
export function connectPrinting(form) {
  const show = () => {
    /** @type {NodeListOf<Field>} */
    const fields = form.querySelectorAll(".gap :is(select, input), textarea");
    for (const field of fields) write(field);
  };
  addEventListener("beforeprint", show);
  matchMedia("print").addEventListener("change", show); // older Safari
}
