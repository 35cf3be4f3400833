// A page that says what is wrong begins there: what is wrong is unfolded and has the focus.
const wrong = document.querySelector(
  '[aria-invalid="true"], .has-error input, .has-error select, .has-error textarea',
);
if (wrong instanceof HTMLElement) {
  wrong.closest("details")?.setAttribute("open", "");
  wrong.focus();
}
