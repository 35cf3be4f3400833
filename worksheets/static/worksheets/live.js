// What a page says and where it begins. There is one place from which screen readers are told what
// happens: htmx writes there too.

/**
 * Have screen readers say this when they have said what they are saying.
 *
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("live");
  if (region) region.textContent = text;
}

/**
 * Return the text with {name} replaced by the value of that name, where there is one.
 *
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function format(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Give this the focus when the page has come, unless somebody has gone to another place by then.
 *
 * @param {HTMLElement} element
 * @param {FocusOptions} [options]
 * @returns {boolean} whether it has the focus
 */
export function begin(element, options) {
  const { activeElement } = document;
  // Where the page itself has put it, nobody has gone.
  const isFree = !activeElement || activeElement.matches("body, [autofocus]");
  if (!isFree) return false;
  element.focus(options);
  return true;
}
