// What a form's draft is made of, and how two of them meet: a part for each field. Its version says
// from which windows typing went into it, and how much of each, so that of two texts the one that
// was typed over the other is known, wherever both were on their way meanwhile. Of two texts that
// were typed apart from each other, somebody has to choose.

/** @typedef {Record<string, number>} Version by window: its count when it last changed the field */
/**
 * `value` is null for what the page shows by itself. `sums` are of what was typed over: the text
 * that was saved where the typing began, and those that another page may have saved since. They and
 * `version` are missing for what came from a script that knew none.
 *
 * @typedef {{ value: string | null, version?: Version, sums?: number[] }} Part
 */
/** @typedef {{ name: string, part: Part, at: string, from: string }} Other a text that waits for a choice */

const MAX_WINDOWS = 16; // in a version: what is older is asked about once more
const MAX_SUMS = 8; // the same

/**
 * Return a value as the server keeps it, which cleans what it is sent.
 *
 * @param {string} value
 */
export function cleaned(value) {
  return value
    .replaceAll("\r\n", "\n")
    .trim()
    .replace(/^(-?\d+),(\d+)$/, "$1.$2");
}

/**
 * Return a number that is another one for another value, as the server keeps it.
 *
 * @param {string} value
 */
export function sumOf(value) {
  let sum = 0;
  for (const sign of cleaned(value)) sum = (Math.imul(sum, 31) + Number(sign.codePointAt(0))) | 0;
  return sum;
}

/**
 * Return whether a version goes on from the other one.
 *
 * @param {Version | undefined} version
 * @param {Version | undefined} other
 */
export function includes(version, other) {
  if (!version || !other) return false;
  return Object.entries(other).every(([window, count]) => (version[window] ?? 0) >= count);
}

/**
 * Return a version that goes on from both; names of windows begin with when they were opened.
 *
 * @param {Version | undefined} version
 * @param {Version | undefined} other
 * @returns {Version}
 */
export function together(version = {}, other = {}) {
  const both = { ...version };
  for (const [window, count] of Object.entries(other)) {
    both[window] = Math.max(both[window] ?? 0, count);
  }
  const windows = Object.keys(both).toSorted();
  for (const window of windows.slice(0, -MAX_WINDOWS)) delete both[window];
  return both;
}

/**
 * Return the sums of a part that is typed over another one; the first is of what was saved.
 *
 * @param {number[] | undefined} sums
 * @param {Part | undefined} former
 */
export function sumsOver(sums, former) {
  const value = former?.value ?? null;
  // What a page shows by itself may have been saved by somebody who knew nothing of this.
  const own = value === null ? [] : [...(former?.sums ?? []), sumOf(value)];
  const [first, ...more] = new Set([...(sums ?? []), ...own]);
  return first === undefined ? [] : [first, ...more.slice(-MAX_SUMS)];
}

/**
 * @param {string | null} value
 * @param {string | null} other
 */
function isSame(value, other) {
  if (value === null || other === null) return value === other;
  return cleaned(value) === cleaned(other);
}

/**
 * Return the part that stands now, and the other one if somebody has to choose.
 *
 * @param {Part | undefined} mine
 * @param {Part | undefined} theirs
 * @returns {{ part: Part | undefined, other?: Part }}
 */
export function meet(mine, theirs) {
  if (!mine || !theirs) return { part: mine ?? theirs };
  const version = together(mine.version, theirs.version);
  const over = { ...mine, sums: sumsOver(mine.sums, theirs) };
  const overMine = { ...theirs, sums: sumsOver(theirs.sums, mine) };
  if (isSame(mine.value, theirs.value)) return { part: { ...over, version } };
  if (includes(mine.version, theirs.version)) return { part: over };
  if (includes(theirs.version, mine.version)) return { part: overMine };
  if (mine.value === null) return { part: { ...theirs, version } };
  if (theirs.value === null) return { part: { ...mine, version } };
  return { part: mine, other: theirs };
}
