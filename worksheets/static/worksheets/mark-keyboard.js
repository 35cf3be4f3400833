// The keys of the page, and whether single ones count.
import { articleOf, commentField, numberField, showNotice } from "./mark-answers.js";
import { pressChip } from "./mark-chips.js";
import { moveAmongComments, onCommentKey } from "./mark-comments.js";
import { keyOut, moveAmongEqual } from "./mark-equal.js";
import { give, steps, undo } from "./mark-giving.js";
import { actionOf } from "./mark-keys.js";
import { desk, maximum, one, remember, remembered, says } from "./mark-page.js";
import { pressLine } from "./mark-rubric.js";
import { activate, go, here, setPending } from "./mark-place.js";

const singleKeys = /** @type {HTMLInputElement} */ (one("[data-single-keys]"));
const halfMarks = /** @type {HTMLInputElement | null} */ (one("[data-half-marks]"));
const hasKeys = "hasKeys" in desk.dataset;

/** @param {KeyboardEvent} event */
export function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  const isOther = event.isComposing || event.metaKey || event.altKey;
  // Linux tells of AltGr in no other way.
  if (isOther || event.getModifierState("AltGraph")) return;
  if (event.repeat && event.key === "Enter" && target.matches("button, input")) {
    event.preventDefault(); // browsers press a button again and again
    return;
  }
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
  const isPressable = target.matches("button, a, summary, input:not([name='line'])");
  const halves = halfMarks?.checked ?? false;
  const situation = { maximum: Number(maximum), hasKeys, halves, pending: here.pending };
  const action = actionOf(event.key, situation);
  if (!action || !here.active) return;
  // Enter presses what has the focus, unless a mark waits for it.
  if (event.key === "Enter" && isPressable && !here.pending) return;
  if (action.step !== "number") event.preventDefault();
  // A key that is held down reaches no further answer.
  if (event.repeat && !event.key.startsWith("Arrow")) {
    event.preventDefault();
    return;
  }
  perform(here.active, action);
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
    case "chip":
      pressChip(action.place);
      break;
    case "line":
      pressLine(article, action.place);
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
      here.returnTo = article;
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

function toggleKeys() {
  const keys = /** @type {HTMLDetailsElement} */ (one("[data-keys]"));
  keys.open = !keys.open;
  if (keys.open) one("summary", keys)?.focus();
  else here.active?.focus({ preventScroll: true });
}

function showPreferences() {
  desk.classList.toggle("by-keys", singleKeys.checked && hasKeys);
  desk.classList.toggle("halves", halfMarks?.checked ?? false);
}

/** Take what is chosen in this browser, and hear what is chosen now. */
export function readPreferences() {
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
  showPreferences();
}
