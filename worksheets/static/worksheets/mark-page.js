// The page on which a teacher marks one question: its parts, its words, what the browser remembers.
import { format } from "./live.js";

export const desk = /** @type {HTMLElement} */ (document.getElementById("mark-desk"));
export const list = /** @type {HTMLElement} */ (desk.querySelector("[data-answers]"));
export const { item = "", key = "", maximum = "0" } = desk.dataset;

/**
 * @param {string} name
 * @param {Record<string, string | number>} values
 */
export const says = (name, values = {}) => format(desk.dataset[name] ?? "", values);

/**
 * @template {Element} T
 * @param {string} selector
 * @param {Element} part
 * @returns {T[]}
 */
export const all = (selector, part = desk) => [
  .../** @type {NodeListOf<T>} */ (part.querySelectorAll(selector)),
];

/**
 * @template {HTMLElement} T
 * @param {string} selector
 * @param {Element} part
 * @returns {T | null}
 */
export const one = (selector, part = desk) => part.querySelector(selector);

/** @param {string} name */
export function remembered(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // browsers can switch storage off in a frame
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It is chosen again next time.
  }
}

/**
 * @param {string} text
 * @param {HTMLButtonElement[]} buttons
 */
export function makeNotice(text, buttons = []) {
  const box = document.createElement("div");
  box.className = "notice warning";
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  if (buttons.length) {
    const actions = document.createElement("p");
    actions.className = "page-actions";
    actions.append(...buttons);
    box.append(actions);
  }
  return box;
}

/**
 * @param {string} text
 * @param {() => void} act
 */
export function makeButton(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

/**
 * Return a letter as a key, which a screen reader hears of otherwise.
 *
 * @param {string} letter
 */
export function makeKey(letter) {
  const shown = document.createElement("kbd");
  shown.textContent = letter;
  shown.setAttribute("aria-hidden", "true");
  return shown;
}

/**
 * @param {string} address
 * @param {string} text
 */
export function makeLink(address, text) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = text;
  return link;
}

/**
 * Return a part of this page as HTML, '' if it cannot be had now.
 *
 * @param {string} query
 */
export async function fetchPart(query) {
  try {
    const kept = desk.dataset.query ? `&${desk.dataset.query}` : "";
    const reply = await fetch(`${desk.dataset.url}?${query}${kept}`);
    return reply.ok ? await reply.text() : "";
  } catch {
    return "";
  }
}

/**
 * Return the articles of answers, as the server makes them.
 *
 * @param {string} query
 * @returns {Promise<HTMLElement[]>}
 */
export async function fetchArticles(query) {
  const page = new DOMParser().parseFromString(
    await fetchPart(`part=answers&${query}`),
    "text/html",
  );
  return /** @type {HTMLElement[]} */ ([...page.querySelectorAll(".answer")]);
}
