// How one text was made of another, and where a place in it has got to.

/** @typedef {[number, number]} Extent where something begins and ends */
/** @typedef {{ at: number, removed: string, inserted: string }} Change */

/**
 * Return the one change that makes a text of another: what is the same at both ends is no part of it.
 *
 * @param {string} before
 * @param {string} after
 * @returns {Change}
 */
export function changeBetween(before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < shorter - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const removed = before.slice(head, before.length - tail);
  return { at: head, removed, inserted: after.slice(head, after.length - tail) };
}

/**
 * Return where an extent is after a change: what is written inside of it belongs to it.
 *
 * @param {Extent} extent
 * @param {Change} change
 * @returns {Extent}
 */
export function shifted([start, end], { at, removed, inserted }) {
  const until = at + removed.length;
  const grown = inserted.length - removed.length;
  if (end <= at) return [start, end];
  if (start >= until) return [start + grown, end + grown];
  const first = start >= at && end > until ? at + inserted.length : Math.min(start, at);
  return [first, end >= until ? end + grown : Math.max(first, at)];
}

/**
 * Return the text with a change.
 *
 * @param {string} text
 * @param {Change} change
 */
export function changed(text, { at, removed, inserted }) {
  return text.slice(0, at) + inserted + text.slice(at + removed.length);
}
