// What a teacher gives is sent at once, one press after the other, and stays in sight until it is
// saved. Where the text was changed elsewhere meanwhile, both are kept and somebody is asked.
import { format } from "./live.js";

const TIMEOUT = 20000; // milliseconds for a request
const PAUSE = 4000; // milliseconds before one that has failed is sent again

/**
 * What was given: the fields to post, which items they are about, and what to call it. The form of
 * an item is shown anew with 'isForm'.
 *
 * @typedef {object} Change
 * @property {[string, string][]} fields
 * @property {string[]} items
 * @property {string} what
 * @property {boolean} [isForm]
 */
/**
 * @typedef {object} GapRow
 * @property {string} word
 * @property {string} key
 * @property {string} also
 * @property {boolean} isMissing
 */
/**
 * @typedef {object} Reply
 * @property {string} seen
 * @property {boolean} [isOther] the page shows another text than the one that is there
 * @property {Record<string, GapRow>} gaps
 * @property {Record<string, string>} boxes
 * @property {Record<string, string>} banks
 * @property {string} count
 * @property {string} rest
 * @property {string} item
 */

/** The changes of a page that are on their way, in their order. */
export class Saver {
  /** @type {Change[]} */
  #queue = [];
  /** @type {Change[]} what another window's change has kept from being saved */
  #unsaved = [];
  #isRunning = false;
  #isClosed = false;
  /** @type {(() => void)[]} */
  #waiting = [];
  #page;
  #seen;
  #state;
  #show;

  /**
   * @param {HTMLElement} page with the words for the teacher (data-says-…) and its strip
   * @param {HTMLInputElement} seen stands for the text that the page shows
   * @param {(reply: Partial<Reply>, change: Change) => void} show shows what has changed
   */
  constructor(page, seen, show) {
    this.#page = page;
    this.#seen = seen;
    this.#show = show;
    this.#state = /** @type {HTMLElement} */ (page.querySelector("[data-save-state]"));
    addEventListener("beforeunload", (event) => {
      if (this.#queue.length + this.#unsaved.length) event.preventDefault();
    });
  }

  /** Return whether everything is saved. */
  get isIdle() {
    return !this.#queue.length;
  }

  /** Wait until everything is saved. */
  async idle() {
    if (!this.isIdle) await new Promise((done) => this.#waiting.push(() => done(null)));
  }

  /**
   * Return whether something about an item is still to be sent.
   *
   * @param {string} item
   */
  isPending(item) {
    return this.#queue.some(({ items }) => items.includes(item));
  }

  /** @param {Change} change */
  add(change) {
    if (!this.#unsaved.length) this.#page.querySelector(".key-alert")?.remove();
    this.#queue.push(change);
    this.#run();
  }

  /**
   * Say what was not saved, and why, with buttons for what can be done.
   *
   * @param {string} error
   * @param {Change[]} changes
   * @param {[string, () => void][]} ways
   */
  alert(error, changes, ways = []) {
    this.#page.querySelector(".key-alert")?.remove();
    const box = document.createElement("div");
    box.className = "key-alert failed";
    box.setAttribute("role", "alert");
    for (const text of [error, ...changes.map((one) => this.#notSaved(one))]) {
      if (!text) continue;
      const line = document.createElement("p");
      line.textContent = text;
      box.append(line);
    }
    for (const [words, press] of ways) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.textContent = words;
      button.addEventListener("click", () => {
        box.remove();
        press();
      });
      box.append(button);
    }
    this.#page.querySelector(".strip")?.prepend(box);
  }

  /** @param {Change} change */
  #notSaved({ what }) {
    return format(this.#says("notSaved"), { what });
  }

  /** @param {string} name */
  #says(name) {
    return this.#page.dataset[`says${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  }

  /**
   * @param {string} name of what is said
   * @param {boolean} hasFailed
   */
  #tell(name, hasFailed = false) {
    this.#state.textContent = this.#says(name);
    this.#state.classList.toggle("failed", hasFailed);
  }

  /** Send what waits, if nothing is on its way. */
  #run() {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    this.#sendNext();
  }

  async #sendNext() {
    const [change] = this.#queue;
    if (!change || this.#isClosed) {
      this.#isRunning = false;
      if (!this.#page.querySelector(".key-alert")) this.#tell("saved");
      for (const done of this.#waiting.splice(0)) done();
      return;
    }
    if (!this.#state.classList.contains("failed")) this.#tell("saving");
    const answer = await this.#post(change);
    if (answer === null || answer.status >= 500) {
      this.#tell(navigator.onLine ? "trying" : "offline", true);
      await pause();
    } else if (answer.ok && answer.reply) {
      this.#take(change, answer.reply);
    } else {
      this.#refuse(change, answer.status, answer.reply);
    }
    this.#sendNext();
  }

  /**
   * Return the answer to a change; null if none came.
   *
   * @param {Change} change
   */
  async #post({ fields }) {
    try {
      const response = await fetch(this.#page.dataset.url ?? "", {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams([["seen", this.#seen.value], ...fields]),
        signal: AbortSignal.timeout(TIMEOUT),
      });
      const { ok, status, headers } = response;
      const isJson = headers.get("Content-Type")?.startsWith("application/json");
      /** @type {any} */
      const reply = isJson ? await response.json() : null;
      // A page of a school's proxy, say, answers 200 and has saved nothing.
      return ok && !reply ? null : { ok, status, reply };
    } catch {
      return null;
    }
  }

  /**
   * @param {Change} change
   * @param {Reply} reply
   */
  #take(change, reply) {
    this.#queue.shift();
    if (reply.isOther) {
      // The same gap may have another number there: what waits is shown again by the page of now.
      this.#unsaved.push(...this.#queue.splice(0));
      this.#loadAgain();
      return;
    }
    this.#seen.value = reply.seen;
    this.#tell("saved");
    this.#show(reply, change);
  }

  #loadAgain() {
    // It is still there after the page was loaded again, also where a frame keeps nothing.
    const unsaved = this.#unsaved.splice(0);
    const kept = unsaved.map((one) => Object.assign(one, { around: this.#aroundAll(one) }));
    history.replaceState(kept.length ? { unsaved: kept } : null, "");
    location.reload();
  }

  /**
   * @param {Change} change
   * @param {number} status
   * @param {(Partial<Reply> & { error?: string }) | null} reply
   */
  #refuse(change, status, reply) {
    const error = reply?.error ?? this.#says("closed");
    this.#tell("unsaved", true);
    if (status === 422 && reply) {
      this.#queue.shift();
      this.alert(error, [change]);
      this.#show({ gaps: reply.gaps }, change);
      return;
    }
    this.#unsaved.push(...this.#queue.splice(0));
    if (status !== 409) {
      this.#isClosed = true;
      this.alert(error, this.#unsaved);
      return;
    }
    this.alert(error, this.#unsaved, [[this.#says("reload"), () => this.#loadAgain()]]);
  }

  /** Ask about what was not saved before the page was loaded again; return whether there is such. */
  askAgain() {
    /** @type {(Change & { around: string })[]} */
    const unsaved = history.state?.unsaved ?? [];
    if (!unsaved.length) return false;
    history.replaceState(null, "");
    // Items are named by number: another text may have another one in its place.
    const fitting = unsaved.filter((one) => one.around === this.#aroundAll(one));
    /** @type {[string, () => void][]} */
    const ways = fitting.length
      ? [[this.#says("hereToo"), () => fitting.forEach((one) => this.add(one))]]
      : [];
    this.alert("", unsaved, ways);
    return true;
  }

  /** @param {Change} change */
  #aroundAll({ items }) {
    return items.map((item) => this.#around(item)).join("\n");
  }

  /** @param {string} item */
  #around(item) {
    const place = this.#page.querySelector(`#${item}-around, [data-decided="${item}"] span`);
    return place?.textContent ?? "";
  }
}

/** Wait a moment, or until the network is there again. */
function pause() {
  return new Promise((done) => {
    setTimeout(done, PAUSE);
    addEventListener("online", () => done(null), { once: true });
  });
}
