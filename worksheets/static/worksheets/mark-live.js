// What somebody else changes of the rubric while this page is open: within seconds the answers here
// have the lines, and the marks, that stand now.
import { announce } from "./live.js";
import { articles, attemptsOf, commentField, rubricOf } from "./mark-answers.js";
import { prepare } from "./mark-outcomes.js";
import { all, desk, fetchArticles, fetchPart, item, one, says } from "./mark-page.js";
import { activate, here } from "./mark-place.js";
import { outbox } from "./mark-sending.js";

const MAX_ANSWERS = 100; // in an address
const PAUSE = 4000; // milliseconds between two questions

/** Ask again and again, while somebody looks at the page. */
export function watchRubric() {
  setInterval(() => {
    if (document.visibilityState === "visible" && !outbox.isClosed) look();
  }, PAUSE);
}

/** Look whether the rubric is another one by now. */
export async function look() {
  const seen = desk.dataset.rubricDigest ?? "";
  const now = await fetchPart(`part=rubric&seen=${encodeURIComponent(seen)}`);
  if (now && now !== seen) {
    desk.dataset.rubricDigest = now;
    const field = one("[data-line-digest]");
    if (field instanceof HTMLInputElement) field.value = now;
    announce(says("saysRubric"));
  }
  await showAgain();
}

/** Show the answers anew that have other lines, once their marks are not on their way any more. */
export async function showAgain() {
  const rubric = desk.dataset.rubricDigest;
  const shown = articles().filter((other) => rubricOf(other) !== rubric && !isBusy(other));
  /** @type {string[]} */
  const keys = [];
  for (const article of shown) {
    const more = allAttempts(article);
    if (keys.length && keys.length + more.length > MAX_ANSWERS) break; // these come next time
    keys.push(...more);
  }
  if (!keys.length) return;
  const fresh = await fetchArticles(`answers=${keys.join(".")}`);
  for (const article of fresh) {
    const before = articles().find((other) => other.dataset.answer === article.dataset.answer);
    if (!before || isBusy(before)) continue;
    const typed = commentField(before).value;
    const hadFocus = before.contains(document.activeElement);
    before.replaceWith(article);
    prepare(article);
    if (!article.classList.contains("marked")) commentField(article).value = typed;
    if (before === here.active) activate(article, { moves: hadFocus });
  }
}

/**
 * Return whether a mark of an answer is on its way, or somebody writes there.
 *
 * @param {HTMLElement} article
 */
const isBusy = (article) =>
  attemptsOf(article).some((attempt) => outbox.find(item, attempt)) ||
  commentField(article) === document.activeElement;

/** @param {HTMLElement} article @returns {string[]} */
const allAttempts = (article) =>
  /** @type {HTMLInputElement[]} */ (all("[name='attempt']", article)).map(({ value }) => value);
