// The one place of a page from which screen readers are told what happens: htmx writes there too.

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
  if (activeElement && activeElement !== document.body) return false;
  element.focus(options);
  return true;
}
