// A page that says what is wrong begins there: what is wrong is unfolded and has the focus. Another
// page may name the field where it begins; in an LMS's frame browsers do not heed the attribute.
import { begin } from "./live.js";

const wrong =
  document.querySelector(
    '[aria-invalid="true"], .has-error input, .has-error select, .has-error textarea',
  ) ?? (location.hash ? null : document.querySelector("[autofocus]"));
if (wrong instanceof HTMLElement) {
  wrong.closest("details")?.setAttribute("open", "");
  begin(wrong);
}
