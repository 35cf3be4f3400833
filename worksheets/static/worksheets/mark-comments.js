// The comment line of an answer: filled by chips, saved with the mark.
import { toggled } from "./chip-text.js";
import { articleOf, attemptsOf, commentField, commentOf, markNow } from "./mark-answers.js";
import { give } from "./mark-giving.js";
import { all, item, one } from "./mark-page.js";
import { activate, here } from "./mark-place.js";
import { outbox } from "./mark-sending.js";

let isInComments = false; // they were reached from the line, and lead back there

/** Hear that the focus has come back to the line. */
export function leaveComments() {
  isInComments = false;
}

/**
 * Put a comment into the line of the active answer, or take it out; its mark is suggested.
 *
 * @param {{ text: string, points: string }} comment
 */
export function useComment({ text, points }) {
  if (!here.active) return;
  const field = commentField(here.active);
  const isIn = field.value.includes(text);
  field.value = toggled(field.value, text);
  for (const button of /** @type {HTMLButtonElement[]} */ (all(".point", here.active))) {
    const isMarked = here.active.classList.contains("marked");
    button.classList.toggle("suggested", !isIn && !isMarked && button.value === points);
  }
  saveComment(here.active);
  if (isInComments) field.focus();
}
/**
 * Save the comment with the mark of an answer, or keep it until the answer has one.
 *
 * @param {HTMLElement} article
 */
export function saveComment(article) {
  const comment = commentOf(article);
  const [attempt] = attemptsOf(article);
  if (attempt === undefined) return;
  const mark = markNow(attempt);
  if (mark === null) outbox.keepTyped(item, attempt, comment);
  else if (mark.comment !== comment) give(article, mark.points, { stays: true });
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLTextAreaElement} field
 */
export function onCommentKey(event, field) {
  const article = /** @type {HTMLElement} */ (articleOf(field));
  if ((event.key === "Enter" && event.ctrlKey) || event.key === "Escape") {
    event.preventDefault();
    const back = here.returnTo?.isConnected ? here.returnTo : article;
    here.returnTo = null;
    field.blur(); // which saves it
    activate(back);
  } else if (event.key === "ArrowDown" && field.selectionEnd === field.value.length) {
    const first = one("[data-comments] .mark-chip");
    if (!first) return;
    event.preventDefault();
    isInComments = true;
    first.focus();
  }
}

/** @param {string} name of the key */
export function moveAmongComments(name) {
  const chips = /** @type {HTMLElement[]} */ (all("[data-comments] .mark-chip"));
  const at = chips.findIndex((chip) => chip.parentElement?.contains(document.activeElement));
  const isForward = name === "ArrowDown" || name === "ArrowRight";
  const next = name === "Escape" ? undefined : chips[at + (isForward ? 1 : -1)];
  if (next) next.focus();
  else if (here.active && !isForward) commentField(here.active).focus();
}
