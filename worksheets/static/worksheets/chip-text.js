// A comment from a chip in a line that somebody writes. Nothing here touches the page.

/**
 * Return a line with a chip's text put in at its end, or taken out where it stands there already.
 *
 * @param {string} line
 * @param {string} text
 */
export function toggled(line, text) {
  const at = line.indexOf(text);
  if (at < 0) return [line.trim(), text].filter(Boolean).join(" ");
  const [before, after] = [line.slice(0, at).trimEnd(), line.slice(at + text.length).trimStart()];
  return [before, after].filter(Boolean).join(" ");
}
