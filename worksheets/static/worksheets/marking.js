// The page on which a teacher marks one question for the whole class. Without this script each
// answer is a form of its own; with it, a key or a press saves a mark and the next answer comes.
// This module wires the page; the others have one idea each.
import {
  articleOf,
  articles,
  attemptsOf,
  commentOf,
  formOf,
  markNow,
  numberField,
  showNotice,
  showNumber,
} from "./mark-answers.js";
import { presses, readComments, showComments } from "./mark-chips.js";
import { leaveComments, saveComment, useComment } from "./mark-comments.js";
import { takeOut } from "./mark-equal.js";
import { give, putMarks, undo } from "./mark-giving.js";
import { LastPress, pointsIn } from "./mark-keys.js";
import { onKey, readPreferences } from "./mark-keyboard.js";
import { askAgain, prepare, settled } from "./mark-outcomes.js";
import {
  all,
  desk,
  item,
  key,
  list,
  makeButton,
  one,
  remember,
  remembered,
  says,
} from "./mark-page.js";
import { activate, go, goOnWithMore, here, showWhere } from "./mark-place.js";
import { chooseLine } from "./mark-rubric.js";
import { addressOf, hears, isQuestion, outbox } from "./mark-sending.js";
import { showConnection } from "./mark-strip.js";

const GIVING = ".point, .save, [data-undo], [data-undo-blank]"; // buttons that give marks, or take them

hears.settled = (entry, outcome) => {
  settled(entry, outcome);
  if (outcome.state === "rubric") live.then(({ look }) => look()).catch(() => {});
};
hears.changed = () => {
  showConnection();
  live.then(({ showAgain }) => showAgain()).catch(() => {});
};
presses.use = useComment;
// It is not needed before somebody else has changed something.
const live = import("./mark-live.js");
// What is collected before it is there goes by the form itself.
import("./collect.js").catch(() => {});
// Without it a press at another answer has to be made once more.
import("./mark-pressing.js").catch(() => {});

const lastPress = new LastPress();
for (const kind of /** @type {const} */ (["mousedown", "click"])) {
  desk.addEventListener(
    kind,
    (event) => {
      if (!event.detail) return; // a key, or Enter in a field, comes as a click too
      const pressed = /** @type {Element} */ (event.target).closest("button");
      if (pressed && !pressed.matches(GIVING)) {
        if (kind === "click") lastPress.note(event, false);
        return;
      }
      const isMark = !!pressed?.matches(".point, .save");
      const isTooSoon = lastPress.isFollowedBy(event, isMark);
      if (kind === "click" && (isTooSoon || pressed)) lastPress.note(event, isMark);
      if (!isTooSoon) return;
      event.preventDefault(); // nor does it take the focus, and the next keys with it
      event.stopPropagation();
    },
    { capture: true },
  );
}
list.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const article = articleOf(form);
  if (!article || form !== formOf(article)) return;
  const button = event.submitter;
  if (button?.hasAttribute("formaction")) return; // it collects, and marks nothing
  event.preventDefault();
  if (!(button instanceof HTMLButtonElement)) return;
  activate(article, { moves: false });
  const points = pointsIn(numberField(article).value);
  if (button.name === "points") give(article, button.value);
  else if (points) give(article, points);
  else showNotice(article, says("saysNeedsMark"));
});
list.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const article = articleOf(field);
  if (!article) return;
  // Safari gives no focus to a box that is pressed.
  if (field.type === "checkbox" && article !== here.active) activate(article, { moves: false });
  if (field.name === "comment") saveComment(article);
  else if (field.name === "line") chooseLine(article, field);
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
list.addEventListener(
  "toggle",
  ({ target }) => {
    const article = articleOf(/** @type {Element} */ (target));
    if (article) showNumber(article);
  },
  { capture: true },
);
list.addEventListener("focusin", ({ target }) => {
  const article = articleOf(/** @type {Element} */ (target));
  if (article && article !== here.active) activate(article, { moves: false });
  if (/** @type {Element} */ (target).matches("[name='comment']")) leaveComments();
});
document.addEventListener("htmx:afterSettle", () => {
  for (const article of articles()) {
    if (!("prepared" in article.dataset)) prepare(article);
  }
  goOnWithMore();
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
    mark: { points: "0", comment: "", lines: [] },
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
    const { query } = desk.dataset;
    location.replace(`${addressOf(question)}${query ? "?" : ""}${query}`);
    return;
  }
  desk.classList.add("scripted");
  one("[data-keys]")?.removeAttribute("hidden");
  one("[data-strip]")?.removeAttribute("hidden");
  // Where it stands above the answers, it would hide the first of them.
  if (matchMedia("(max-width: 59.99rem)").matches) one("[data-asked]")?.removeAttribute("open");
  readComments();
  showComments();
  readPreferences();
  for (const article of articles()) prepare(article);
  let at = question === item ? one(`[id="answer-${attempt}"]`, list) : null;
  const isMarked = at?.classList.contains("marked");
  if (isMarked) at = null; // it is done: the next one that waits is first
  at ??= articles().find((article) => !article.classList.contains("marked")) ?? articles()[0];
  if (at) activate(at, { moves: location.hash === "" });
  showWhere();
  askAgain();
  outbox.send();
  live.then(({ watchRubric }) => watchRubric()).catch(() => {});
}
// htmx has connected its links by then.
document.addEventListener("DOMContentLoaded", begin);
