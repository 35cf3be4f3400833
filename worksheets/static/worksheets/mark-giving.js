// Marks that are given, changed and taken back on this page.
import { announce } from "./live.js";
import {
  articleOf,
  attemptsOf,
  commentField,
  markIn,
  inWords,
  markNow,
  readField,
  rubricOf,
  seenField,
  showMark,
  showNotice,
  showState,
} from "./mark-answers.js";
import { noteComment } from "./mark-chips.js";
import { desk, item, maximum, one, says } from "./mark-page.js";
import { activate, goOn, here, setPending } from "./mark-place.js";
import { outbox } from "./mark-sending.js";

/** @typedef {import("./mark-answers.js").Given} Given */
/** @typedef {{ article: HTMLElement, marks: { attempt: number, before: Given }[] }} Step */

/** @type {Step[]} what can be taken back, the last one first */
export const steps = [];

/**
 * Give an answer a mark, and go on to the next.
 *
 * @param {HTMLElement} article
 * @param {string} points
 * @param {{ stays?: boolean }} options
 */
export function give(article, points, { stays = false } = {}) {
  setPending("");
  if (Number(points) > Number(maximum)) {
    showNotice(article, says("saysHighest", { maximum }));
    return;
  }
  /** @type {HTMLDetailsElement | null} */
  const alike = one("[data-alike]", article);
  const attempts = attemptsOf(article);
  if (!attempts.length) return;
  if (alike && !alike.open && attempts.length > 1) {
    alike.open = true;
    announce(says("saysLook", { n: attempts.length }));
    showState(article, says("saysLook", { n: attempts.length }));
    return;
  }
  showNotice(article, "");
  const mark = markIn(article, points);
  const wasMarked = article.classList.contains("marked");
  putMarks(
    article,
    attempts.map((attempt) => ({ attempt, mark })),
  );
  showMark(article, mark, says("saysSaving", { points: inWords(points) }));
  noteComment(mark);
  const name = one("h2", article)?.textContent?.trim() ?? "";
  announce(`${name}: ${inWords(points)}`);
  // A released mark is asked about first: the answer stays where it is.
  if (stays || "released" in article.dataset) return;
  article.classList.add("settled");
  goOn(article, wasMarked);
}

/**
 * Keep and send marks for answers of an article; the step can be taken back.
 *
 * @param {HTMLElement} article
 * @param {{ attempt: number, mark: Given }[]} marks
 */
export function putMarks(article, marks) {
  const step = {
    article,
    marks: marks.map(({ attempt }) => ({ attempt, before: markNow(attempt) })),
  };
  steps.push(step);
  sendMarks(marks);
}

/** @param {{ attempt: number, mark: Given, seen?: string, confirmed?: boolean }[]} marks */
export function sendMarks(marks) {
  for (const { attempt, mark } of marks) count(attempt, mark);
  outbox.put(
    marks.map(({ attempt, mark, seen, confirmed = false }) => ({
      item,
      attempt,
      points: mark?.points ?? null,
      comment: mark?.comment ?? "",
      lines: mark?.lines ?? [],
      rubric: rubricFor(attempt),
      seen: [seen ?? seenField(attempt)?.value ?? ""],
      read: readField(attempt)?.value ?? "",
      confirmed,
    })),
  );
  showSteps();
}

/** @param {number} attempt @returns {string} what stands for the rubric that its answer shows */
function rubricFor(attempt) {
  const field = seenField(attempt);
  const article = field && articleOf(field);
  return article ? rubricOf(article) : "";
}

/** Let the last step be taken back, where there is one. */
function showSteps() {
  /** @type {HTMLButtonElement} */ (one("[data-undo]")).disabled = !steps.length;
}

/**
 * Count an answer that is about to have a mark, or to lose it.
 *
 * @param {number} attempt
 * @param {Given} mark
 */
export function count(attempt, mark) {
  const change = Number(mark !== null) - Number(markNow(attempt) !== null);
  const marked = Number(desk.dataset.marked) + change;
  desk.dataset.marked = String(marked);
  const text = one("[data-count]");
  const values = { n: marked, all: desk.dataset.all ?? "" };
  if (text) text.textContent = says("saysMarked", values);
}

/**
 * @param {number} attempt
 * @param {Given} mark that it had before
 */
function showBefore(attempt, mark) {
  const field = seenField(attempt);
  const article = field && articleOf(field);
  if (!article) return;
  showMark(article, mark, says("saysTaken"));
  commentField(article).value = mark?.comment ?? "";
  article.classList.remove("settled");
}

/** Take the last step back, and go there. */
export function undo() {
  const step = steps.pop();
  if (!step) return;
  here.returnTo = null;
  const asked = step.marks.map(({ attempt }) => one(`[data-about="${attempt}"] button`));
  const sent = step.marks.filter((_mark, place) => !asked[place]);
  sendMarks(sent.map(({ attempt, before }) => ({ attempt, mark: before })));
  // What was not saved is not sent either: what stands there stays.
  for (const keep of asked) keep?.click();
  for (const { attempt, before } of sent) showBefore(attempt, before);
  if (step.article.matches("[data-blank]")) {
    one("[data-give]", step.article)?.removeAttribute("hidden");
    one("[data-undo-blank]", step.article)?.remove();
  }
  const field = seenField(step.marks[0].attempt);
  const article = field && articleOf(field);
  if (article) activate(article);
  announce(says("saysUndone"));
}
