// The figures of a class's answers while it works: they change in place, and nothing moves. What is
// new below them comes when the teacher asks for it. On the projector's page the space bar goes on.

import { format } from "./live.js";

const EVERY = 5000; // milliseconds between two looks

/**
 * Put new figures in the place of those of each gap that the page shows.
 *
 * @param {Record<string, string>} rows HTML of our own server by the gap's key
 */
export function showFigures(rows) {
  for (const place of document.querySelectorAll("[data-figures]")) {
    const html = rows[place.getAttribute("data-figures") ?? ""];
    if (html === undefined) continue;
    const template = document.createElement("template");
    template.innerHTML = html;
    place.replaceChildren(template.content);
  }
}

/**
 * Say how many have submitted since the list was shown.
 *
 * @param {HTMLElement} live
 * @param {number} count
 */
export function showNews(live, count) {
  const news = live.querySelector("[data-new]");
  const words = live.querySelector("[data-count]");
  if (!(news instanceof HTMLElement) || !words) return;
  news.hidden = count <= 0;
  const text = (count === 1 ? live.dataset.saysOne : live.dataset.saysMany) ?? "";
  words.textContent = format(text, { n: count });
}

/**
 * Ask once whether anything has changed, and show it.
 *
 * @param {HTMLElement} live
 */
export async function look(live) {
  const pause = live.querySelector("[data-pause]");
  if (document.hidden || (pause instanceof HTMLInputElement && pause.checked)) return;
  const headers = { "If-None-Match": `"${live.dataset.version ?? ""}"` };
  const answer = await fetch(live.dataset.url ?? "", { headers, cache: "no-store" });
  if (answer.status !== 200) return; // 304 for nothing new; what is wrong is said by other pages
  const found = await answer.json();
  live.dataset.version = (answer.headers.get("ETag") ?? "").replaceAll('"', "");
  showFigures(found.rows);
  showNews(live, found.pupils - Number(live.dataset.pupils ?? found.pupils));
}

function start() {
  const first = document.getElementById("answers-live");
  if (first?.querySelector("[data-pause]")) first.hidden = false;
  // The list is another one after a change: its place is looked up each time.
  setInterval(() => {
    const live = document.getElementById("answers-live");
    if (!live) return;
    if (live.querySelector("[data-pause]")) live.hidden = false;
    look(live).catch(() => undefined); // without a network it looks again later
  }, EVERY);
}

/** @param {KeyboardEvent} event */
function onSpace(event) {
  const { target } = event;
  if (event.key !== " " || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
  if (target instanceof Element && target.closest("a, button, input, select, summary")) return;
  const next = document.querySelector("[data-next]");
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.click();
  }
}

if (document.getElementById("answers-live")) start();
if (document.querySelector("[data-projector]")) document.addEventListener("keydown", onSpace);
