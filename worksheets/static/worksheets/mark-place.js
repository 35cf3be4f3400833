// Where the teacher is: the answer that keys mark, the one to come back to, and what comes next.
import { announce } from "./live.js";
import { articles, showState } from "./mark-answers.js";
import { all, fetchPart, item, key, list, one, remember, says } from "./mark-page.js";
import { outbox } from "./mark-sending.js";

const NEAR = 5; // answers before the last one that is there, at which more are asked for

/**
 * `active` is the answer that keys mark, `returnTo` the one to come back to from the one marked
 * last, `pending` a mark that waits for Enter, or for its half.
 *
 * @type {{ active: HTMLElement | null, returnTo: HTMLElement | null, pending: string }}
 */
export const here = { active: null, returnTo: null, pending: "" };

let isFinishing = false;
let isWaitingForMore = false;

/**
 * Make an answer the one that keys mark.
 *
 * @param {HTMLElement} article
 * @param {{ moves?: boolean }} options whether the page scrolls there, and the focus goes there
 */
export function activate(article, { moves = true } = {}) {
  if (here.active !== article) {
    setPending("");
    here.active?.classList.remove("active");
    here.active?.removeAttribute("aria-current");
    here.active = article;
    article.classList.add("active");
    article.setAttribute("aria-current", "true");
    remember(`marking-at-${key}`, `${item}/${article.dataset.answer}`);
  }
  showWhere();
  if (moves) {
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
  }
  const known = articles();
  if (known.indexOf(article) >= known.length - NEAR) loadMore();
}

export function showWhere() {
  const known = articles();
  const at = here.active ? known.indexOf(here.active) : -1;
  const previous = /** @type {HTMLButtonElement} */ (one("[data-previous]"));
  const next = /** @type {HTMLButtonElement} */ (one("[data-next]"));
  previous.disabled = at <= 0;
  next.disabled = at < 0 || (at >= known.length - 1 && !one("[data-more]", list));
}

/** Ask for more answers, unless they are on their way. */
function loadMore() {
  // Without htmx the link would lead to another page.
  if ("htmx" in window) one("[data-more] a:not(.htmx-request)", list)?.click();
}

/**
 * Go to the answer so many places on.
 *
 * @param {number} by
 */
export function go(by) {
  const known = articles();
  const next = known[(here.active ? known.indexOf(here.active) : -1) + by];
  if (next) activate(next);
  else if (by > 0) waitForMore();
}

/** Go on once there are more answers; to the end where there are none. */
function waitForMore() {
  if (!one("[data-more]", list)) {
    finish();
    return;
  }
  isWaitingForMore = true;
  loadMore();
}

/**
 * Go on from an answer that was marked now.
 *
 * @param {HTMLElement} article
 * @param {boolean} wasMarked before
 */
export function goOn(article, wasMarked) {
  if (here.returnTo?.isConnected) {
    const back = here.returnTo;
    here.returnTo = null;
    activate(back);
    return;
  }
  const known = articles();
  const rest = known.slice(known.indexOf(article) + 1);
  const next = wasMarked ? rest[0] : rest.find((other) => !other.classList.contains("marked"));
  if (next) activate(next);
  else waitForMore();
}

/** Show what comes after the last answer, as the server has it once all is sent. */
export async function finish() {
  const end = /** @type {HTMLElement} */ (one("[data-end]"));
  if (outbox.unsent && !outbox.isClosed) {
    isFinishing = true; // when the last one has arrived
    if (!outbox.isStuck) return;
  }
  isFinishing = false;
  remember(`marking-at-${key}`, "");
  const html = await fetchPart("part=end");
  if (html) end.innerHTML = html;
  end.focus({ preventScroll: true });
  end.scrollIntoView({ block: "center" });
  announce(end.textContent?.trim().replace(/\s+/g, " ") ?? "");
}

/** Go on, where somebody waits for the answers that have come now. */
export function goOnWithMore() {
  showWhere();
  if (!isWaitingForMore) return;
  isWaitingForMore = false;
  const known = articles();
  const at = here.active ? known.indexOf(here.active) : -1;
  const next = known.slice(at + 1).find((other) => !other.classList.contains("marked"));
  if (next ?? known[at + 1]) activate(next ?? known[at + 1]);
  else waitForMore();
}

/** Show the end that was waited for, once all is sent or nothing can be sent. */
export function finishIfAsked() {
  if (isFinishing && (!outbox.unsent || outbox.isStuck || outbox.isClosed)) finish();
}

/** @param {string} points that wait for Enter or a half, '' for none */
export function setPending(points) {
  here.pending = points;
  if (!here.active) return;
  for (const button of /** @type {HTMLButtonElement[]} */ (all(".point", here.active))) {
    button.classList.toggle("waiting", points !== "" && button.value === points);
  }
  if (points) showState(here.active, says("saysPending", { points }));
}
