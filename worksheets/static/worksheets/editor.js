// The plain editor: from a problem to its place in the text.
import { announce } from "./live.js";
import { follow, select } from "./text-area.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("editor"));
const source = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("source"));
const status = /** @type {HTMLElement} */ (form.querySelector("[data-status]"));
let previewed = source.defaultValue; // the text that the preview's problems were found in

let counted = problems().textContent;

/** Return how many problems the preview has, in words. */
function problems() {
  return /** @type {HTMLElement} */ (document.getElementById("problem-count"));
}

document.addEventListener("htmx:afterSwap", (event) => {
  previewed = /** @type {CustomEvent} */ (event).detail.requestConfig.parameters.source;
  const found = problems();
  source.setAttribute("aria-invalid", String("hasErrors" in found.dataset));
  // Not after each preview: who types hears of problems when there are more or fewer.
  if (found.textContent !== counted) announce(found.textContent.trim());
  counted = found.textContent;
});
document.addEventListener("click", ({ target }) => {
  /** @type {HTMLElement | null} */
  const button = target instanceof Element ? target.closest(".to-place") : null;
  if (!button) return;
  const text = button.closest("#preview") ? previewed : source.defaultValue;
  const { start, end } = button.dataset;
  const extent = follow(text, source.value, [Number(start), Number(end)]);
  status.textContent = extent ? "" : (form.dataset.saysMoved ?? "");
  announce(status.textContent);
  if (extent) {
    select(source, extent);
  } else {
    source.focus();
    source.dispatchEvent(new Event("stale"));
  }
});
// The page of answers leads to a place in the text: #text-120-130.
const place = /^#text-(\d+)-(\d+)$/.exec(location.hash);
if (place) {
  const extent = follow(source.defaultValue, source.value, [Number(place[1]), Number(place[2])]);
  if (extent) select(source, extent);
}
// Words typed before this page's scripts had arrived: the preview does not know them yet.
addEventListener("load", () => {
  if (source.value !== source.defaultValue) source.dispatchEvent(new Event("stale"));
});
form.addEventListener("draft:restored", () => source.dispatchEvent(new Event("stale")));
