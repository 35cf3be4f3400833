// A pile of papers: a name, a mark, Enter, and the field is ready for the next. Without this script
// the list below is a form with a field for each pupil.
import { announce, format } from "./live.js";
import { find } from "./paper-names.js";
import { PaperQueue } from "./paper-sending.js";

/** @typedef {import("./paper-names.js").Pupil} Pupil */

const pile = /** @type {HTMLElement} */ (document.getElementById("pile"));
const nameField = /** @type {HTMLInputElement} */ (document.getElementById("pile-name"));
const markField = /** @type {HTMLInputElement} */ (document.getElementById("pile-mark"));
const list = /** @type {HTMLElement} */ (document.getElementById("pile-found"));
const notice = /** @type {HTMLElement} */ (document.getElementById("pile-notice"));
const done = /** @type {HTMLElement} */ (document.getElementById("pile-done"));
const { address = "", pupils: given = "[]", letters: keys = "{}" } = pile.dataset;
/** @type {Pupil[]} */
const pupils = JSON.parse(given).map(
  (/** @type {[number, string, string, string]} */ [number, name, standing, said]) => ({
    number,
    name,
    standing,
    said,
  }),
);
/** @type {Record<string, string>} */
const letters = JSON.parse(keys);
const queue = new PaperQueue(address);
const ONCE = 300; // milliseconds within which a second press of the same key counts no more
let last = { key: "", at: -Infinity };
/** @type {Set<HTMLElement>} entries without an answer of the server */
const unsaved = new Set();
/** @type {Pupil[]} */
let found = [];
let place = 0;
/** @type {Pupil | null} */
let chosen = null;
let lastGiven = ""; // the letter by which the last mark was given, '' if it was none

/**
 * @param {string} name
 * @param {Record<string, string | number>} values
 */
const says = (name, values = {}) => format(pile.dataset[name] ?? "", values);

function showFound() {
  list.replaceChildren(
    ...found.map((pupil, index) => {
      const option = document.createElement("li");
      option.id = `pile-found-${index}`;
      option.role = "option";
      option.ariaSelected = String(index === place);
      option.textContent = pupil.said ? `${pupil.name} · ${pupil.said}` : pupil.name;
      return option;
    }),
  );
  list.hidden = !found.length;
  nameField.ariaExpanded = String(found.length > 0);
  if (found.length) nameField.setAttribute("aria-activedescendant", `pile-found-${place}`);
  else nameField.removeAttribute("aria-activedescendant");
}

function look() {
  chosen = null;
  found = find(pupils, nameField.value);
  place = 0;
  notice.textContent = nameField.value.trim() && !found.length ? says("saysNobody") : "";
  showFound();
}

/** @param {Pupil} pupil */
function choose(pupil) {
  chosen = pupil;
  found = [];
  showFound();
  nameField.value = pupil.name;
  notice.textContent = pupil.said ? says("saysStands", { entered: pupil.said }) : "";
  markField.value = "";
  markField.focus();
}

function beginAnew() {
  chosen = null;
  nameField.value = markField.value = "";
  found = [];
  showFound();
  nameField.focus();
}

/** @param {string} text */
function enter(text) {
  if (!chosen) {
    notice.textContent = says("saysChoose");
    nameField.focus();
    return;
  }
  if (!text.trim()) {
    notice.textContent = says("saysNeedsMark");
    return;
  }
  notice.textContent = "";
  const row = document.createElement("li");
  done.prepend(row);
  send(row, chosen, text, null, false);
  beginAnew();
}

/**
 * @param {HTMLElement} row of the list of what was typed
 * @param {Pupil} pupil
 * @param {string} text
 * @param {string | null} before what to bring back, null to enter the text
 * @param {boolean} confirmed
 */
function send(row, pupil, text, before, confirmed) {
  unsaved.add(row);
  row.className = "waiting";
  row.textContent = `${pupil.name}: ${text} · ${says("saysSaving")}`;
  const again = () => send(row, pupil, text, before, confirmed);
  queue.add({
    pupil,
    text,
    before,
    confirmed,
    settled: (answer) => {
      if (!answer) {
        row.className = "failed";
        show(row, `${pupil.name}: ${text} · ${says("saysNotSent")}`, says("saysAgain"), again);
        announce(row.firstChild?.textContent ?? "");
        return;
      }
      unsaved.delete(row);
      settle(row, pupil, text, before, answer);
    },
  });
}

/**
 * @param {HTMLElement} row
 * @param {Pupil} pupil
 * @param {string} text
 * @param {string | null} before
 * @param {import("./paper-sending.js").Answer} answer
 */
function settle(row, pupil, text, before, answer) {
  const isSaved = answer.state === "saved" || answer.state === "same";
  row.className = isSaved ? "saved" : "refused";
  if (isSaved) {
    const now = answer.said || says("saysNothing");
    const words = `${pupil.name}: ${now} · ${says(before === null ? "saysSaved" : "saysUndone")}`;
    const undo = () => send(row, pupil, says("saysUndo"), answer.before, false);
    const canUndo = before === null && answer.state === "saved";
    show(row, words, canUndo ? says("saysUndo") : "", undo);
    showInList(pupil, answer.typed);
  } else {
    const asks = answer.state === "released";
    const all = () => send(row, pupil, text, before, true);
    const words = `${pupil.name}: ${text} · ${answer.message || says("saysNotSent")}`;
    show(row, words, asks ? says("saysConfirm") : "", all);
  }
  announce(row.firstChild?.textContent ?? "");
}

/**
 * @param {HTMLElement} row
 * @param {string} words
 * @param {string} label of a button, '' for none
 * @param {() => void} act
 */
function show(row, words, label, act) {
  const text = document.createElement("span");
  text.textContent = words;
  row.replaceChildren(text);
  if (!label) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = label;
  button.addEventListener("click", () => {
    nameField.focus();
    act();
  });
  row.append(" ", button);
}

/**
 * Show in the list below what stands by now, so that its form does not bring back what stood.
 *
 * @param {Pupil} pupil
 * @param {string} typed what a teacher would type for it
 */
function showInList(pupil, typed) {
  const row = document.getElementById(`paper-${pupil.number}`);
  if (!row) return;
  const [seen, was, field] = row.querySelectorAll("input");
  const isTouched = field.value !== was.value;
  seen.value = pupil.standing;
  was.value = typed;
  if (!isTouched) field.value = typed;
  const now = row.querySelector("[data-now]");
  if (now) now.textContent = pupil.said || "–";
}

nameField.addEventListener("input", look);
nameField.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!found.length) return;
    place = (place + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    showFound();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (chosen) markField.focus();
    else if (found[place]) choose(found[place]);
  } else if (event.key === "Escape") {
    beginAnew();
  }
});
list.addEventListener("pointerdown", (event) => {
  const option = /** @type {Element} */ (event.target).closest("[role='option']");
  if (!option) return;
  event.preventDefault();
  choose(found[[...list.children].indexOf(option)]);
});
markField.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    enter(markField.value);
  } else if (event.key === "Escape") {
    event.preventDefault();
    beginAnew();
  } else if (!markField.value && letters[event.key.toLowerCase()]) {
    event.preventDefault();
    enter(letters[event.key.toLowerCase()]);
  }
});
// A key that is held down, or pressed twice in a moment, never reaches the next pupil.
pile.addEventListener(
  "keydown",
  (event) => {
    const isField = event.target === nameField || event.target === markField;
    if (!isField || event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = event.key.toLowerCase();
    const counts = pressed !== last.key || event.timeStamp - last.at >= ONCE;
    if (counts) last = { key: pressed, at: event.timeStamp };
    const gives = event.target === markField && !markField.value && pressed in letters;
    const acts = pressed === "enter" || pressed === lastGiven || gives;
    if (acts && (event.repeat || !counts)) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      lastGiven = gives ? pressed : "";
    }
  },
  { capture: true },
);
addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});
pile.hidden = false;
nameField.focus({ preventScroll: true });
