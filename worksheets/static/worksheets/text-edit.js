// What a script writes into a text area: as one step that can be taken back, and heard of by whoever
// listens to typing.

/** @typedef {import("./text-change.js").Extent} Extent */

/**
 * Write a text in place of an extent, and select some of it.
 *
 * @param {HTMLTextAreaElement} area
 * @param {Extent} extent
 * @param {string} text
 * @param {Extent} [selected] of the text; its end if nothing else is said
 */
export function write(area, [start, end], text, [from, to] = [text.length, text.length]) {
  area.setRangeText(text, start, end);
  area.setSelectionRange(start + from, start + to);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Return a construct as it is written, and what of it is selected. What stands between « and » gives
 * way to what was selected before.
 *
 * @param {string} text
 * @param {string} selected
 * @returns {{ text: string, selected: Extent }}
 */
export function filled(text, selected) {
  const [before, inside = "", after = ""] = text.split(/[«»]/);
  const words = inside && selected ? selected : inside;
  return {
    text: before + words + after,
    selected: [before.length, before.length + words.length],
  };
}

/**
 * Return lines as items, each with its mark: '- ', '1. ', '(a) ', counted.
 *
 * @param {string[]} lines
 * @param {string} mark
 */
export function asItems(lines, mark) {
  return lines.map((line, at) => {
    const first = /[1a]/.exec(mark)?.[0] ?? "";
    const counted = first === "1" ? String(at + 1) : String.fromCharCode(97 + at);
    return (first ? mark.replace(first, counted) : mark) + line.trim();
  });
}

/**
 * Return where lines of their own are written for a selection, and the empty lines that separate them
 * from what stands around them.
 *
 * @param {string} value
 * @param {Extent} selection
 * @param {boolean} replaces whether they stand in place of what is selected
 * @returns {{ extent: Extent, before: string, after: string }}
 */
export function onLinesOfItsOwn(value, [start, end], replaces) {
  let [from, to] = [start, end];
  if (!replaces || start === end) {
    const lineStart = value.lastIndexOf("\n", end - 1) + 1;
    const next = value.indexOf("\n", end);
    const lineEnd = next < 0 ? value.length : next;
    const isBlank = !value.slice(lineStart, lineEnd).trim();
    [from, to] = isBlank ? [lineStart, lineEnd] : [lineEnd, lineEnd];
  }
  const above = value.slice(0, from).replace(/[ \t]+$/, "");
  const below = value.slice(to).replace(/^[ \t]+/, "");
  const before = !above || above.endsWith("\n\n") ? "" : above.endsWith("\n") ? "\n" : "\n\n";
  const after = !below || /^\n\s*\n/.test(below) ? "" : below.startsWith("\n") ? "\n" : "\n\n";
  return { extent: [above.length, value.length - below.length], before, after };
}
