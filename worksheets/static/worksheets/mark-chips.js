// The comments that were used before, as chips beside the question.
import { CHIP_KEYS } from "./mark-keys.js";
import { all, item, key, makeKey, one, remember, remembered, says } from "./mark-page.js";

/** @typedef {{ text: string, points: string }} Comment with the mark that it is given with most */

const SHOWN_COMMENTS = CHIP_KEYS.length;

/** What a press of a chip does; another module sets it. */
export const presses = { use: (/** @type {Comment} */ _comment) => {} };

/** @type {string[]} of this question that are not to be offered */
const forgotten = JSON.parse(remembered(`marking-forgotten-${key}-${item}`) || "[]");
/** @type {{ text: string, points: string }[]} commonest first */
let comments = [];

export function readComments() {
  comments = /** @type {HTMLElement[]} */ (all("[data-comments] li")).map((row) => ({
    text: row.textContent ?? "",
    points: row.dataset.points ?? "",
  }));
}

export function showComments() {
  const shown = comments.filter(({ text }) => !forgotten.includes(text)).slice(0, SHOWN_COMMENTS);
  const rows = shown.map((comment, place) => {
    const row = document.createElement("li");
    const use = document.createElement("button");
    use.type = "button";
    use.className = "mark-chip";
    use.dir = "auto";
    use.append(makeKey(CHIP_KEYS[place]), comment.text);
    use.setAttribute("aria-keyshortcuts", CHIP_KEYS[place]);
    use.addEventListener("click", () => presses.use(comment));
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

/** @param {{ comment: string }} mark that was given now */
export function noteComment({ comment }) {
  if (!comment || comments.some(({ text }) => text === comment)) return;
  comments.splice(Math.min(comments.length, SHOWN_COMMENTS - 1), 0, { text: comment, points: "" });
  showComments();
}

/** @param {number} place of the chip to press, where there is one */
export function pressChip(place) {
  /** @type {HTMLElement[]} */
  const chips = all("[data-comments] .mark-chip");
  chips[place]?.click();
}
