// The strip of a page to fill in: how much is answered, and the way to what is still empty.
import { answerFields, readItem } from "./autosave.js";
import { format } from "./live.js";

/** @typedef {HTMLElement & { dataset: { item: string } }} Item */

/**
 * Return whether anything stands in an item.
 *
 * @param {Element} item
 */
function isAnswered(item) {
  return Object.values(readItem(item)).some((value) => value.trim());
}

/**
 * Return how many of the items are answered, in the words of the form, or '' if there are none.
 *
 * @param {HTMLFormElement} form
 * @param {string} kind a selector
 * @param {string} name of the data attribute that has the words
 */
function count(form, kind, name) {
  const items = [...form.querySelectorAll(`${kind}[data-item]`)];
  if (!items.length) return "";
  const values = { n: items.filter(isAnswered).length, all: items.length };
  return format(form.dataset[name] ?? "", values);
}

/**
 * Return the first empty item after the one that has the focus, else the first of all, or null.
 *
 * @param {HTMLFormElement} form
 */
export function nextEmpty(form) {
  const items = /** @type {Item[]} */ ([...form.querySelectorAll("[data-item]")]);
  const here = items.findIndex((item) => item.contains(document.activeElement));
  const empty = items.filter((item) => !isAnswered(item));
  return empty.find((item) => items.indexOf(item) > here) ?? empty[0] ?? null;
}

/**
 * Let the strip of a form follow what is filled in, and lead to what is empty.
 *
 * @param {HTMLFormElement} form
 */
export function connectProgress(form) {
  const text = form.querySelector("[data-progress]");
  const button = form.querySelector("[data-next-empty]");
  if (!text) return;
  const strip = /** @type {HTMLElement} */ (form.querySelector(".strip"));
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--strip", `${strip.offsetHeight}px`);
  }).observe(strip);
  const show = () => {
    const parts = [count(form, ".gap", "saysGaps"), count(form, ".question", "saysAnswers")];
    text.textContent = parts.filter(Boolean).join(" · ");
    button?.toggleAttribute("hidden", !nextEmpty(form));
  };
  form.addEventListener("input", show);
  form.addEventListener("worksheet:restored", show);
  let last = document.activeElement;
  form.addEventListener("focusin", ({ target }) => {
    if (target !== button) last = /** @type {Element} */ (target);
  });
  button?.addEventListener("click", () => {
    if (last instanceof HTMLElement) last.focus({ preventScroll: true });
    const item = nextEmpty(form);
    if (!item) return;
    answerFields(item)[0]?.focus({ preventScroll: true });
    item.scrollIntoView({ block: "center" });
  });
  show();
}

/**
 * Let Enter in a gap that is typed lead to the next field: it would submit the form.
 *
 * @param {HTMLFormElement} form
 */
export function connectEnter(form) {
  form.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key !== "Enter" || event.isComposing || !(target instanceof HTMLInputElement)) return;
    // Prevented already: it has put a word from the bank into the gap.
    if (event.defaultPrevented || !target.matches(".gap input")) return;
    event.preventDefault();
    const fields = answerFields(form);
    fields[fields.indexOf(target) + 1]?.focus();
  });
}
