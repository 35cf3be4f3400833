// What was changed in a text, step by step, so that it can be taken back, also after a reload: browsers
// forget their own steps then, and whenever a script writes into the text.
import { changed, changeBetween } from "./text-change.js";

/** @typedef {import("./text-change.js").Change} Change */
/** @typedef {[number, string, string]} KeptStep where, what was there before, and since */
/** @typedef {{ length: number, sum: number, undo: KeptStep[], redo: KeptStep[] }} Kept */

const MAX_STEPS = 200;
const MAX_CHARACTERS = 100_000; // of all steps together
const MAX_TYPED = 80; // characters that are one step

/** The steps of one text. */
export class TextHistory {
  #text;
  /** @type {Change[]} */
  #undo = [];
  /** @type {Change[]} those that were taken back */
  #redo = [];
  #isOpen = false; // whether typing goes on with the last step

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
  }

  get canUndo() {
    return this.#undo.length > 0;
  }

  get canRedo() {
    return this.#redo.length > 0;
  }

  /**
   * Take note of the text as it is now; return what has changed, null for nothing.
   *
   * @param {string} text
   * @param {boolean} isTyped whether it may go on with the step before
   */
  note(text, isTyped) {
    if (text === this.#text) return null;
    const change = changeBetween(this.#text, text);
    const last = this.#undo.at(-1);
    const joined = isTyped && this.#isOpen && last ? join(last, change) : null;
    if (joined) this.#undo[this.#undo.length - 1] = joined;
    else this.#undo.push(change);
    this.#isOpen = isTyped;
    this.#redo = [];
    this.#text = text;
    this.#forgetFirst();
    return change;
  }

  /** End the step: what is typed next is one of its own. */
  close() {
    this.#isOpen = false;
  }

  /** Take the last step back; return what that changes, null if there is none. */
  undo() {
    return this.#move(this.#undo, this.#redo);
  }

  /** Do again what was taken back last; return what that changes, null if there is nothing. */
  redo() {
    return this.#move(this.#redo, this.#undo);
  }

  /**
   * @param {Change[]} from
   * @param {Change[]} to
   */
  #move(from, to) {
    const step = from.pop();
    if (!step) return null;
    const change = { at: step.at, removed: step.inserted, inserted: step.removed };
    to.push(change);
    this.#text = changed(this.#text, change);
    this.#isOpen = false;
    return change;
  }

  /** Return the steps, to be kept. @returns {Kept} */
  kept() {
    const [undo, redo] = [this.#undo, this.#redo].map((steps) => {
      return steps.map(({ at, removed, inserted }) => {
        return /** @type {KeptStep} */ ([at, removed, inserted]);
      });
    });
    return { length: this.#text.length, sum: sumOf(this.#text), undo, redo };
  }

  /**
   * Go on from what was kept, if it is of this text; return whether it is.
   *
   * @param {Kept | null | undefined} kept
   */
  restore(kept) {
    if (kept?.length !== this.#text.length || kept.sum !== sumOf(this.#text)) return false;
    const [undo, redo] = [kept.undo, kept.redo].map((rows) => {
      return rows.map(([at, removed, inserted]) => ({ at, removed, inserted }));
    });
    if (!fit(this.#text, undo) || !fit(this.#text, redo)) return false;
    [this.#undo, this.#redo] = [undo, redo];
    return true;
  }

  /**
   * Go on from the steps of another one, which has the same text.
   *
   * @param {TextHistory} other
   */
  take(other) {
    this.#text = other.#text;
    this.#undo = other.#undo;
    this.#redo = other.#redo;
    this.#isOpen = false;
  }

  #forgetFirst() {
    let characters = 0;
    let kept = 0;
    for (const { removed, inserted } of this.#undo.toReversed()) {
      characters += removed.length + inserted.length;
      if (kept === MAX_STEPS || (kept > 0 && characters > MAX_CHARACTERS)) break;
      kept += 1;
    }
    this.#undo.splice(0, this.#undo.length - kept);
  }
}

/**
 * Return whether steps can be taken back from a text, the last one first.
 *
 * @param {string} text
 * @param {Change[]} steps
 */
function fit(text, steps) {
  let now = text;
  for (const { at, removed, inserted } of steps.toReversed()) {
    if (!now.startsWith(inserted, at)) return false;
    now = changed(now, { at, removed: inserted, inserted: removed });
  }
  return true;
}

/**
 * Return two steps as one, if the second goes on with the first: letters of a word, or its removal.
 *
 * @param {Change} first
 * @param {Change} second
 */
function join(first, second) {
  const { at, removed, inserted } = second;
  if (!first.removed && !removed && at === first.at + first.inserted.length) {
    const beginsWord = /\s$/.test(first.inserted) && /^\S/.test(inserted);
    const isLong = first.inserted.length + inserted.length > MAX_TYPED;
    if (beginsWord || isLong || /\n/.test(first.inserted + inserted)) return null;
    return { at: first.at, removed: "", inserted: first.inserted + inserted };
  }
  if (first.inserted || inserted || first.removed.length + removed.length > MAX_TYPED) return null;
  if (at + removed.length === first.at) return { at, removed: removed + first.removed, inserted };
  return at === first.at ? { at, removed: first.removed + removed, inserted } : null;
}

/** @param {string} text */
function sumOf(text) {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
  return sum;
}
