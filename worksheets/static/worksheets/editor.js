// The editor: the text with its light layer and its bar, the sheet beside it, and the steps that can
// be taken back.
import { Bar } from "./editor-bar.js";
import { Find } from "./editor-find.js";
import { Pictures } from "./editor-pictures.js";
import { Sides } from "./editor-sides.js";
import { Watch } from "./editor-watch.js";
import { announce } from "./live.js";
import { follow, select } from "./text-area.js";
import { changeBetween } from "./text-change.js";
import { TextHistory } from "./text-history.js";
import { TextLayer } from "./text-layer.js";

const root = /** @type {HTMLElement} */ (document.getElementById("desk"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("editor"));
const source = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("source"));
const status = /** @type {HTMLElement} */ (form.querySelector("[data-status]"));
const preview = /** @type {HTMLElement} */ (document.getElementById("preview"));
const TYPED = new Set(["insertText", "deleteContentBackward", "deleteContentForward"]);

const layer = new TextLayer(source);
const steps = new TextHistory(source.defaultValue);
const sides = new Sides(root, source, layer);
let previewed = source.defaultValue; // the text that the preview and its problems were made of
let shown = source.defaultValue; // the text that the layer and the sides have followed

const say = (/** @type {string} */ text) => {
  status.textContent = text;
};
const find = new Find(
  /** @type {HTMLElement} */ (document.getElementById("find")),
  source,
  layer,
  (offset) => sides.reveal(offset),
);
const bar = new Bar(/** @type {HTMLElement} */ (root.querySelector(".bar")), source, say);

let counted = problems().textContent;

/** Return how many problems the preview has, in words. */
function problems() {
  return /** @type {HTMLElement} */ (document.getElementById("problem-count"));
}

/** Show what the preview says of the text that it was made of. */
function showMarks() {
  const { marks = "[]" } = /** @type {HTMLElement} */ (document.getElementById("marks")).dataset;
  const { value } = source;
  layer.show(previewed, JSON.parse(marks));
  layer.follow(value);
  sides.refresh();
  if (value !== previewed) sides.follow(changeBetween(previewed, value));
  shown = value;
}

/**
 * Go on with the text as it is now.
 *
 * @param {boolean} isTyped
 */
function note(isTyped) {
  const { value } = source;
  if (value === shown) return;
  steps.note(value, isTyped);
  layer.follow(value);
  sides.follow(changeBetween(shown, value));
  shown = value;
  find.refresh();
  showSteps();
}

/** Say which of the buttons for steps do something. */
function showSteps() {
  for (const [name, can] of /** @type {[string, boolean][]} */ ([
    ["undo", steps.canUndo],
    ["redo", steps.canRedo],
  ])) {
    form.querySelector(`[data-${name}]`)?.setAttribute("aria-disabled", String(!can));
  }
}

/** @param {"undo" | "redo"} name */
function step(name) {
  const change = name === "undo" ? steps.undo() : steps.redo();
  if (!change) return;
  const { at, removed, inserted } = change;
  source.focus({ preventScroll: true });
  source.setRangeText(inserted, at, at + removed.length, "end");
  source.dispatchEvent(new Event("input", { bubbles: true }));
  sides.reveal(source.selectionEnd);
}

document.addEventListener("htmx:afterSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.target !== preview) return;
  previewed = detail.requestConfig.parameters.source.replaceAll("\r\n", "\n");
  const found = problems();
  source.setAttribute("aria-invalid", String("hasErrors" in found.dataset));
  showMarks();
  // Not after each preview: who types hears of problems when there are more or fewer.
  if (found.textContent !== counted) announce((found.textContent ?? "").trim());
  counted = found.textContent;
});
root.addEventListener("click", (event) => {
  const element = event.target instanceof Element ? event.target : null;
  const placed = element?.closest("#sheet .placed");
  const pressed = element?.closest(".to-place");
  const link = placed ? element?.closest("a") : null;
  if (link?.getAttribute("href")?.startsWith("#")) return; // to a footnote, and back
  if (link) event.preventDefault(); // or the page would be left
  if (placed && !pressed && getSelection()?.isCollapsed === false) return;
  const button = pressed ?? placed;
  if (button instanceof HTMLElement) goTo(button);
});

/**
 * Go to the place in the text that a button names.
 *
 * @param {HTMLElement} button
 */
function goTo(button) {
  const text = "ofSaved" in button.dataset ? source.defaultValue : previewed;
  const { start, end } = button.dataset;
  const extent = follow(text, source.value, [Number(start), Number(end)]);
  say(extent ? "" : (form.dataset.saysMoved ?? ""));
  announce(status.textContent ?? "");
  if (sides.isNarrow) sides.show("text");
  if (extent) {
    select(source, extent);
  } else {
    source.focus();
    source.dispatchEvent(new Event("stale"));
  }
}

source.addEventListener("input", (event) => {
  const isEvent = event instanceof InputEvent;
  if (isEvent && event.isComposing) return; // the word is not there yet
  note(isEvent && TYPED.has(event.inputType));
});
source.addEventListener("compositionend", () => note(false));
source.addEventListener("pointerdown", () => steps.close());
// Of the browser's own steps none is left where a script has written into the text.
source.addEventListener("beforeinput", (event) => {
  const name = { historyUndo: "undo", historyRedo: "redo" }[event.inputType];
  if (!name) return;
  event.preventDefault();
  step(/** @type {"undo" | "redo"} */ (name));
});
root.addEventListener("keydown", (event) => {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (event.key === "F6") {
    event.preventDefault();
    sides.change();
  } else if (sides.press(event)) {
    return;
  } else if (event.key === "Escape" && event.target instanceof Node) {
    if (document.getElementById("sheet")?.contains(event.target)) sides.change();
  } else if (isCommand && event.target === source && (key === "z" || key === "y")) {
    event.preventDefault();
    step(key === "y" || event.shiftKey ? "redo" : "undo");
  } else if (isCommand && key === "h" && !event.shiftKey) {
    event.preventDefault();
    find.open();
  }
});
for (const name of /** @type {const} */ (["undo", "redo"])) {
  form.querySelector(`[data-${name}]`)?.addEventListener("click", () => step(name));
}
form.addEventListener("draft:restored", () => {
  restoreSteps();
  note(false);
  source.dispatchEvent(new Event("stale"));
});

// What was there before a reload: in this tab, or with the draft, perhaps of another device.
const KEY = `steps-${form.dataset.draftKey}`;
/** @returns {import("./text-history.js").Kept | null} */
function keptHere() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null; // browsers can switch storage off in a frame
  }
}
addEventListener("pagehide", () => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(steps.kept()));
  } catch {
    // Not kept here: the draft has the steps of what is not saved.
  }
});
/** Go on from the steps that led to the text, if they are known: nothing was done on this page yet. */
function restoreSteps() {
  if (steps.canUndo || steps.canRedo) return;
  const now = new TextHistory(source.value);
  const saved = JSON.parse(form.dataset.draftSaved || "null")?.history;
  if (!now.restore(keptHere()) && !now.restore(saved)) return;
  steps.take(now);
  showSteps();
}
form.addEventListener("draft:send", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  // The last request of a page may be only so large.
  if (!detail.last) detail.history = steps.kept();
});

// The page of answers leads to a place in the text: #text-120-130.
const place = /^#text-(\d+)-(\d+)$/.exec(location.hash);
if (place) {
  const extent = follow(source.defaultValue, source.value, [Number(place[1]), Number(place[2])]);
  if (extent) select(source, extent);
}
// Words typed before this page's scripts had arrived: the preview does not know them yet.
addEventListener("load", () => {
  restoreSteps();
  note(false);
  if (source.value !== source.defaultValue) source.dispatchEvent(new Event("stale"));
});
new Pictures(source, form, say).connect();
new Watch(root, form).connect();
bar.connect();
showMarks();
showSteps();
restoreSteps();
