// What a key means on the page that marks one question. Nothing here touches the page.

/** The keys of the comments used before, in their order: letters that lie side by side. */
export const CHIP_KEYS = "adfgh";

/** The keys of the rubric's first lines, as the server shows them. */
const LINE_KEYS = "qwertuio";

const ONCE = 300; // milliseconds within which a second press counts no more
const NEAR = 12; // pixels that a pointer may move between the presses of a double click

/**
 * A step that a key asks for; `points` is a mark as a form's field has it.
 *
 * @typedef {{ step: "mark" | "wait", points: string }
 *   | { step: "chip" | "line", place: number }
 *   | { step: "high" | "number" | "comment" | "skip" | "undo" | "last" | "out" | "keys"
 *     | "up" | "down" | "leave" }} Action
 */
/**
 * @typedef {{
 *   maximum: number, hasKeys: boolean, halves: boolean, pending: string
 * }} Situation `pending` is a mark that waits for Enter or its half, '' for none
 */

/** @type {Record<string, Action>} */
const LETTERS = {
  c: { step: "comment" },
  s: { step: "skip" },
  z: { step: "undo" },
  p: { step: "last" },
  x: { step: "out" },
  "?": { step: "keys" },
  ArrowDown: { step: "down" },
  ArrowUp: { step: "up" },
  Escape: { step: "leave" },
};

/**
 * Return what a key asks for, or null.
 *
 * @param {string} key
 * @param {Situation} situation
 * @returns {Action | null}
 */
export function actionOf(key, situation) {
  const { maximum, hasKeys, halves, pending } = situation;
  key = plainFigures(key);
  if (/^[0-9]$/.test(key)) {
    if (!hasKeys) return { step: "number" };
    if (Number(key) > maximum) return { step: "high" };
    return { step: halves ? "wait" : "mark", points: key };
  }
  if ((key === "." || key === ",") && halves && hasKeys) {
    const points = Number(pending || 0) + 0.5;
    return points > maximum ? { step: "high" } : { step: "mark", points: String(points) };
  }
  if (key === "Enter") return pending ? { step: "mark", points: pending } : null;
  if (key.length > 1) return LETTERS[key] ?? null;
  const letter = key.toLowerCase();
  const [chip, line] = [CHIP_KEYS.indexOf(letter), LINE_KEYS.indexOf(letter)];
  if (chip >= 0) return { step: "chip", place: chip };
  return line < 0 ? (LETTERS[letter] ?? null) : { step: "line", place: line };
}

/**
 * Return a text with the figures of every script as 0 to 9, and their decimal signs.
 *
 * @param {string} text
 */
function plainFigures(text) {
  const plain = text.replace(/[\u066b\uff0c]/g, ",").replace("\uff0e", ".");
  return plain.replace(/\p{Nd}/gu, (figure) => {
    let place = 0; // the ten of a script follow each other
    while (/\p{Nd}/u.test(String.fromCodePoint(Number(figure.codePointAt(0)) - place - 1)))
      place += 1;
    return String(place);
  });
}

/**
 * Return a mark as a form's field has it, '' for a text that is none.
 *
 * @param {string} text as somebody has typed it, with a comma or a full stop
 */
export function pointsIn(text) {
  const typed = plainFigures(text).trim().replace(",", ".");
  return /^(\d{1,7}(\.\d{0,2})?|\.\d{1,2})$/.test(typed) ? String(Number(typed)) : "";
}

/** @typedef {{ timeStamp: number, clientX: number, clientY: number }} Press by a pointer */

/**
 * The last press of a button by a pointer: the second one of a double click, and the third one of a
 * triple click, are meant for nothing that has come under the pointer meanwhile. Of keys each one
 * counts that somebody has pressed anew.
 */
export class LastPress {
  /** @type {Press} */
  #last = { timeStamp: -Infinity, clientX: 0, clientY: 0 };
  #wasMark = false;

  /**
   * @param {Press} press
   * @param {boolean} isMark whether it gives a mark
   */
  note({ timeStamp, clientX, clientY }, isMark) {
    this.#last = { timeStamp, clientX, clientY };
    this.#wasMark = isMark;
  }

  /**
   * Return whether a press comes too soon to be one of its own.
   *
   * @param {Press} press
   * @param {boolean} isMark whether it gives a mark: two of these need not be at the same place
   */
  isFollowedBy({ timeStamp, clientX, clientY }, isMark) {
    const distance = Math.hypot(clientX - this.#last.clientX, clientY - this.#last.clientY);
    return (
      timeStamp - this.#last.timeStamp < ONCE && ((isMark && this.#wasMark) || distance < NEAR)
    );
  }
}
