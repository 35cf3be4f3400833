// The lines of the rubric: those that are ticked make the mark, which waits until it is saved.
import { announce } from "./live.js";
import { asTyped, lineBoxes, numberField, showState } from "./mark-answers.js";
import { maximum, says } from "./mark-page.js";
import { setPending } from "./mark-place.js";

/**
 * Press a line by its place, where there is one.
 *
 * @param {HTMLElement} article
 * @param {number} place
 */
export function pressLine(article, place) {
  lineBoxes(article)[place]?.click();
}

/**
 * Let a mark wait that the ticked lines make; of levels only the one that was ticked last stays.
 *
 * @param {HTMLElement} article
 * @param {HTMLInputElement} box that was ticked, or not any more
 */
export function chooseLine(article, box) {
  const boxes = lineBoxes(article);
  if (box.checked && "level" in box.dataset) {
    for (const other of boxes) if (other !== box && "level" in other.dataset) other.checked = false;
  }
  const chosen = boxes.filter((one) => one.checked);
  if (!chosen.length && !article.classList.contains("marked")) {
    numberField(article).value = "";
    setPending("");
    showState(article, "");
    return;
  }
  // In hundredths: 0.1 and 0.2 make 0.3.
  const sum = chosen.reduce((n, one) => n + Math.round(Number(one.dataset.points) * 100), 0);
  const points = String(Math.min(sum / 100, Number(maximum)));
  numberField(article).value = asTyped(points);
  setPending(points);
  const words = says("saysByLines", { points });
  showState(article, words);
  announce(words);
}
