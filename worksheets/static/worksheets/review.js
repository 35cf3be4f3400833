// The review of an import: presses are sent, and the page stays where it is. Without this script
// every press is a form that loads the page again.
import { announce, begin } from "./live.js";
import { Menus } from "./review-menu.js";
import { Sides } from "./review-sides.js";

const root = /** @type {HTMLElement} */ (document.getElementById("review"));
const sides = new Sides(root);
const menus = new Menus(root);
const SHOWN = new Set([200, 409, 422]); // statuses with which the page comes back as it is now
let isSending = false;

/**
 * Send what a button says, and show what the server makes of it.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement} button
 * @param {HTMLElement | null} from where the press began, if the button is in a menu
 */
async function send(form, button, from) {
  if (isSending) return;
  isSending = true;
  root.setAttribute("aria-busy", "true");
  const data = new FormData(form, button);
  data.set("fragment", "1");
  menus.close(); // not before: a button that is gone sends nothing
  const wasCheck = Boolean(button.closest(".check-card"));
  const start = from ?? button;
  const place = start.id;
  const block = start.closest("[data-block]")?.getAttribute("data-block") ?? "";
  const side = start.closest(".side")?.id ?? "";
  try {
    const body = new URLSearchParams(/** @type {any} */ (data));
    const reply = await fetch(form.action, { method: "POST", body });
    if (!SHOWN.has(reply.status)) throw new Error(String(reply.status));
    const html = await reply.text();
    const kept = sides.positions();
    root.innerHTML = html;
    sides.restore(kept);
    menus.connect();
    arrive(wasCheck, place, side, block);
  } catch {
    fail();
  } finally {
    isSending = false;
    root.removeAttribute("aria-busy");
  }
}

/**
 * Say what was done, and put the focus where the work goes on.
 *
 * @param {boolean} wasCheck
 * @param {string} place the id of what was pressed
 * @param {string} side
 * @param {string} block
 */
function arrive(wasCheck, place, side, block) {
  announce(document.getElementById("said")?.textContent?.trim() ?? "");
  const sure = document.getElementById("sure");
  /** @type {HTMLElement | null} */
  const next = root.querySelector(".check-card .yes");
  if (sure) sure.focus();
  else if (wasCheck && next) ask(next);
  else if (wasCheck) document.getElementById("next-answers")?.focus();
  else {
    const there = `.side[id="${side}"] [data-block="${CSS.escape(block)}"] .guess`;
    /** @type {HTMLElement | null} */
    const found = document.getElementById(place) ?? (side ? root.querySelector(there) : null);
    const rest = document.getElementById(side || "main");
    (found ?? rest)?.focus({ preventScroll: true });
  }
}

/**
 * Go to a question: Enter is Yes.
 *
 * @param {HTMLElement} yes
 */
function ask(yes) {
  sides.show("sheet");
  if (begin(yes, { preventScroll: true })) toMiddle(yes);
}

/** @param {HTMLElement} yes */
function toMiddle(yes) {
  yes.closest(".check-card")?.scrollIntoView({ block: "center" });
}

/**
 * Open the menu of a block of the sheet; one that has none is only shown.
 *
 * @param {string} number
 */
function showBlock(number) {
  sides.show("sheet");
  const block = root.querySelector(`.block[data-block="${CSS.escape(number)}"]`);
  block?.scrollIntoView({ block: "center" });
  const guess = block?.querySelector(".guess");
  if (guess instanceof HTMLButtonElement) menus.open(guess);
}

/** Say that nothing was sent. */
function fail() {
  let notice = document.getElementById("said");
  if (!notice) {
    notice = document.createElement("p");
    notice.id = "said";
    root.querySelector(".review-state")?.after(notice);
  }
  notice.className = "notice warning";
  notice.textContent = root.dataset.saysFailed ?? "";
  announce(notice.textContent);
}

/** Fill in where the selection begins and ends; return whether it is one that can be sent. */
function readSelection() {
  const selection = getSelection();
  const form = /** @type {HTMLFormElement} */ (document.getElementById("review-form"));
  if (!selection || selection.isCollapsed || !selection.rangeCount) return false;
  const range = selection.getRangeAt(0);
  const edges = [
    edge(range.startContainer, range.startOffset),
    edge(range.endContainer, range.endOffset),
  ];
  const [start, end] = edges;
  if (!start || !end || start.side !== end.side) return false;
  /** @type {Record<string, string>} */
  const values = {
    side: start.side,
    "start-at": start.at,
    "start-text": start.text,
    "end-at": end.at,
    "end-text": end.text,
  };
  for (const [name, value] of Object.entries(values)) {
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = value;
  }
  return true;
}

/**
 * Return the line or block of an edge of the selection, and its text up to there.
 *
 * @param {Node} node
 * @param {number} offset
 */
function edge(node, offset) {
  const element = node instanceof Element ? node : node.parentElement;
  const line = element?.closest(".line-text");
  const whole = line ?? element?.closest(".block");
  if (!whole || !root.contains(whole)) return null;
  const range = document.createRange();
  range.setStart(whole, 0);
  range.setEnd(node, offset);
  const at = whole.getAttribute(line ? "data-line" : "data-block") ?? "";
  return { side: line ? "paper" : "sheet", at, text: range.toString() };
}

document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (!(target instanceof HTMLFormElement) || target.id !== "review-form" || !submitter) return;
  event.preventDefault();
  if (submitter.getAttribute("name") === "menu") {
    menus.open(/** @type {HTMLButtonElement} */ (submitter));
    return;
  }
  send(target, submitter, menus.opener);
});
document.addEventListener("selectionchange", () => {
  const bar = /** @type {HTMLElement | null} */ (root.querySelector(".selection-menu"));
  if (!bar || bar.contains(document.activeElement)) return;
  bar.hidden = !readSelection();
  if (!bar.hidden) menus.place(bar, getSelection()?.getRangeAt(0).getBoundingClientRect());
});
// What is pressed there does not take the selection away.
root.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest(".selection-menu")) {
    event.preventDefault();
  }
});
root.addEventListener("click", (event) => {
  const element = event.target instanceof Element ? event.target : null;
  if (!element || element.closest("button, a, summary, select, label, .press-box, .check-card")) {
    return;
  }
  if (getSelection()?.isCollapsed === false) return;
  const mark = element.closest(".page-mark");
  if (mark) {
    showBlock(mark.getAttribute("data-block") ?? "");
    return;
  }
  const handle = element
    .closest(".bank-entry, .paper-line, .block")
    ?.querySelector(":scope > .guess");
  if (handle instanceof HTMLButtonElement) menus.open(handle);
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof Element && event.target.matches("input, textarea");
  const isHeld = event.repeat && event.key === "Enter" && !isTyping;
  if (isHeld) event.preventDefault(); // or it would answer the next check too
  else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z" && !isTyping) {
    event.preventDefault();
    document.getElementById("undo")?.click();
  } else if (event.key === "F6") {
    event.preventDefault();
    sides.change();
  } else if (!menus.press(event)) {
    sides.press(event);
  }
});

menus.connect();
sides.connect();
const first = /** @type {HTMLElement | null} */ (root.querySelector(".check-card .yes"));
if (first && new URLSearchParams(location.search).has("notice")) ask(first);
