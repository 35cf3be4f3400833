// What the server says became of a mark: saved, or asked about at the answer it is for.
import { announce } from "./live.js";
import {
  articleOf,
  attemptsOf,
  commentField,
  formOf,
  inWords,
  seenField,
  showMark,
  showNumber,
  showState,
} from "./mark-answers.js";
import { noteComment } from "./mark-chips.js";
import { count, sendMarks } from "./mark-giving.js";
import { markOf, markToSend } from "./mark-outbox.js";
import { all, fetchArticles, item, list, makeButton, makeNotice, one, says } from "./mark-page.js";
import { activate, here, showWhere } from "./mark-place.js";
import { isQuestion, outbox } from "./mark-sending.js";

/** @typedef {import("./mark-outbox.js").Entry} Entry */
/** @typedef {import("./mark-outbox.js").Outcome} Outcome */

/**
 * Hear from the server what became of a mark.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
export function settled(entry, outcome) {
  if (isLost(entry, outcome)) {
    tell(entry, outcome);
    return;
  }
  if (entry.item !== item) return;
  const field = seenField(entry.attempt);
  const article = field ? articleOf(field) : null;
  if (outcome.state === "saved") {
    if (field) field.value = outcome.seen;
    if (!article) return;
    const words = { points: inWords(entry.points) };
    showState(article, entry.points === null ? says("saysTaken") : says("saysSaved", words));
    return;
  }
  const isLeftOut = !!article && isGroup(article);
  if (outcome.state === "unread" || isLeftOut) {
    // One after the other: equal answers stand in one article, which the first one replaces.
    reading = reading.then(() => showAlone(entry, outcome, isLeftOut));
  } else if (article) ask(article, entry, outcome);
  else askElsewhere(entry, outcome);
}
let reading = Promise.resolve();

/** @param {HTMLElement} article */
const isGroup = (article) => all("[name='attempt']", formOf(article)).length > 1;

/**
 * Show an answer as it is now, by itself, and ask about the mark there: a pupil has submitted it
 * meanwhile, or the press on equal answers has left it out.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 * @param {boolean} isLeftOut of equal answers
 */
async function showAlone(entry, outcome, isLeftOut) {
  const field = seenField(entry.attempt);
  const article = field ? articleOf(field) : null;
  if (!article) {
    await askElsewhere(entry, outcome);
    return;
  }
  /** @type {HTMLInputElement[]} */
  const fields = all("[name='attempt']", formOf(article));
  const rest = fields.map(({ value }) => value).filter((value) => value !== `${entry.attempt}`);
  const [[alone], others] = await Promise.all([
    fetchArticles(`answers=${entry.attempt}&alone=1`),
    rest.length ? fetchArticles(`answers=${rest.join(".")}`) : [],
  ]);
  if (!alone || (rest.length && !others.length)) {
    ask(article, entry, outcome); // the old answer stays, and the server says the same again
    return;
  }
  article.replaceWith(...others, alone);
  for (const fresh of [...others, alone]) prepare(fresh); // which asks
  const mine = one(`[data-about="${entry.attempt}"]`, alone);
  if (isLeftOut && mine) showState(alone, says("saysLeftOut"));
  if (here.active === article) activate(alone);
  else showWhere();
}

/**
 * Ask what is to become of a mark that was not saved.
 *
 * @param {HTMLElement} article
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
export function ask(article, entry, outcome) {
  const { attempt } = entry;
  const field = seenField(attempt);
  const isWrong = ["wrong", "refused"].includes(outcome.state); // nothing is said of what stands
  const stands = isWrong ? (field?.value ?? "") : outcome.seen;
  const settle = () => {
    if (field) field.value = stands;
    box.remove();
    article.focus({ preventScroll: true });
  };
  const close = () => {
    count(attempt, markOf(stands));
    outbox.drop(item, attempt);
    const mark = markOf(stands);
    showMark(article, mark, mark ? says("saysSaved", { points: inWords(mark.points) }) : "");
    if (!isWrong) commentField(article).value = mark?.comment ?? "";
    settle();
    if (!isWrong) showAsItIs(attempt, stands); // it may be another one since it was asked about
  };
  const use = (/** @type {string} */ comment) => {
    const mark = markToSend({ ...entry, comment });
    settle();
    commentField(article).value = mark?.comment ?? "";
    // Only who has read that a mark is released can have confirmed its change.
    sendMarks([{ attempt, mark, confirmed: outcome.state === "released" }]);
  };
  const buttons = [makeButton(outcome.keep || says("saysClose"), close)];
  if (outcome.use) buttons.push(makeButton(outcome.use, () => use(entry.comment)));
  if (outcome.state === "other" && entry.points !== null && outcome.comment) {
    noteComment(outcome);
    if (entry.comment && entry.comment !== outcome.comment) {
      const isIn = outcome.comment.includes(entry.comment);
      const both = isIn ? outcome.comment : `${outcome.comment}\n${entry.comment}`;
      const words = says("saysBoth", { points: inWords(entry.points) });
      buttons.push(makeButton(words, () => use(both)));
    }
  }
  const theirs = outcome.state === "other" && outcome.comment ? ` “${outcome.comment}”` : "";
  const said = outcome.said || says("saysRefused");
  const box = makeNotice(said + theirs, buttons);
  box.dataset.about = String(attempt);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", said);
  one(`[data-about="${attempt}"]`, article)?.remove();
  one("[data-notice]", article)?.append(box);
  announce(said);
  showState(article, "");
  article.classList.remove("settled");
}

/**
 * Show an answer anew if another mark stands there by now than one that somebody keeps.
 *
 * @param {number} attempt
 * @param {string} kept the text of the mark
 */
async function showAsItIs(attempt, kept) {
  const [fresh] = await fetchArticles(`answers=${attempt}&alone=1`);
  const field = seenField(attempt);
  const article = field && articleOf(field);
  if (!fresh || !article || field.value !== kept || outbox.find(item, attempt)) return;
  const stands = /** @type {HTMLInputElement | null} */ (one(`[name="seen-${attempt}"]`, fresh));
  if (!stands || stands.value === kept) return;
  count(attempt, markOf(stands.value));
  article.replaceWith(fresh);
  prepare(fresh);
  if (here.active === article) activate(fresh, { moves: false });
}

/**
 * The same for an answer that the page does not show: it is put on top.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
async function askElsewhere(entry, outcome) {
  const [article] = await fetchArticles(`answers=${entry.attempt}&alone=1`);
  if (!article) {
    tell(entry, outcome);
    return;
  }
  list.prepend(article);
  prepare(article);
  ask(article, entry, outcome);
}

/**
 * Return whether a mark is of another question that cannot be marked here any more.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
export const isLost = (entry, outcome) =>
  entry.item !== item && (outcome.state === "refused" || !isQuestion(entry.item));

/**
 * Say what became of a mark for which there is no answer to show, until somebody has read it.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
export function tell(entry, outcome) {
  const name = `${entry.item}/${entry.attempt}`;
  one(`[data-lost="${CSS.escape(name)}"]`)?.remove();
  const text = [
    outcome.said || says("saysRefused"),
    entry.points === null ? "" : says("saysYours", { points: entry.points }),
    entry.comment && `“${entry.comment}”`,
  ];
  const close = makeButton(says("saysClose"), () => {
    notice.remove();
    outbox.drop(entry.item, entry.attempt);
  });
  const notice = makeNotice(text.filter(Boolean).join(" "), [close]);
  notice.dataset.lost = name;
  list.before(notice);
  announce(text[0]);
}

/** Ask about the marks that have waited for it since an earlier visit of the page. */
export function askAgain() {
  for (const entry of outbox.entries) {
    if (!entry.waits) continue;
    if (isLost(entry, entry.waits)) tell(entry, entry.waits);
    else if (entry.item === item && !seenField(entry.attempt)) askElsewhere(entry, entry.waits);
  }
}

/**
 * Fold what is equal in a new article, and show what this device keeps for it.
 *
 * @param {HTMLElement} article
 */
export function prepare(article) {
  article.dataset.prepared = "";
  const number = article.dataset.answer ?? "";
  const twins = all(`[id="answer-${number}"]`, list);
  if (twins.length > 1) {
    article.remove(); // it was put on top before
    return;
  }
  one("[data-alike]", article)?.removeAttribute("open");
  showNumber(article);
  for (const attempt of attemptsOf(article)) {
    const entry = outbox.find(item, attempt);
    if (entry) {
      const mark = markToSend(entry);
      showMark(article, mark, says("saysKept", { points: inWords(entry.points) }));
      commentField(article).value = entry.comment;
      if (entry.waits) ask(article, entry, entry.waits);
    }
  }
  const [first] = attemptsOf(article);
  const typed = first === undefined ? "" : outbox.typed(item, first);
  if (typed && !commentField(article).value) commentField(article).value = typed;
}
