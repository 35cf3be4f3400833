// The plain editor: from a problem to its place in the text, and no text lost by leaving.
const form = document.getElementById("editor");
const source = form.elements.source;
let leaving = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest(".to-line");
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
form.addEventListener("submit", () => { leaving = true; });
addEventListener("beforeunload", (event) => { if (!leaving && source.value !== source.defaultValue) event.preventDefault(); });
// Words typed before this page's scripts had arrived: the preview does not know them yet.
addEventListener("load", () => {
  if (source.value !== source.defaultValue) source.dispatchEvent(new Event("stale"));
});
