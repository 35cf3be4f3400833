// The answers on the page: the fields of each, and how its mark and what is said of it are shown.
import { announce } from "./live.js";
import { markOf, markToSend } from "./mark-outbox.js";
import { all, item, list, makeNotice, one, says } from "./mark-page.js";
import { outbox } from "./mark-sending.js";

/** @typedef {import("./mark-outbox.js").Mark | null} Given a mark, null for none */

/** @returns {HTMLElement[]} */
export const articles = () => all(".answer", list);

/**
 * Return the form that marks an answer; what asks about a mark may be another one above it.
 *
 * @param {HTMLElement} article
 */
export const formOf = (article) => /** @type {HTMLFormElement} */ (one("form[data-mark]", article));

/** @param {Element} part @returns {HTMLElement | null} */
export const articleOf = (part) => part.closest(".answer");

/**
 * Return the answers that a press marks: those that are ticked.
 *
 * @param {HTMLElement} article
 */
export function attemptsOf(article) {
  /** @type {HTMLInputElement[]} */
  const fields = all("[name='attempt']", formOf(article));
  return fields
    .filter((field) => field.type === "hidden" || field.checked)
    .map((field) => Number(field.value));
}

/** @param {number} attempt @returns {HTMLInputElement | null} */
export const seenField = (attempt) =>
  one(`:is([data-mark], [data-blank]) [name="seen-${attempt}"]`);

/** @param {number} attempt @returns {HTMLInputElement | null} */
export const readField = (attempt) =>
  one(`:is([data-mark], [data-blank]) [name="read-${attempt}"]`);

/**
 * Return the mark that an answer has, as far as this page knows: sent or not.
 *
 * @param {number} attempt
 * @returns {Given}
 */
export function markNow(attempt) {
  const entry = outbox.find(item, attempt);
  if (entry) return markToSend(entry);
  return markOf(seenField(attempt)?.value ?? "");
}

/** @param {HTMLElement} article @returns {HTMLTextAreaElement} */
export const commentField = (article) =>
  /** @type {HTMLTextAreaElement} */ (one("[name='comment']", formOf(article)));

/** @param {HTMLElement} article @returns {HTMLInputElement} */
export const numberField = (article) =>
  /** @type {HTMLInputElement} */ (one("[name='number']", formOf(article)));

/** @param {HTMLElement} article */
export const commentOf = (article) => commentField(article).value.replaceAll("\r\n", "\n").trim();

/**
 * Return the boxes of the rubric's lines.
 *
 * @param {HTMLElement} article
 * @returns {HTMLInputElement[]}
 */
export const lineBoxes = (article) => all("[data-rubric] [name='line']", article);

/** @param {HTMLElement} article */
const linesOf = (article) =>
  lineBoxes(article)
    .filter((box) => box.checked)
    .map((box) => Number(box.value));

/**
 * Return what the fields of an answer say, with these points.
 *
 * @param {HTMLElement} article
 * @param {string} points
 */
export const markIn = (article, points) => ({
  points,
  comment: commentOf(article),
  lines: linesOf(article),
});

/** @param {HTMLElement} article */
export const rubricOf = (article) => article.dataset.rubricOf ?? "";

/**
 * Show the mark of an answer.
 *
 * @param {HTMLElement} article
 * @param {Given} mark
 * @param {string} state in words
 */
export function showMark(article, mark, state) {
  article.classList.toggle("marked", mark !== null);
  for (const button of /** @type {HTMLButtonElement[]} */ (all(".point", article))) {
    button.setAttribute("aria-pressed", String(button.value === mark?.points));
    button.classList.remove("suggested", "waiting");
  }
  numberField(article).value = asTyped(mark?.points ?? "");
  for (const box of lineBoxes(article)) box.checked = !!mark?.lines.includes(Number(box.value));
  showState(article, state);
}

/** @param {string} points as somebody types them in the language of the page */
export const asTyped = (points) =>
  points.replace(".", (0.5).toLocaleString(document.documentElement.lang)[1]);

/**
 * @param {HTMLElement} article
 * @param {string} state in words
 */
export function showState(article, state) {
  const text = one("[data-state]", article);
  if (text) text.textContent = state;
}

/**
 * Say at the buttons how many answers a press marks, where it marks several that are shown.
 *
 * @param {HTMLElement} article
 */
export function showNumber(article) {
  const alike = /** @type {HTMLDetailsElement | null} */ (one("[data-alike]", article));
  const n = attemptsOf(article).length;
  const isMany = !!alike?.open && n > 1;
  const text = one("[data-for-many]", article);
  if (text) text.textContent = isMany ? says("saysForMany", { n }) : "";
  for (const button of all(".point", article)) {
    if (!isMany) button.removeAttribute("aria-label");
    else {
      const words = says("saysPressMany", { points: button.textContent?.trim() ?? "", n });
      button.setAttribute("aria-label", words);
    }
  }
}

/** @param {string | null} points in the words of the page, or as they are */
export function inWords(points) {
  const button = one(`.point[value="${points ?? ""}"]`, list);
  return button?.textContent ?? points ?? "";
}

/**
 * Say something at an answer, in place of what was said there; '' for nothing.
 *
 * @param {HTMLElement} article
 * @param {string} text
 */
export function showNotice(article, text) {
  one("[data-notice]", article)?.replaceChildren(...(text ? [makeNotice(text)] : []));
  if (text) announce(text);
}
