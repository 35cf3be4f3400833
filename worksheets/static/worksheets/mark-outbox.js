// Marks on their way to the server. Each stays on the device until the server has said what became
// of it: without a network, and after the visit has ended, the next page sends them.
//
// With each mark goes what this page knows to stand there. The server overwrites nothing else: it
// says so, and the mark waits until somebody has chosen.

const TIMEOUT = 15000; // milliseconds for a request
const MAX_PAUSE = 15000; // milliseconds between two attempts
const MAX_SEEN = 8; // marks that this page has sent, or seen, at one answer
const MAX_SENT = 500; // marks in a request
const MAX_CONFIRMED = 20; // of them that change released marks, as the server takes at once
const TRIED_AGAIN = new Set([408, 429]); // statuses after which the same request may succeed

/**
 * A mark as somebody gives it; `lines` are the numbers of the rubric's lines that it is given for.
 *
 * @typedef {{ points: string, comment: string, lines: number[] }} Mark
 */
/**
 * A mark to be saved: `points` is null to take one back, `seen` are texts of the marks that may
 * stand there, `read` stands for the submission that was read, `rubric` for all lines of the rubric. `waits` is what the server said of
 * a mark that waits for somebody to choose.
 *
 * @typedef {{
 *   id: string, item: string, attempt: number, points: string | null, comment: string,
 *   lines?: number[], rubric?: string, seen: string[], read: string, confirmed: boolean,
 *   waits?: Outcome
 * }} Entry
 */
/**
 * @typedef {{
 *   attempt: number, state: string, seen: string, points: string, comment: string, said: string,
 *   keep: string, use: string
 * }} Outcome
 */
/** What became of a mark that the server did not take; it says nothing of what stands there. */
const REFUSED = {
  state: "refused",
  seen: "",
  points: "",
  comment: "",
  said: "",
  keep: "",
  use: "",
};
/** @typedef {{ entries: Record<string, Entry>, typed: Record<string, string> }} Kept */

/**
 * Return the text that stands for a mark, as the server makes it.
 *
 * @param {{ points: string | null, comment: string, lines?: number[] } | null} mark
 */
function textOf(mark) {
  if (mark === null || mark.points === null) return "";
  const lines = [...(mark.lines ?? [])].toSorted((a, b) => a - b).join(".");
  return `${mark.points}${lines && "#"}${lines}|${mark.comment}`;
}

/**
 * Return the mark that a text stands for, null for none.
 *
 * @param {string} text
 * @returns {Mark | null}
 */
export function markOf(text) {
  const end = text.indexOf("|");
  if (end < 0) return null;
  const [points, lines = ""] = text.slice(0, end).split("#");
  const numbers = lines ? lines.split(".").map(Number) : [];
  return { points, comment: text.slice(end + 1), lines: numbers };
}

/**
 * Return the mark that is on its way, null for one that is taken back.
 *
 * @param {Entry} entry
 * @returns {Mark | null}
 */
export function markToSend({ points, comment, lines = [] }) {
  return points === null ? null : { points, comment, lines };
}

/** The marks of one teacher at one activity that the server has not confirmed. */
export class MarkOutbox {
  #key;
  #address;
  #settled;
  #changed;
  /** @type {Kept} where the browser keeps nothing */
  #memory = { entries: {}, typed: {} };
  #keeps = true;
  #timer = 0;
  #failures = 0; // in a row
  #isSending = false;
  #closed = "";

  /**
   * @param {string} key in the browser's local storage
   * @param {(item: string) => string} address to which the marks of a question are posted
   * @param {(entry: Entry, outcome: Outcome) => void} settled hears what became of a mark
   * @param {() => void} changed hears that there is news of the connection
   */
  constructor(key, address, settled, changed) {
    this.#key = key;
    this.#address = address;
    this.#settled = settled;
    this.#changed = changed;
  }

  /** Return whether marks cannot be sent now. */
  get isStuck() {
    return this.#failures > 0;
  }

  /** Return whether the visit has ended: nothing more is sent from this page. */
  get isClosed() {
    return this.#closed !== "";
  }

  /** Return whether the browser keeps things at all. */
  get keeps() {
    return this.#keeps;
  }

  /** @returns {Entry[]} */
  get entries() {
    return Object.values(this.#read().entries);
  }

  /** Return how many marks are to be sent, and wait for nobody's answer. */
  get unsent() {
    return this.entries.filter((entry) => !entry.waits).length;
  }

  /**
   * @param {string} item
   * @param {number} attempt
   * @returns {Entry | undefined}
   */
  find(item, attempt) {
    return this.#read().entries[`${item}/${attempt}`];
  }

  /**
   * Keep marks, and send them.
   *
   * @param {Omit<Entry, "id">[]} marks
   */
  put(marks) {
    const kept = this.#read();
    for (const mark of marks) {
      const key = `${mark.item}/${mark.attempt}`;
      const before = kept.entries[key];
      // What was sent may have arrived, with or without an answer.
      const seen =
        before && !before.waits ? [...before.seen, textOf(before), ...mark.seen] : mark.seen;
      const id = Math.random().toString(36).slice(2);
      kept.entries[key] = { ...mark, id, seen: [...new Set(seen)].slice(-MAX_SEEN) };
      delete kept.typed[key];
    }
    this.#write(kept);
    this.send();
    this.#changed();
  }

  /**
   * Forget marks that somebody has decided about.
   *
   * @param {string} item
   * @param {number} attempt
   */
  drop(item, attempt) {
    const kept = this.#read();
    delete kept.entries[`${item}/${attempt}`];
    this.#write(kept);
    this.#changed();
  }

  /**
   * Return what was typed for an answer that has no mark yet.
   *
   * @param {string} item
   * @param {number} attempt
   */
  typed(item, attempt) {
    return this.#read().typed[`${item}/${attempt}`] ?? "";
  }

  /**
   * Keep what was typed for an answer that has no mark yet, which the comment is saved with.
   *
   * @param {string} item
   * @param {number} attempt
   * @param {string} text
   */
  keepTyped(item, attempt, text) {
    const kept = this.#read();
    if (text) kept.typed[`${item}/${attempt}`] = text;
    else delete kept.typed[`${item}/${attempt}`];
    this.#write(kept);
  }

  /** Send what is kept, question by question. */
  async send() {
    if (this.#isSending || this.#closed) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    await this.#sendAll();
    this.#isSending = false;
    this.#changed();
  }

  async #sendAll() {
    const sent = this.#next();
    if (sent.length && (await this.#post(sent))) await this.#sendAll();
  }

  /** Send what is kept without waiting for an answer: the page is being left. */
  flush() {
    const sent = this.#closed ? [] : this.#next();
    if (sent.length) this.#fetch(sent, { keepalive: true }).catch(() => {});
  }

  #next() {
    const ready = this.entries.filter((entry) => !entry.waits);
    const sent = ready.filter(({ item }) => item === ready[0].item).slice(0, MAX_SENT);
    const late = new Set(sent.filter(({ confirmed }) => confirmed).slice(MAX_CONFIRMED));
    return sent.filter((entry) => !late.has(entry));
  }

  /**
   * @param {Entry[]} sent
   * @param {RequestInit} options
   */
  #fetch(sent, options) {
    const marks = sent.map(({ attempt, points, comment, lines, rubric, ...rest }) => ({
      attempt,
      points,
      comment,
      lines: lines ?? [],
      rubric: rubric ?? "",
      seen: rest.seen,
      read: rest.read,
      confirmed: rest.confirmed,
    }));
    return fetch(this.#address(sent[0].item), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ marks }),
      ...options,
    });
  }

  /**
   * Send marks, and tell what became of them. Return whether the server answered.
   *
   * @param {Entry[]} sent
   */
  async #post(sent) {
    /** @type {{ marks?: Outcome[], error?: string } | null} */
    let body = null;
    let status = 0;
    try {
      const reply = await this.#fetch(sent, { signal: AbortSignal.timeout(TIMEOUT) });
      status = reply.status;
      body = await reply.json();
    } catch {
      // Offline, or the server is away, or a proxy answers: tried again below.
    }
    if (status === 403) {
      this.#closed = body?.error ?? "403";
      return false;
    }
    if (status >= 400 && status < 500 && !TRIED_AGAIN.has(status)) {
      this.#failures = 0;
      return this.#refuse(sent, status);
    }
    if (status !== 200 || !body?.marks) {
      this.#failures += 1;
      const pause = Math.min(2000 * 2 ** (this.#failures - 1), MAX_PAUSE);
      this.#timer = setTimeout(() => this.send(), pause);
      return false;
    }
    this.#failures = 0;
    for (const outcome of body.marks) {
      const entry = sent.find(({ attempt }) => attempt === outcome.attempt);
      if (entry) this.#settle(entry, outcome);
    }
    return true;
  }

  /**
   * Let marks wait that the server does not take, so that they hold no others up.
   *
   * @param {Entry[]} sent
   * @param {number} status
   * @returns {Promise<boolean>}
   */
  async #refuse(sent, status) {
    // Unless the question is gone, it may be one of them, or that they are too many.
    if (sent.length > 1 && status !== 404) {
      const half = Math.ceil(sent.length / 2);
      return (await this.#post(sent.slice(0, half))) && this.#post(sent.slice(half));
    }
    for (const entry of sent) this.#settle(entry, { ...REFUSED, attempt: entry.attempt });
    return true;
  }

  /**
   * @param {Entry} entry as it was sent
   * @param {Outcome} outcome
   */
  #settle(entry, outcome) {
    const kept = this.#read();
    const key = `${entry.item}/${entry.attempt}`;
    const now = kept.entries[key];
    const isSaved = outcome.state === "saved";
    if (now?.id === entry.id) {
      if (isSaved) delete kept.entries[key];
      else now.waits = outcome;
    } else if (now && isSaved) {
      now.seen = [outcome.seen]; // another one was given meanwhile
    }
    this.#write(kept);
    if (now === undefined || now.id === entry.id) this.#settled(entry, outcome);
  }

  /** @returns {Kept} */
  #read() {
    if (!this.#keeps) return this.#memory;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
      return { entries: kept.entries ?? {}, typed: kept.typed ?? {} };
    } catch {
      this.#keeps = false; // browsers can switch storage off in a frame
      return this.#memory;
    }
  }

  /** @param {Kept} kept */
  #write(kept) {
    this.#memory = kept;
    const isEmpty = !Object.keys(kept.entries).length && !Object.keys(kept.typed).length;
    try {
      if (isEmpty) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      this.#keeps = false;
    }
  }
}
