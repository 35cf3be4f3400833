// A page of a visit by Platform Storage was loaded without a pass: by a link, by the browser's 'back',
// or again. Ask for a pass, and load it with that.
import { PASS, Refused, StorageVisit } from "./storage_visit.js";

const MAX_TRIES = 3;
const PAUSE = 1000; // milliseconds until an LMS or a tool that did not answer is asked again

const box = /** @type {HTMLElement} */ (document.querySelector("[data-next-url]"));
const visit = new StorageVisit(box.dataset);
const [load] = performance.getEntriesByType("navigation");
const isAgain = load instanceof PerformanceNavigationTiming && load.type !== "navigate";

/**
 * Return this page's address with a pass. Raise if there is none to be had.
 *
 * @param {number} tries that are left
 * @returns {Promise<string>}
 */
async function nextAddress(tries = MAX_TRIES) {
  try {
    return await visit.withPass(location.href);
  } catch (error) {
    if (error instanceof Refused || tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return nextAddress(tries - 1);
  }
}

async function resume() {
  // It has come with a pass that was not taken: too late, or twice, because a connection broke. Once
  // more, with one that stands there twice, and not again and again.
  const came = isAgain ? 0 : new URL(location.href).searchParams.getAll(PASS).length;
  try {
    if (came > 1) throw new Refused();
    const next = new URL(await nextAddress());
    if (came) next.searchParams.append(PASS, next.searchParams.get(PASS) ?? "");
    location.replace(next);
  } catch {
    box.querySelector("[data-waiting]")?.setAttribute("hidden", "");
    box.querySelector("[data-otherwise]")?.removeAttribute("hidden");
  }
}

resume();
