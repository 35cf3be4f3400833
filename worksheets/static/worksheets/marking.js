// The page on which a teacher marks one question for the whole class. Without this script each
// answer is a form of its own; with it, a key or a press saves a mark and the next answer comes.
import { announce, format } from "./live.js";
import { actionOf, LastPress } from "./mark-keys.js";
import { markOf, MarkOutbox } from "./mark-outbox.js";

/** @typedef {import("./mark-outbox.js").Entry} Entry */
/** @typedef {import("./mark-outbox.js").Outcome} Outcome */
/** @typedef {{ points: string, comment: string } | null} Given a mark, null for none */
/** @typedef {{ article: HTMLElement, marks: { attempt: number, before: Given }[] }} Step */

const SHOWN_COMMENTS = 5;
const NEAR = 5; // answers before the last one that is there, at which more are asked for

const desk = /** @type {HTMLElement} */ (document.getElementById("mark-desk"));
const list = /** @type {HTMLElement} */ (desk.querySelector("[data-answers]"));
const { item = "", key = "", maximum = "0" } = desk.dataset;
const press = new LastPress();

/** @type {HTMLElement | null} */
let active = null;
/** @type {HTMLElement | null} the answer to come back to from the one marked last */
let returnTo = null;
/** @type {Step[]} */
const steps = [];
let pending = ""; // a mark that waits for Enter, or for its half
let isFinishing = false;

/**
 * @param {string} name
 * @param {Record<string, string | number>} values
 */
const says = (name, values = {}) => format(desk.dataset[name] ?? "", values);

/**
 * @template {Element} T
 * @param {string} selector
 * @param {Element} part
 * @returns {T[]}
 */
const all = (selector, part = desk) => [
  .../** @type {NodeListOf<T>} */ (part.querySelectorAll(selector)),
];

/**
 * @template {HTMLElement} T
 * @param {string} selector
 * @param {Element} part
 * @returns {T | null}
 */
const one = (selector, part = desk) => part.querySelector(selector);

/** @param {string} name */
function remembered(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // browsers can switch storage off in a frame
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It is chosen again next time.
  }
}

// --- the answers -------------------------------------------------------------

/** @returns {HTMLElement[]} */
const articles = () => all(".answer", list);

/**
 * Return the form that marks an answer; what asks about a mark may be another one above it.
 *
 * @param {HTMLElement} article
 */
const formOf = (article) => /** @type {HTMLFormElement} */ (one("form[data-mark]", article));

/** @param {Element} part @returns {HTMLElement | null} */
const articleOf = (part) => part.closest(".answer");

/**
 * Return the answers that a press marks: those that are ticked.
 *
 * @param {HTMLElement} article
 */
function attemptsOf(article) {
  /** @type {HTMLInputElement[]} */
  const fields = all("[name='attempt']", formOf(article));
  return fields
    .filter((field) => field.type === "hidden" || field.checked)
    .map((field) => Number(field.value));
}

/** @param {number} attempt @returns {HTMLInputElement | null} */
const seenField = (attempt) => one(`:is([data-mark], [data-blank]) [name="seen-${attempt}"]`);

/** @param {number} attempt @returns {HTMLInputElement | null} */
const readField = (attempt) => one(`:is([data-mark], [data-blank]) [name="read-${attempt}"]`);

/**
 * Return the mark that an answer has, as far as this page knows: sent or not.
 *
 * @param {number} attempt
 * @returns {Given}
 */
function markNow(attempt) {
  const entry = outbox.find(item, attempt);
  if (entry) return entry.points === null ? null : { points: entry.points, comment: entry.comment };
  return markOf(seenField(attempt)?.value ?? "");
}

/** @param {HTMLElement} article @returns {HTMLTextAreaElement} */
const commentField = (article) =>
  /** @type {HTMLTextAreaElement} */ (one("[name='comment']", formOf(article)));

/** @param {HTMLElement} article @returns {HTMLInputElement} */
const numberField = (article) =>
  /** @type {HTMLInputElement} */ (one("[name='number']", formOf(article)));

/** @param {HTMLElement} article */
const commentOf = (article) => commentField(article).value.replaceAll("\r\n", "\n").trim();

/**
 * Show the mark of an answer.
 *
 * @param {HTMLElement} article
 * @param {Given} mark
 * @param {string} state in words
 */
function showMark(article, mark, state) {
  article.classList.toggle("marked", mark !== null);
  for (const button of /** @type {HTMLButtonElement[]} */ (all(".point", article))) {
    button.setAttribute("aria-pressed", String(button.value === mark?.points));
    button.classList.remove("suggested", "waiting");
  }
  numberField(article).value = mark?.points ?? "";
  showState(article, state);
}

/**
 * @param {HTMLElement} article
 * @param {string} state in words
 */
function showState(article, state) {
  const text = one("[data-state]", article);
  if (text) text.textContent = state;
}

/** @param {string | null} points in the words of the page, or as they are */
function inWords(points) {
  const button = one(`.point[value="${points ?? ""}"]`, list);
  return button?.textContent ?? points ?? "";
}

/**
 * Say something at an answer, in place of what was said there; '' for nothing.
 *
 * @param {HTMLElement} article
 * @param {string} text
 */
function showNotice(article, text) {
  one("[data-notice]", article)?.replaceChildren(...(text ? [makeNotice(text)] : []));
  if (text) announce(text);
}

/**
 * @param {string} text
 * @param {HTMLButtonElement[]} buttons
 */
function makeNotice(text, buttons = []) {
  const box = document.createElement("div");
  box.className = "notice warning";
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  if (buttons.length) {
    const actions = document.createElement("p");
    actions.className = "page-actions";
    actions.append(...buttons);
    box.append(actions);
  }
  return box;
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function makeButton(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

// --- where the teacher is ----------------------------------------------------

/**
 * Make an answer the one that keys mark.
 *
 * @param {HTMLElement} article
 * @param {{ moves?: boolean }} options whether the page scrolls there, and the focus goes there
 */
function activate(article, { moves = true } = {}) {
  if (active !== article) {
    setPending("");
    active?.classList.remove("active");
    active?.removeAttribute("aria-current");
    active = article;
    article.classList.add("active");
    article.setAttribute("aria-current", "true");
    remember(`marking-at-${key}`, `${item}/${article.dataset.answer}`);
  }
  showWhere();
  if (moves) {
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
  }
  const known = articles();
  if (known.indexOf(article) >= known.length - NEAR) loadMore();
}

function showWhere() {
  const known = articles();
  const at = active ? known.indexOf(active) : -1;
  const previous = /** @type {HTMLButtonElement} */ (one("[data-previous]"));
  const next = /** @type {HTMLButtonElement} */ (one("[data-next]"));
  previous.disabled = at <= 0;
  next.disabled = at < 0 || (at >= known.length - 1 && !one("[data-more]", list));
  const undoing = /** @type {HTMLButtonElement} */ (one("[data-undo]"));
  undoing.disabled = !steps.length;
}

/** Ask for more answers, unless they are on their way. */
function loadMore() {
  // Without htmx the link would lead to another page.
  if ("htmx" in window) one("[data-more] a:not(.htmx-request)", list)?.click();
}

/**
 * Go to the answer so many places on.
 *
 * @param {number} by
 */
function go(by) {
  const known = articles();
  const next = known[(active ? known.indexOf(active) : -1) + by];
  if (next) activate(next);
  else if (by > 0) waitForMore();
}

/** Go on once there are more answers; to the end where there are none. */
function waitForMore() {
  if (!one("[data-more]", list)) {
    finish();
    return;
  }
  isWaitingForMore = true;
  loadMore();
}
let isWaitingForMore = false;

/**
 * Go on from an answer that was marked now.
 *
 * @param {HTMLElement} article
 * @param {boolean} wasMarked before
 */
function goOn(article, wasMarked) {
  if (returnTo?.isConnected) {
    const back = returnTo;
    returnTo = null;
    activate(back);
    return;
  }
  const known = articles();
  const rest = known.slice(known.indexOf(article) + 1);
  const next = wasMarked ? rest[0] : rest.find((other) => !other.classList.contains("marked"));
  if (next) activate(next);
  else waitForMore();
}

/** Show what comes after the last answer, as the server has it once all is sent. */
async function finish() {
  const end = /** @type {HTMLElement} */ (one("[data-end]"));
  if (outbox.unsent && !outbox.isClosed) {
    isFinishing = true; // when the last one has arrived
    if (!outbox.isStuck) return;
  }
  isFinishing = false;
  remember(`marking-at-${key}`, "");
  const html = await fetchPart("part=end");
  if (html) end.innerHTML = html;
  end.focus({ preventScroll: true });
  end.scrollIntoView({ block: "center" });
  announce(end.textContent?.trim().replace(/\s+/g, " ") ?? "");
}

/**
 * Return a part of this page as HTML, '' if it cannot be had now.
 *
 * @param {string} query
 */
async function fetchPart(query) {
  try {
    const kept = desk.dataset.query ? `&${desk.dataset.query}` : "";
    const reply = await fetch(`${desk.dataset.url}?${query}${kept}`);
    return reply.ok ? await reply.text() : "";
  } catch {
    return "";
  }
}

/**
 * Return the articles of answers, as the server makes them.
 *
 * @param {string} query
 * @returns {Promise<HTMLElement[]>}
 */
async function fetchArticles(query) {
  const page = new DOMParser().parseFromString(
    await fetchPart(`part=answers&${query}`),
    "text/html",
  );
  return /** @type {HTMLElement[]} */ ([...page.querySelectorAll(".answer")]);
}

// --- marks -------------------------------------------------------------------

/**
 * Give an answer a mark, and go on to the next.
 *
 * @param {HTMLElement} article
 * @param {string} points
 * @param {{ stays?: boolean }} options
 */
function give(article, points, { stays = false } = {}) {
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
  const mark = { points, comment: commentOf(article) };
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
function putMarks(article, marks) {
  const step = {
    article,
    marks: marks.map(({ attempt }) => ({ attempt, before: markNow(attempt) })),
  };
  steps.push(step);
  sendMarks(marks);
}

/** @param {{ attempt: number, mark: Given, seen?: string, confirmed?: boolean }[]} marks */
function sendMarks(marks) {
  for (const { attempt, mark } of marks) count(attempt, mark);
  outbox.put(
    marks.map(({ attempt, mark, seen, confirmed = false }) => ({
      item,
      attempt,
      points: mark?.points ?? null,
      comment: mark?.comment ?? "",
      seen: [seen ?? seenField(attempt)?.value ?? ""],
      read: readField(attempt)?.value ?? "",
      confirmed,
    })),
  );
  showWhere();
}

/**
 * Count an answer that is about to have a mark, or to lose it.
 *
 * @param {number} attempt
 * @param {Given} mark
 */
function count(attempt, mark) {
  const change = Number(mark !== null) - Number(markNow(attempt) !== null);
  const marked = Number(desk.dataset.marked) + change;
  desk.dataset.marked = String(marked);
  const text = one("[data-count]");
  const values = { n: marked, all: desk.dataset.all ?? "" };
  if (text) text.textContent = says("saysMarked", values);
}

/** Take the last step back, and go there. */
function undo() {
  const step = steps.pop();
  if (!step) return;
  returnTo = null;
  const first = step.marks[0].before;
  sendMarks(step.marks.map(({ attempt, before }) => ({ attempt, mark: before })));
  showWhere();
  if (step.article.matches("[data-blank]")) {
    one("[data-give]", step.article)?.removeAttribute("hidden");
    one("[data-undo-blank]", step.article)?.remove();
  }
  if (!step.article.isConnected || !articleOf(step.article)) {
    announce(says("saysUndone"));
    return;
  }
  showMark(step.article, first, says("saysTaken"));
  commentField(step.article).value = first?.comment ?? "";
  step.article.classList.remove("settled");
  activate(step.article);
  announce(says("saysUndone"));
}

/**
 * Hear from the server what became of a mark.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
function settled(entry, outcome) {
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
  if (outcome.state === "unread") {
    // One after the other: equal answers stand in one article, which the first one replaces.
    reading = reading.then(() => readAgain(entry, outcome));
  } else if (article) ask(article, entry, outcome);
  else askElsewhere(entry, outcome);
}
let reading = Promise.resolve();

/**
 * Show the answer that a pupil has submitted meanwhile, and ask about the mark there.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
async function readAgain(entry, outcome) {
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
  if (active === article) activate(alone);
  else showWhere();
}

/**
 * Ask what is to become of a mark that was not saved.
 *
 * @param {HTMLElement} article
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
function ask(article, entry, outcome) {
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
  };
  const use = () => {
    const mark = entry.points === null ? null : { points: entry.points, comment: entry.comment };
    settle();
    // Only who has read that a mark is released can have confirmed its change.
    sendMarks([{ attempt, mark, confirmed: outcome.state === "released" }]);
  };
  const buttons = [makeButton(outcome.keep || says("saysClose"), close)];
  if (outcome.use) buttons.push(makeButton(outcome.use, use));
  const theirs = outcome.state === "other" && outcome.comment ? ` “${outcome.comment}”` : "";
  const said = outcome.said || says("saysRefused");
  const box = makeNotice(said + theirs, buttons);
  box.dataset.about = String(attempt);
  one(`[data-about="${attempt}"]`, article)?.remove();
  one("[data-notice]", article)?.append(box);
  announce(said);
  showState(article, "");
  article.classList.remove("settled");
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
const isLost = (entry, outcome) =>
  entry.item !== item && (outcome.state === "refused" || !isQuestion(entry.item));

/**
 * Say what became of a mark for which there is no answer to show, until somebody has read it.
 *
 * @param {Entry} entry
 * @param {Outcome} outcome
 */
function tell(entry, outcome) {
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
function askAgain() {
  for (const entry of outbox.entries) {
    if (!entry.waits) continue;
    if (isLost(entry, entry.waits)) tell(entry, entry.waits);
    else if (entry.item === item && !seenField(entry.attempt)) askElsewhere(entry, entry.waits);
  }
}

// --- comments ----------------------------------------------------------------

/** @type {string[]} of this question that are not to be offered */
const forgotten = JSON.parse(remembered(`marking-forgotten-${key}-${item}`) || "[]");
/** @type {{ text: string, points: string }[]} commonest first */
let comments = [];

function readComments() {
  comments = /** @type {HTMLElement[]} */ (all("[data-comments] li")).map((row) => ({
    text: row.textContent ?? "",
    points: row.dataset.points ?? "",
  }));
}

function showComments() {
  const shown = comments.filter(({ text }) => !forgotten.includes(text)).slice(0, SHOWN_COMMENTS);
  const rows = shown.map((comment) => {
    const row = document.createElement("li");
    const use = document.createElement("button");
    use.type = "button";
    use.className = "mark-chip";
    use.dir = "auto";
    use.textContent = comment.text;
    use.addEventListener("click", () => useComment(comment));
    const forget = document.createElement("button");
    forget.type = "button";
    forget.className = "forget";
    forget.textContent = "×";
    forget.setAttribute("aria-label", `${says("saysForget")}: ${comment.text}`);
    forget.addEventListener("click", () => {
      forgotten.push(comment.text);
      remember(`marking-forgotten-${key}-${item}`, JSON.stringify(forgotten));
      showComments();
    });
    row.append(use, forget);
    return row;
  });
  one("[data-comments]")?.replaceChildren(...rows);
  one(".mark-chips")?.toggleAttribute("hidden", !rows.length);
}

/**
 * Put a comment into the line of the active answer, or take it out; its mark is suggested.
 *
 * @param {{ text: string, points: string }} comment
 */
function useComment({ text, points }) {
  if (!active) return;
  const field = commentField(active);
  const isIn = field.value.includes(text);
  field.value = isIn
    ? field.value.replace(text, "").replace(/ {2,}/g, " ").trim()
    : [field.value.trim(), text].filter(Boolean).join(" ");
  for (const button of /** @type {HTMLButtonElement[]} */ (all(".point", active))) {
    const isMarked = active.classList.contains("marked");
    button.classList.toggle("suggested", !isIn && !isMarked && button.value === points);
  }
  saveComment(active);
  if (isInComments) field.focus();
}
let isInComments = false; // they were reached from the line, and lead back there

/**
 * Save the comment with the mark of an answer, or keep it until the answer has one.
 *
 * @param {HTMLElement} article
 */
function saveComment(article) {
  const comment = commentOf(article);
  const [attempt] = attemptsOf(article);
  if (attempt === undefined) return;
  const mark = markNow(attempt);
  if (mark === null) outbox.keepTyped(item, attempt, comment);
  else if (mark.comment !== comment) give(article, mark.points, { stays: true });
}

/** @param {{ comment: string }} mark that was given now */
function noteComment({ comment }) {
  if (!comment || comments.some(({ text }) => text === comment)) return;
  comments.splice(Math.min(comments.length, SHOWN_COMMENTS - 1), 0, { text: comment, points: "" });
  showComments();
}

// --- equal answers -----------------------------------------------------------

/**
 * Let an answer of a group come by itself: it is not equal after all.
 *
 * @param {HTMLElement} article
 * @param {number} attempt
 */
async function takeOut(article, attempt) {
  /** @type {HTMLInputElement[]} */
  const boxes = all("[data-alike] [name='attempt']", article);
  for (const box of boxes) box.checked = Number(box.value) !== attempt;
  const rest = attemptsOf(article);
  if (!rest.length) return;
  const [[group], [alone]] = await Promise.all([
    fetchArticles(`answers=${rest.join(".")}`),
    fetchArticles(`answers=${attempt}&alone=1`),
  ]);
  if (!group || !alone) return; // offline: it stays out of the next press, and waits for its mark
  commentField(group).value = commentField(article).value;
  article.replaceWith(group, alone);
  prepare(group);
  prepare(alone);
  const alike = one("[data-alike]", group);
  if (alike) alike.setAttribute("open", "");
  activate(group);
  showState(group, says("saysOut"));
  announce(says("saysOut"));
}

/** Take the equal answer out that has the focus, or lead there first. */
function keyOut() {
  const alike = active && one("[data-alike]", active);
  if (!active || !alike) return;
  alike.setAttribute("open", "");
  const focused = document.activeElement;
  if (focused instanceof HTMLInputElement && alike.contains(focused)) {
    takeOut(active, Number(focused.value));
  } else {
    one("[name='attempt']", alike)?.focus();
  }
}

/**
 * Move among equal answers. Return whether the focus is there.
 *
 * @param {number} by
 */
function moveAmongEqual(by) {
  const focused = document.activeElement;
  const alike = focused?.closest("[data-alike]");
  if (!alike || !(focused instanceof HTMLInputElement)) return false;
  /** @type {HTMLInputElement[]} */
  const boxes = all("[name='attempt']", alike);
  boxes[boxes.indexOf(focused) + by]?.focus();
  return true;
}

// --- keys --------------------------------------------------------------------

const singleKeys = /** @type {HTMLInputElement} */ (one("[data-single-keys]"));
const halfMarks = /** @type {HTMLInputElement | null} */ (one("[data-half-marks]"));
const hasKeys = "hasKeys" in desk.dataset;

/** @param {string} points that wait for Enter or a half, '' for none */
function setPending(points) {
  pending = points;
  if (!active) return;
  for (const button of /** @type {HTMLButtonElement[]} */ (all(".point", active))) {
    button.classList.toggle("waiting", points !== "" && button.value === points);
  }
  if (points) showState(active, says("saysPending", { points }));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.isComposing || event.metaKey || event.altKey) return;
  if (target.matches("[name='comment']")) {
    onCommentKey(event, /** @type {HTMLTextAreaElement} */ (target));
    return;
  }
  if (event.ctrlKey) return;
  if (target.closest("[data-comments]") && /^Arrow|^Escape$/.test(event.key)) {
    event.preventDefault();
    moveAmongComments(event.key);
    return;
  }
  if (target.closest("[data-keys]") && ["Escape", "?"].includes(event.key)) {
    event.preventDefault();
    toggleKeys();
    return;
  }
  const isTyping = target.matches("select, textarea, input:not([type='checkbox'])");
  if (!singleKeys.checked || isTyping || target.closest("[data-keys] .panel")) return;
  const isPressable = target.matches("button, a, summary, input");
  const halves = halfMarks?.checked ?? false;
  const situation = { maximum: Number(maximum), hasKeys, halves, pending };
  const action = actionOf(event.key, situation);
  // Enter presses what has the focus, unless a mark waits for it.
  if (!action || !active) return;
  if (event.key === "Enter" && isPressable && !pending) return;
  if (action.step !== "number") event.preventDefault();
  const isArrow = event.key.startsWith("Arrow");
  if (!isArrow && (event.repeat || !press.counts(event.key, event.timeStamp))) {
    event.preventDefault();
    return;
  }
  perform(active, action);
}

/**
 * @param {HTMLElement} article
 * @param {import("./mark-keys.js").Action} action
 */
function perform(article, action) {
  switch (action.step) {
    case "mark":
      give(article, action.points);
      break;
    case "wait":
      setPending(action.points);
      break;
    case "high":
      showNotice(article, says("saysHighest", { maximum }));
      break;
    case "number":
      numberField(article).value = "";
      numberField(article).focus();
      break;
    case "comment":
      commentField(article).focus();
      break;
    case "skip":
      go(1);
      break;
    case "undo":
      undo();
      break;
    case "last": {
      const last = steps.findLast(
        (step) => articleOf(step.article) && step.article.isConnected && step.article !== article,
      );
      if (!last) break;
      activate(last.article);
      returnTo = article;
      break;
    }
    case "out":
      keyOut();
      break;
    case "keys":
      toggleKeys();
      break;
    case "down":
    case "up": {
      const by = action.step === "down" ? 1 : -1;
      if (!moveAmongEqual(by)) go(by);
      break;
    }
    case "leave":
      setPending("");
      showNotice(article, "");
      break;
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLTextAreaElement} field
 */
function onCommentKey(event, field) {
  const article = /** @type {HTMLElement} */ (articleOf(field));
  if ((event.key === "Enter" && event.ctrlKey) || event.key === "Escape") {
    event.preventDefault();
    const back = returnTo?.isConnected ? returnTo : article;
    returnTo = null;
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
function moveAmongComments(name) {
  const chips = /** @type {HTMLElement[]} */ (all("[data-comments] .mark-chip"));
  const at = chips.findIndex((chip) => chip.parentElement?.contains(document.activeElement));
  const isForward = name === "ArrowDown" || name === "ArrowRight";
  const next = name === "Escape" ? undefined : chips[at + (isForward ? 1 : -1)];
  if (next) next.focus();
  else if (active && !isForward) commentField(active).focus();
}

function toggleKeys() {
  const keys = /** @type {HTMLDetailsElement} */ (one("[data-keys]"));
  keys.open = !keys.open;
  if (keys.open) one("summary", keys)?.focus();
  else active?.focus({ preventScroll: true });
}

function showPreferences() {
  desk.classList.toggle("by-keys", singleKeys.checked && hasKeys);
  desk.classList.toggle("halves", halfMarks?.checked ?? false);
}

// --- the strip ---------------------------------------------------------------

function showConnection() {
  const kept = one("[data-kept]");
  if (!kept) return;
  const entries = outbox.entries;
  const elsewhere = entries.find(
    (entry) => entry.waits && entry.item !== item && !isLost(entry, entry.waits),
  );
  const isHeld = outbox.isStuck || outbox.isClosed;
  /** @type {(Node | string)[]} */
  const parts = [];
  if (isHeld && outbox.unsent) {
    const n = outbox.unsent;
    parts.push(
      outbox.keeps ? says(n === 1 ? "saysOneKept" : "saysManyKept", { n }) : says("saysUnkept"),
    );
    for (const entry of entries) showHeld(entry);
  }
  if (outbox.isClosed) {
    parts.push(" · ", says("saysClosed"));
    if (desk.dataset.course) {
      const back = makeLink(desk.dataset.course, says("saysCourse"));
      back.target = "_top"; // the course is around the LMS's frame
      parts.push(" ", back);
    }
  }
  if (elsewhere) {
    parts.push(" ", makeLink(addressOf(elsewhere.item), says("saysElsewhere")));
  }
  const said = kept.textContent ?? "";
  kept.replaceChildren(...parts);
  kept.classList.toggle("failed", parts.length > 0);
  if (parts.length && !said) announce(kept.textContent ?? "");
  if (isFinishing && (!outbox.unsent || isHeld)) finish();
}

/** @param {Entry} entry that is not sent yet */
function showHeld(entry) {
  const field = entry.item === item && !entry.waits ? seenField(entry.attempt) : null;
  const article = field && articleOf(field);
  if (article) showState(article, says("saysKept", { points: inWords(entry.points) }));
}

/**
 * @param {string} address
 * @param {string} text
 */
function makeLink(address, text) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = text;
  return link;
}

/** @param {string} other the key of a question */
const isQuestion = (other) => (desk.dataset.questions ?? "").trim().split(" ").includes(other);

/** @param {string} other the key of a question */
const addressOf = (other) => `${desk.dataset.url}`.replace(/[^/]+\/$/, `${other}/`);

const outbox = new MarkOutbox(`marks-${key}`, addressOf, settled, showConnection);

// --- the wiring --------------------------------------------------------------

/**
 * Fold what is equal in a new article, and show what this device keeps for it.
 *
 * @param {HTMLElement} article
 */
function prepare(article) {
  article.dataset.prepared = "";
  const number = article.dataset.answer ?? "";
  const twins = all(`[id="answer-${number}"]`, list);
  if (twins.length > 1) {
    article.remove(); // it was put on top before
    return;
  }
  one("[data-alike]", article)?.removeAttribute("open");
  for (const attempt of attemptsOf(article)) {
    const entry = outbox.find(item, attempt);
    if (entry) {
      const mark = entry.points === null ? null : { points: entry.points, comment: entry.comment };
      showMark(article, mark, says("saysKept", { points: inWords(entry.points) }));
      commentField(article).value = entry.comment;
      if (entry.waits) ask(article, entry, entry.waits);
    }
  }
  const [first] = attemptsOf(article);
  const typed = first === undefined ? "" : outbox.typed(item, first);
  if (typed && !commentField(article).value) commentField(article).value = typed;
}

list.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const article = articleOf(form);
  if (!article || form !== formOf(article)) return;
  event.preventDefault();
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  if (!press.counts(`press ${button.value}`, event.timeStamp)) return;
  activate(article, { moves: false });
  const { value } = numberField(article);
  if (button.name === "points") give(article, button.value);
  else if (value) give(article, String(Number(value)));
  else showNotice(article, says("saysNeedsMark"));
});
list.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const article = articleOf(field);
  if (!article) return;
  if (field.name === "comment") saveComment(article);
  else if (field.name === "attempt") takeOut(article, Number(field.value));
});
list.addEventListener("input", (event) => {
  const field = /** @type {HTMLElement} */ (event.target);
  const article = articleOf(field);
  if (!article || !field.matches("[name='comment']")) return;
  const [attempt] = attemptsOf(article);
  const isUnmarked = attempt !== undefined && markNow(attempt) === null;
  if (isUnmarked) outbox.keepTyped(item, attempt, commentOf(article));
});
list.addEventListener("focusin", ({ target }) => {
  const article = articleOf(/** @type {Element} */ (target));
  if (article && article !== active) activate(article, { moves: false });
  if (/** @type {Element} */ (target).matches("[name='comment']")) isInComments = false;
});
document.addEventListener("htmx:afterSettle", () => {
  for (const article of articles()) {
    if (!("prepared" in article.dataset)) prepare(article);
  }
  showWhere();
  if (!isWaitingForMore) return;
  isWaitingForMore = false;
  const known = articles();
  const at = active ? known.indexOf(active) : -1;
  const next = known.slice(at + 1).find((other) => !other.classList.contains("marked"));
  if (next ?? known[at + 1]) activate(next ?? known[at + 1]);
  else waitForMore();
});
document.addEventListener("keydown", onKey);
one("[data-previous]")?.addEventListener("click", () => go(-1));
one("[data-next]")?.addEventListener("click", () => go(1));
one("[data-undo]")?.addEventListener("click", undo);
one("[data-blank]")?.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  /** @type {HTMLInputElement[]} */
  const answers = all("[name='answer']", form);
  if (!answers.length) return; // taking them back: the page comes anew
  event.preventDefault();
  const section = /** @type {HTMLElement} */ (one("[data-blank]"));
  const marks = answers.map(({ value }) => ({
    attempt: Number(value),
    mark: { points: "0", comment: "" },
  }));
  const button = makeButton(one("[data-undo]")?.textContent ?? "", undo);
  button.dataset.undoBlank = "";
  putMarks(section, marks);
  form.closest("details")?.setAttribute("hidden", "");
  section.append(button);
  button.focus();
});

for (const part of /** @type {HTMLDetailsElement[]} */ (all("details[data-remember]"))) {
  const name = `marking-${part.dataset.remember}-folded`;
  if (remembered(name) === "1") part.open = false;
  part.addEventListener("toggle", () => remember(name, part.open ? "" : "1"));
}
singleKeys.checked = remembered("marking-single-keys") !== "off";
singleKeys.addEventListener("change", () => {
  remember("marking-single-keys", singleKeys.checked ? "" : "off");
  showPreferences();
});
if (halfMarks) {
  const chosen = remembered("marking-halves");
  halfMarks.checked = chosen ? chosen === "on" : "hasHalves" in desk.dataset;
  halfMarks.addEventListener("change", () => {
    remember("marking-halves", halfMarks.checked ? "on" : "off");
    showPreferences();
  });
}
addEventListener("online", () => outbox.send());
addEventListener("pagehide", () => outbox.flush());
addEventListener("beforeunload", (event) => {
  if (!outbox.keeps && outbox.unsent) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") outbox.flush();
});

/** Go to the answer at which somebody was last, or to the first one. */
function begin() {
  const [question, attempt] = remembered(`marking-at-${key}`).split("/");
  if (
    isQuestion(question) &&
    question !== item &&
    new URLSearchParams(location.search).has("go-on")
  ) {
    location.replace(addressOf(question));
    return;
  }
  desk.classList.add("scripted");
  one("[data-keys]")?.removeAttribute("hidden");
  one("[data-strip]")?.removeAttribute("hidden");
  if (matchMedia("(max-width: 47.99rem)").matches) one("[data-asked]")?.removeAttribute("open");
  readComments();
  showComments();
  showPreferences();
  for (const article of articles()) prepare(article);
  let at = question === item ? one(`[id="answer-${attempt}"]`, list) : null;
  const isMarked = at?.classList.contains("marked");
  if (isMarked) at = null; // it is done: the next one that waits is first
  at ??= articles().find((article) => !article.classList.contains("marked")) ?? articles()[0];
  if (at) activate(at, { moves: location.hash === "" });
  showWhere();
  askAgain();
  outbox.send();
}
// htmx has connected its links by then.
document.addEventListener("DOMContentLoaded", begin);
