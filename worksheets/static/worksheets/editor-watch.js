// Asks every few seconds whether the worksheet was saved elsewhere, and who else is writing in it.
import { announce } from "./live.js";

export const EVERY = 5000; // milliseconds
const TIMEOUT = 15000; // milliseconds for a request
const LEAVING = 30000; // milliseconds until the next page is there: what is saved then is our own

/** The watch of one page. */
export class Watch {
  #root;
  #form;
  #timer = 0;

  /**
   * @param {HTMLElement} root has the address (data-watch-url)
   * @param {HTMLFormElement} form
   */
  constructor(root, form) {
    this.#root = root;
    this.#form = form;
  }

  /** Begin to ask; nobody is asked for a page that is not in sight. */
  connect() {
    document.addEventListener("visibilitychange", () => this.#wait(0));
    addEventListener("online", () => this.#wait(0));
    this.#form.addEventListener("submit", () => this.#wait(LEAVING));
    this.#wait(EVERY);
  }

  /** @param {number} pause in milliseconds */
  #wait(pause) {
    clearTimeout(this.#timer);
    if (document.visibilityState === "hidden") return;
    this.#timer = setTimeout(() => this.#ask(), pause);
  }

  async #ask() {
    const draft = this.#draft;
    const query = new URLSearchParams({ seen: this.#value("seen") });
    // A page that says what was wrong with a form goes on from no draft.
    if (!("draftBound" in this.#form.dataset)) query.set("draft", draft);
    try {
      const reply = await fetch(`${this.#root.dataset.watchUrl}?${query}`, {
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (reply.ok) this.#show(await reply.text(), draft === this.#draft);
      if (reply.status === 403) return; // the visit has ended: the draft says so
    } catch {
      // Offline, or the server is away: asked again.
    }
    this.#wait(EVERY);
  }

  /**
   * @param {string} html
   * @param {boolean} isOfNow whether the page's own draft is still the one that was asked about
   */
  #show(html, isOfNow) {
    const box = document.getElementById("elsewhere");
    const text = html.trim();
    if (!box || !isOfNow || box.dataset.shown === text) return;
    box.dataset.shown = text;
    box.innerHTML = text;
    if (text) announce((box.querySelector("p")?.textContent ?? "").trim());
  }

  get #draft() {
    const field = this.#form.querySelector("[data-draft-at-field]");
    return field instanceof HTMLInputElement ? field.value : "";
  }

  /** @param {string} name of a field */
  #value(name) {
    const field = this.#form.elements.namedItem(name);
    return field instanceof HTMLInputElement ? field.value : "";
  }
}
