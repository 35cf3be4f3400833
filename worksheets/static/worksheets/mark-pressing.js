// A press at an answer other than the active one. What has the focus shows its lines, and the
// answer before folds: if that happened when the button of the mouse goes down, another thing would
// be below it when it comes up, and the browser would take the press for none.
import { articleOf } from "./mark-answers.js";
import { list } from "./mark-page.js";
import { activate, here } from "./mark-place.js";

const PRESSED = "button, a, summary, input[type='checkbox'], label";

/**
 * @param {Event} event
 * @returns {{ control: HTMLElement | null, article: HTMLElement | null }} what is pressed, and the
 *   answer it belongs to if that is not the active one
 */
function pressed({ target }) {
  const control = target instanceof Element ? target.closest(PRESSED) : null;
  const article = control && articleOf(control);
  if (!(control instanceof HTMLElement) || !article || article === here.active)
    return { control: null, article: null };
  return { control, article };
}

// An answer becomes the active one when it is pressed, at the place where it stands.
list.addEventListener("mousedown", (event) => {
  if (pressed(event).control) event.preventDefault(); // the focus comes with the click
});
list.addEventListener("click", (event) => {
  const { control, article } = pressed(event);
  if (!control || !article) return;
  const before = article.getBoundingClientRect().top;
  activate(article, { moves: false });
  control.focus({ preventScroll: true });
  scrollBy({ top: article.getBoundingClientRect().top - before, behavior: "instant" });
});
