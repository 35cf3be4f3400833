// Answers that are equal, which one press marks: one is taken out, the focus moves among them.
import { announce } from "./live.js";
import { attemptsOf, commentField, showNumber, showState } from "./mark-answers.js";
import { prepare } from "./mark-outcomes.js";
import { all, fetchArticles, one, says } from "./mark-page.js";
import { activate, here } from "./mark-place.js";

/**
 * Let an answer of a group come by itself: it is not equal after all.
 *
 * @param {HTMLElement} article
 * @param {number} attempt
 */
export async function takeOut(article, attempt) {
  /** @type {HTMLInputElement[]} */
  const boxes = all("[data-alike] [name='attempt']", article);
  for (const box of boxes) box.checked = Number(box.value) !== attempt;
  showNumber(article);
  const rest = attemptsOf(article);
  if (!rest.length) return;
  const [[group], [alone]] = await Promise.all([
    fetchArticles(`answers=${rest.join(".")}`),
    fetchArticles(`answers=${attempt}&alone=1`),
  ]);
  if (!article.isConnected) return; // another one was taken out meanwhile
  if (!group || !alone) return; // offline: it stays out of the next press, and waits for its mark
  commentField(group).value = commentField(article).value;
  const isHere = here.active === article; // keys may have marked the rest, and gone on
  article.replaceWith(group, alone);
  prepare(group);
  prepare(alone);
  const alike = one("[data-alike]", group);
  if (alike) alike.setAttribute("open", "");
  showNumber(group);
  if (!isHere) return;
  activate(group);
  showState(group, says("saysOut"));
  announce(says("saysOut"));
}

/** Take the equal answer out that has the focus, or lead there first. */
export function keyOut() {
  const alike = here.active && one("[data-alike]", here.active);
  if (!here.active || !alike) return;
  alike.setAttribute("open", "");
  const focused = document.activeElement;
  if (focused instanceof HTMLInputElement && alike.contains(focused)) {
    takeOut(here.active, Number(focused.value));
  } else {
    one("[name='attempt']", alike)?.focus();
  }
}

/**
 * Move among equal answers. Return whether the focus is there.
 *
 * @param {number} by
 */
export function moveAmongEqual(by) {
  const focused = document.activeElement;
  const alike = focused?.closest("[data-alike]");
  if (!alike || !(focused instanceof HTMLInputElement)) return false;
  /** @type {HTMLInputElement[]} */
  const boxes = all("[name='attempt']", alike);
  boxes[boxes.indexOf(focused) + by]?.focus();
  return true;
}
