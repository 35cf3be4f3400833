// A place in a text area's text: found again after changes, selected, and brought into view.

const LINES = 5; // of a selection, which the page scrolls to

/**
 * Return where an extent of one text stands in a text made from it by one change; null if the
 * change touches it.
 *
 * @param {string} before
 * @param {string} after
 * @param {[number, number]} extent
 * @returns {[number, number] | null}
 */
export function follow(before, after, [start, end]) {
  if (before === after) return [start, end];
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const grown = after.length - before.length;
  if (end < head) return [start, end];
  return start > before.length - tail ? [start + grown, end + grown] : null;
}

/**
 * Select an extent, give the focus to the text area, and scroll both it and the page to the
 * selection.
 *
 * Browsers do not tell where lines wrap. A second text area wraps them as the first one does, and
 * then stands where the selection is, for the page (and the page around a frame) to scroll to.
 *
 * @param {HTMLTextAreaElement} area
 * @param {[number, number]} extent
 */
export function select(area, [start, end]) {
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, end);
  const ruler = /** @type {HTMLTextAreaElement} */ (area.cloneNode());
  for (const name of ["id", "name", "rows"]) ruler.removeAttribute(name);
  ruler.inert = true;
  Object.assign(ruler.style, {
    position: "absolute",
    display: "block",
    visibility: "hidden",
    boxSizing: "border-box",
    inlineSize: `${area.getBoundingClientRect().width}px`,
    blockSize: "0",
    minBlockSize: "0",
    // A scroll bar takes away from the width where the text area has one.
    overflowY: area.scrollHeight > area.clientHeight ? "scroll" : "hidden",
  });
  area.after(ruler);
  const height = (/** @type {string} */ text) => {
    ruler.value = text;
    return ruler.scrollHeight;
  };
  // The whole word: where only its beginning fits, all of it is on the next line.
  const word = /^\S*/.exec(area.value.slice(start))?.[0] ?? "";
  const first = height(area.value.slice(0, start) + word);
  const empty = height("");
  const line = height("\n") - empty;
  const top = first - empty;
  const selected = Math.max(height(area.value.slice(0, end)) - first, 0) + line;
  area.scrollTop = top - Math.max(area.clientHeight - selected, 0) / 3;
  // Of many lines the first ones: there may be more than the window shows.
  ruler.style.blockSize = `${Math.min(selected, LINES * line)}px`;
  ruler.style.scrollMarginBlock = `${line}px`;
  ruler.style.marginBlockStart = `${top - area.scrollTop - area.offsetHeight}px`;
  ruler.scrollIntoView({ block: "nearest" });
  ruler.remove();
}
