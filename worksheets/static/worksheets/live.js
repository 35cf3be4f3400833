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
