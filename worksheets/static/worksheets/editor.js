// The plain editor: from a problem to its place in the text.
import { follow, select } from "./text-area.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("editor"));
const source = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("source"));
const status = /** @type {HTMLElement} */ (form.querySelector("[data-status]"));
let previewed = source.defaultValue; // the text that the preview's problems were found in

document.addEventListener("htmx:afterSwap", (event) => {
  previewed = /** @type {CustomEvent} */ (event).detail.requestConfig.parameters.source;
});
document.addEventListener("click", ({ target }) => {
  /** @type {HTMLElement | null} */
  const button = target instanceof Element ? target.closest(".to-place") : null;
  if (!button) return;
  const text = button.closest("#preview") ? previewed : source.defaultValue;
  const { start, end } = button.dataset;
  const extent = follow(text, source.value, [Number(start), Number(end)]);
  status.textContent = extent ? "" : (form.dataset.saysMoved ?? "");
  if (extent) {
    select(source, extent);
  } else {
    source.focus();
    source.dispatchEvent(new Event("stale"));
  }
});
// Words typed before this page's scripts had arrived: the preview does not know them yet.
addEventListener("load", () => {
  if (source.value !== source.defaultValue) source.dispatchEvent(new Event("stale"));
});
form.addEventListener("draft:restored", () => source.dispatchEvent(new Event("stale")));
