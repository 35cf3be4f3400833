// The plain editor: from a problem to its place in the text.
const form = /** @type {HTMLFormElement} */ (document.getElementById("editor"));
const source = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("source"));

document.addEventListener("click", ({ target }) => {
  /** @type {HTMLElement | null} */
  const button = target instanceof Element ? target.closest(".to-line") : null;
  if (!button) return;
  const lines = source.value.split("\n");
  const line = Number(button.dataset.line) - 1;
  const start = lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0);
  const column = Math.max(Number(button.dataset.column) - 1, 0);
  source.focus();
  source.setSelectionRange(start + column, start + (lines[line] ?? "").length);
  // The text area does not scroll by itself to a selection that a script makes.
  source.scrollTop = Math.max(line - 4, 0) * parseFloat(getComputedStyle(source).lineHeight);
});
// Words typed before this page's scripts had arrived: the preview does not know them yet.
addEventListener("load", () => {
  if (source.value !== source.defaultValue) source.dispatchEvent(new Event("stale"));
});
form.addEventListener("draft:restored", () => source.dispatchEvent(new Event("stale")));
