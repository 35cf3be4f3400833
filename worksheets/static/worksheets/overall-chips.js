// Comments used before, below the fields for a comment on the whole sheet.
import { toggled } from "./chip-text.js";

for (const chips of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll("[data-chips-of]")
)) {
  const field = document.getElementById(chips.dataset.chipsOf ?? "");
  if (!(field instanceof HTMLTextAreaElement)) continue;
  field.after(chips);
  chips.hidden = false;
  chips.addEventListener("click", ({ target }) => {
    const chip = /** @type {Element} */ (target).closest("button");
    if (!chip) return;
    field.value = toggled(field.value, chip.textContent ?? "");
    // As if it were typed: the draft is kept.
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
