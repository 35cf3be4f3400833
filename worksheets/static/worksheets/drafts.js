// Keeps what a teacher types in a form until it is saved: in the browser at each key, and on the
// server within seconds. The page of the same form puts it back, here or on another device.
//
// The browser keeps only what the server has not got. The server drops its draft when the form is
// saved; so that it has all of it by then, what was typed last is sent before the form is.
//
// The same form may be open in another window or on another device: each save says which draft it
// goes on from, and the server takes it only in place of that one. Two drafts meet field by field
// (draft_parts.js): what was typed last stands, and of two texts that were typed apart from each
// other, both are kept until somebody has chosen.
import { includes, meet, sumOf, sumsOver, together } from "./draft_parts.js";
import { announce } from "./live.js";
import { holdWithoutNetwork } from "./network.js";

/** @typedef {import("./draft_parts.js").Part} Part */
/** @typedef {import("./draft_parts.js").Version} Version */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/**
 * What was typed in the fields of a form whose page was made of `base`. `at` is when: on the
 * server, or for what only this browser has, on this device. A field may have a version and no text:
 * it holds what the page shows then.
 * `others` are texts that nobody has chosen yet; `beside` is a draft that the server has of another
 * window, sent when that was left.
 *
 * @typedef {{
 *   base: string, fields: Record<string, string>, at: string, sums?: Record<string, number | number[]>,
 *   versions?: Record<string, Version>, others?: Other[], beside?: Kept
 * }} Kept
 */
/** @typedef {Kept & { began: Record<string, number> }} Posted */
/** @typedef {"server" | "beside" | "page"} Source where a text is kept besides */
/** @typedef {{ name: string, part: Part, base: string, at: string, from: Source }} Other */

export const PAUSE = 2000; // milliseconds after the last keystroke
export const MAX_PAUSE = 10000; // milliseconds between two savings while somebody goes on typing
export const RETRY = 5000; // milliseconds after a failure
export const TIMEOUT = 15000; // milliseconds for a request
export const BEFORE_SUBMIT = 3000; // milliseconds for what is sent before the form

const LEAVING = 30000; // milliseconds until the next page is there, or nobody leaves after all

const SOURCES = ["server", "beside", "page"];
const NO_DRAFT = new Set(["hidden", "file", "submit", "button", "search", "password"]);

/**
 * Return the fields whose typing is kept, by a name that tells ticks of one name apart.
 *
 * @param {HTMLFormElement} form
 */
export function draftFields(form) {
  /** @type {Map<string, Field>} */
  const found = new Map();
  for (const field of /** @type {Iterable<Field>} */ (form.elements)) {
    const isKept = field.name && !NO_DRAFT.has(field.type) && field.tagName !== "BUTTON";
    if (!isKept || "noDraft" in field.dataset) continue;
    found.set(isTick(field) ? `${field.name}=${field.value}` : field.name, field);
  }
  return found;
}

/** @param {Field} field */
function isTick(field) {
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
}

/**
 * Return what the page showed in a field, whatever the browser has put there since.
 *
 * @param {Field} field
 */
function shownBy(field) {
  if (isTick(field)) return /** @type {HTMLInputElement} */ (field).defaultChecked ? "1" : "";
  if (!(field instanceof HTMLSelectElement)) return field.defaultValue;
  const options = [...field.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

/** @param {Field} field */
function read(field) {
  if (isTick(field)) return /** @type {HTMLInputElement} */ (field).checked ? "1" : "";
  return field.value;
}

/**
 * @param {Field} field
 * @param {string} value
 */
function write(field, value) {
  if (isTick(field)) /** @type {HTMLInputElement} */ (field).checked = value === "1";
  else field.value = value;
}

/**
 * Return fields as a text that is the same for the same fields, in whatever order.
 *
 * @param {Record<string, string>} fields
 */
function textOf(fields) {
  return JSON.stringify(
    Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Return whether the page was opened as new: else a browser puts back what stood in its fields. */
function isFirstVisit() {
  const [visit] = performance.getEntriesByType("navigation");
  return visit instanceof PerformanceNavigationTiming && visit.type === "navigate";
}

/** The draft of one form. */
export class FormDraft {
  #form;
  #fields;
  #base;
  /** @type {Map<string, string>} what the page showed */
  #shown;
  /** @type {Record<string, number>} by field, of what was saved when the form was shown first */
  #began;
  /** @type {Map<string, Part>} what is known of the fields, also of some that another page has */
  #parts = new Map();
  /** @type {Map<string, string>} what stood in the fields when this was noted last */
  #noted = new Map();
  /** @type {Set<string>} the fields of which the server may have a text: it hears of the next one */
  #told = new Set();
  /** @type {Other[]} texts that wait for a choice */
  #others = [];
  // Windows are told apart by their names, which begin with when they were opened.
  #window = Date.now().toString(36) + Math.random().toString(36).slice(2, 9);
  #changes = 0; // of fields in this window
  #count = 0; // of what was sent
  #question = ""; // the name of the words with which the notice asks for a choice
  #serverAt; // when the draft was saved that this page goes on from, '' for none
  #waitsFor = ""; // when that was saved of which the server keeps a text that waits
  #isOlder = false; // whether the server has a draft of a page that was made of something else
  #besideAt = ""; // when a page was left whose text the server keeps beside the draft
  #answered = ""; // the same, once nobody needs to be asked about it
  /** @type {string | null} what this window read or wrote last in the browser's storage */
  #known = null;
  #timer = 0;
  #since = 0; // when the oldest typing was done that is not on the server
  /** @type {Promise<void> | null} */
  #sending = null;
  #isKept = true; // whether the browser keeps things at all
  #isClosed = false;
  #leftAt = 0;
  #isWaiting = false; // for what is sent before the form
  #isSubmitting = false;
  #notice;
  #warning;
  #state;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#fields = draftFields(form);
    this.#base = form.dataset.draftBase ?? "";
    this.#shown = new Map([...this.#fields].map(([name, field]) => [name, shownBy(field)]));
    this.#began = Object.fromEntries([...this.#shown].map(([name, text]) => [name, sumOf(text)]));
    this.#notice = /** @type {HTMLElement} */ (form.querySelector("[data-draft-notice]"));
    this.#warning = /** @type {HTMLElement} */ (form.querySelector("[data-draft-warning]"));
    this.#state = form.querySelector("[data-draft-state]");
    this.#serverAt = form.dataset.draftAt ?? "";
  }

  /** Return whether leaving would lose typing that neither the browser nor the server has. */
  get wouldLoseWork() {
    return !this.#isKept && this.#since > 0 && !this.#isSubmitting;
  }

  /** Return whether something was typed here of which the server has not said that it has it. */
  get #isPending() {
    return this.#since > 0 || this.#sending !== null || this.#isSubmitting;
  }

  /** Return whether the page says what is wrong with what was posted, and shows that. */
  get #isBound() {
    return "draftBound" in this.#form.dataset;
  }

  /** Return whether the server keeps another text than this page's until somebody has chosen. */
  get #mustWait() {
    return this.#others.some(({ from }) => from === "server");
  }

  /** Put back what was typed before and never saved; ask first where the page has changed since. */
  restore() {
    const there = this.#onServer();
    const here = this.#stored();
    const early = this.#early();
    const seen = this.#isBound ? this.#addPosted() : new Set();
    this.#add(here, "page");
    this.#add(there, "server");
    this.#besideAt = there?.beside?.at ?? "";
    this.#add(there?.beside ?? null, "beside");
    for (const name of Object.keys(there?.fields ?? {})) this.#told.add(name);
    this.#rebase(seen);
    for (const [name, value] of early) this.#typeEarly(name, value);
    this.#dropKnown();
    const isNews = this.#show();
    this.#noteAll();
    this.#isOlder = this.#isBound && there !== null && there.base !== this.#base;
    this.#goOnFrom(there?.at ?? "");
    const fields = this.#typed();
    if (textOf(fields) !== textOf(there?.fields ?? {})) {
      this.#keep();
      this.#since = Date.now();
      this.#schedule(early.size ? PAUSE : 0);
    } else if (this.#others.length) this.#keep();
    else this.#forget();
    if (this.#others.length) this.#offer("saysChanged");
    else if (isNews) this.#sayRestored(new Date((here ?? there)?.at ?? Date.now()));
    // Of an earlier visit to this page, and perhaps older than what it shows now.
    else if (early.size && !isFirstVisit()) this.#sayRestored(new Date());
  }

  /**
   * Return what stands in the fields and not on the page: typed before this script ran. What the
   * browser has put there by itself stood there when the page was left.
   */
  #early() {
    const left = /** @type {Record<string, string>} */ (this.#inSession("left") ?? {});
    /** @type {Map<string, string>} */
    const early = new Map();
    for (const [name, field] of this.#fields) {
      const value = read(field);
      const isBack = !isFirstVisit() && left[name] === value;
      if (value === this.#shown.get(name) || isBack) continue;
      if (sumOf(value) !== sumOf(this.#shown.get(name) ?? "")) early.set(name, value);
    }
    return early;
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #typeEarly(name, value) {
    const part = { value, version: this.#bump(), sums: this.#sumsAtFirst(name) };
    const { other } = meet(part, this.#parts.get(name));
    this.#parts.set(name, part);
    if (other) this.#wait(name, other, "page");
  }

  /**
   * Go on from what was posted from the page before this one, which says what is wrong with it.
   * Return the fields of which nobody needs to be asked: they were seen there.
   */
  #addPosted() {
    const posted = /** @type {Posted | null} */ (this.#inSession("posted"));
    if (posted?.base === this.#base) {
      this.#began = posted.began;
      this.#add(posted, "page");
      return new Set(Object.keys(posted.fields));
    }
    this.#began = {}; // nobody knows here which of it was typed
    for (const [name, value] of this.#shown)
      this.#parts.set(name, { value, version: this.#bump() });
    return new Set(this.#shown.keys());
  }

  /**
   * Take a draft in beside what is known.
   *
   * @param {Kept | null} kept
   * @param {Source} from
   */
  #add(kept, from) {
    if (!kept) return;
    const { base, fields, versions = {}, sums = {}, at, others = [] } = kept;
    for (const name of new Set([...Object.keys(fields), ...Object.keys(versions)])) {
      const known = sums[name] === undefined ? undefined : [sums[name]].flat();
      const value = fields[name] ?? null;
      const isOfNow = base === this.#base && value !== null;
      const atFirst = isOfNow ? this.#sumsAtFirst(name) : undefined;
      const part = { value, version: versions[name], sums: known ?? atFirst };
      this.#addPart({ name, part, base, at, from });
    }
    for (const other of others) this.#addPart({ ...other, from: "page" });
  }

  /** @param {Other} added */
  #addPart(added) {
    const { name, part, base } = added;
    const isApart = base !== this.#base && !("draftJoins" in this.#form.dataset);
    if (isApart) {
      if (part.value !== null) this.#others.push(added);
      return;
    }
    const { part: now, other } = meet(this.#parts.get(name), part);
    if (now) this.#parts.set(name, now);
    if (other) this.#others.push(added);
  }

  /**
   * @param {string} name
   * @param {Part} part
   * @param {Source} from
   */
  #wait(name, part, from) {
    this.#others.push({ name, part, base: this.#base, at: new Date().toISOString(), from });
  }

  /**
   * Ask about what was typed over something that was saved since.
   *
   * @param {Set<string>} seen fields that are as somebody wants them
   */
  #rebase(seen) {
    const there = this.#onServer();
    for (const [name, part] of this.#parts) {
      const sum = this.#began[name];
      if (part.value === null || sum === undefined || seen.has(name)) continue;
      if (sumOf(part.value) === sum) {
        const value = this.#told.has(name) ? (this.#shown.get(name) ?? "") : null;
        this.#parts.set(name, { ...part, value, sums: value === null ? undefined : [sum] });
      } else if (part.sums?.includes(sum)) {
        part.sums = [...new Set([sum, ...part.sums])];
      } else {
        this.#parts.delete(name);
        this.#wait(name, part, there?.fields[name] === part.value ? "server" : "page");
      }
    }
  }

  /** Ask about nothing that somebody has typed over, or that stands here anyway. */
  #dropKnown() {
    const isKnown = (/** @type {Other} */ one, /** @type {number} */ index) => {
      const { name, part } = one;
      const now = this.#parts.get(name);
      const value = now?.value ?? this.#shown.get(name);
      if (value !== undefined && sumOf(value) === sumOf(part.value ?? "")) return true;
      if (includes(now?.version, part.version)) return true;
      return this.#others.some((other, place) => {
        if (place === index || other.name !== name) return false;
        if (!includes(other.part.version, part.version)) return false;
        if (!includes(part.version, other.part.version)) return true;
        // The same: the one that the server keeps.
        const [rank, others] = [one, other].map(({ from }) => SOURCES.indexOf(from));
        return rank === others ? place < index : rank > others;
      });
    };
    this.#others = this.#others.filter((other, index) => !isKnown(other, index));
    if (!this.#others.some(({ from }) => from === "beside")) this.#answered ||= this.#besideAt;
  }

  /**
   * Take note of what another window of this browser keeps.
   *
   * @param {StorageEvent} event
   */
  keptElsewhere(event) {
    if (event.key !== this.#key || !event.newValue) return;
    /** @type {Kept} */
    const kept = JSON.parse(event.newValue);
    if (!Object.keys(kept.fields).length) return;
    const differs = this.#differs(kept);
    if (differs && !Object.keys(this.#typed()).length) {
      this.#inform("saysElsewhere");
      return;
    }
    const parts = new Map(this.#parts);
    this.#add(kept, "page");
    for (const [name, part] of parts) {
      // What was typed there in other fields comes with the next key here; what was chosen there is
      // no question here once more.
      if (this.#parts.get(name)?.value !== part.value) this.#parts.set(name, part);
    }
    for (const name of this.#parts.keys()) if (!parts.has(name)) this.#parts.delete(name);
    if (differs) this.#ask();
  }

  /**
   * Keep what stands in the fields now.
   *
   * @param {EventTarget | null} target that was changed
   */
  change(target) {
    if (![...this.#fields.values()].some((field) => field === target)) return;
    const now = Date.now();
    this.#leftAt = 0; // who types has stayed
    this.#note();
    this.#keep();
    if (!this.#since && !this.#state?.classList.contains("failed")) this.#tell("saysTyped");
    this.#since ||= now;
    this.#schedule(Math.min(PAUSE, Math.max(this.#since + MAX_PAUSE - now, 0)));
  }

  /** Keep what is here, sent or not: the page that comes may have been made before that. */
  leave() {
    this.#leftAt = Date.now();
  }

  /** Send what is not on the server with the last request of a page that is left. */
  flush() {
    const left = [...this.#fields].map(([name, field]) => [name, read(field)]);
    this.#setInSession("left", Object.fromEntries(left));
    // What is on its way is not heard of here any more, and perhaps given up by the browser.
    if (!this.#isPending || this.#isClosed || this.#isSubmitting || this.#mustWait) return;
    this.#post({ keepalive: true }, true).catch(() => {});
  }

  /** Try at once, when the network is there again. */
  online() {
    if (this.#since) this.#schedule(0);
    else this.look();
  }

  /**
   * Load the page again if it was changed elsewhere while it was hidden, so that nobody types on top
   * of an older text. What waits to be sent is not left: the server says then what has changed.
   */
  async look() {
    if (this.#isPending || this.#others.length || this.#isBound) return;
    const { draftKey = "", draftBase } = this.#form.dataset;
    let text = "";
    try {
      const reply = await fetch(location.href, { signal: AbortSignal.timeout(TIMEOUT) });
      if (reply.ok) text = await reply.text();
    } catch {
      return; // offline, or the server is away: the page stays as it is
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const form = page.querySelector(`form[data-draft-key="${CSS.escape(draftKey)}"]`);
    if (!(form instanceof HTMLFormElement) || this.#isPending) return;
    const { draftBase: base, draftAt: at } = form.dataset;
    if (base !== draftBase || at !== this.#serverAt) location.reload();
  }

  /**
   * Let the form be submitted once the server has the draft. Without a network say so and stay.
   *
   * @param {SubmitEvent} event
   */
  async submit(event) {
    if (this.#isSubmitting) return;
    if (this.#isWaiting) {
      event.preventDefault(); // pressed twice
      return;
    }
    if (holdWithoutNetwork(event, () => this.#warn("saysOffline"))) return;
    const canSend = !this.#isClosed && !this.#mustWait;
    if (!this.#sending && !(this.#since && canSend)) {
      // At once: a form does not submit again while its own event is still on its way.
      this.#submits();
      return;
    }
    event.preventDefault();
    this.#isWaiting = true;
    const { submitter } = event;
    clearTimeout(this.#timer);
    const sent = (async () => {
      await this.#sending;
      await this.#save();
    })();
    await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, BEFORE_SUBMIT))]);
    clearTimeout(this.#timer);
    this.#isWaiting = false;
    this.#submits();
    this.#form.requestSubmit(submitter);
  }

  /** Remember what is posted, and what it goes on from: the next page may say what is wrong with it. */
  #submits() {
    this.#isSubmitting = true;
    this.#note();
    this.#setInSession("posted", { ...this.#asKept(), began: this.#began });
  }

  /** Go on: the page was left by submitting, and is shown again. */
  shownAgain() {
    this.#isSubmitting = false;
  }

  /** @param {Date} at when it was typed */
  #sayRestored(at) {
    this.#say("saysRestored", at, [
      this.#button("saysDiscard", () => {
        for (const [name, field] of this.#fields) write(field, this.#shown.get(name) ?? "");
        this.#form.dispatchEvent(new Event("draft:restored"));
        this.#discard();
        this.#inform("saysDiscarded");
      }),
    ]);
  }

  /** Ask about what waits for a choice, if anything does; once, and not at each key there. */
  #ask() {
    this.#dropKnown();
    if (this.#others.length && this.#question !== "saysOther") this.#offer("saysOther");
  }

  /**
   * Ask which of two texts to go on with.
   *
   * @param {"saysChanged" | "saysOther"} question the page has changed since, or another window did
   */
  #offer(question) {
    this.#question = question;
    const isOther = question === "saysOther";
    const use = this.#button(isOther ? "saysUseThat" : "saysPutBack", () => {
      const mine = new Map([...this.#fields].map(([name, field]) => [name, read(field)]));
      this.#answer(true);
      if (isOther && !this.#question) this.#say("saysUsed", new Date(), [this.#backTo(mine)]);
    });
    const leave = this.#button(isOther ? "saysKeepMine" : "saysDiscard", () => {
      this.#answer(false);
      if (!isOther && !this.#question) this.#inform("saysDiscarded");
    });
    this.#say(question, new Date(this.#others[0]?.at ?? Date.now()), [use, leave]);
  }

  /** @param {Map<string, string>} mine what stood here before another text was chosen */
  #backTo(mine) {
    return this.#button("saysPutBack", () => {
      for (const [name, field] of this.#fields) write(field, mine.get(name) ?? "");
      this.#form.dispatchEvent(new Event("draft:restored"));
      this.#notice.replaceChildren();
      this.#goOn();
    });
  }

  /**
   * Go on with one of two texts of each field, whichever window goes on from which.
   *
   * @param {boolean} isTheirs whether with the one that was offered
   */
  #answer(isTheirs) {
    this.#note();
    const question = this.#question;
    /** @type {Set<string>} */
    const answered = new Set();
    this.#others = this.#others.filter(({ name, part, base }) => {
      if (answered.has(name)) return true; // a third one, which is asked about next
      answered.add(name);
      const mine = this.#parts.get(name);
      const version = together(together(mine?.version, part.version), this.#bump());
      const isOfOther = base !== this.#base && !("draftJoins" in this.#form.dataset);
      const former = isOfOther ? [] : sumsOver(sumsOver(mine?.sums, mine), part);
      const sums = [...former, ...(this.#sumsAtFirst(name) ?? [])];
      this.#parts.set(name, { value: (isTheirs ? part : mine)?.value ?? null, version, sums });
      return false;
    });
    this.#show();
    this.#noteAll();
    if (this.#waitsFor && !this.#mustWait) this.#goOnFrom(this.#waitsFor);
    this.#dropKnown();
    this.#notice.replaceChildren();
    this.#question = "";
    this.#goOn();
    if (this.#others.length) this.#offer(question === "saysOther" ? "saysOther" : "saysChanged");
  }

  /** Go on with what stands in the fields now. */
  #goOn() {
    this.#note();
    this.#keep();
    this.#since ||= Date.now();
    this.#schedule(0);
  }

  /** @param {string} at of the draft that the server has, and this page goes on from */
  #goOnFrom(at) {
    const field = this.#form.querySelector("[data-draft-at-field]");
    const atField = field instanceof HTMLInputElement ? field : null;
    this.#waitsFor = this.#mustWait ? at : "";
    if (!this.#mustWait) this.#serverAt = at;
    // Saving the form drops that draft, and none that waits for an answer or was saved since, nor
    // one in which a field was made again what it was on this page.
    if (atField) atField.value = this.#mustWait || this.#isOlder ? "" : at;
  }

  /** Have the server forget the draft: at once, or when it can be reached. */
  #discard() {
    for (const [name, part] of this.#parts) {
      this.#parts.set(name, { value: null, version: together(part.version, this.#bump()) });
    }
    this.#told.clear();
    this.#noteAll();
    this.#goOn();
  }

  /** @param {Kept} kept */
  #differs(kept) {
    return Object.entries(kept.fields).some(([name, value]) => {
      const field = this.#fields.get(name);
      return field && sumOf(read(field)) !== sumOf(value);
    });
  }

  /** @param {number} pause in milliseconds */
  #schedule(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), pause);
  }

  async #save() {
    if (this.#sending || this.#isClosed || !this.#since || this.#mustWait) return;
    const began = this.#since;
    this.#since = 0;
    this.#sending = this.#send(began);
    await this.#sending;
    this.#sending = null;
  }

  /** @param {number} began when the oldest typing was done that is sent */
  async #send(began) {
    let status = 0;
    /** @type {Kept | undefined} */
    let body;
    try {
      const reply = await this.#post({ signal: AbortSignal.timeout(TIMEOUT) });
      status = reply.status;
      if (status === 200 || status === 409) body = await reply.json();
    } catch {
      status = 0; // offline, or the server is away: tried again below
    }
    if (status === 409 && body) {
      this.#since ||= began;
      this.#join(body);
      return;
    }
    if (status === 200 && body && Date.now() < this.#leftAt + LEAVING) {
      this.#since ||= began; // it is sent again if nobody leaves after all
      this.#schedule(LEAVING);
      return;
    }
    if (status === 200 && body) {
      this.#goOnFrom(body.at);
      this.#warning.replaceChildren();
      if (this.#since) this.#tell("saysTyped"); // meanwhile
      else this.#tell(this.#isTyped ? "saysKept" : "");
      if (this.#since || this.#others.length) this.#keep();
      else this.#forget();
      if (this.#since) this.#schedule(PAUSE);
      return;
    }
    this.#since ||= began;
    this.#isClosed = status === 403;
    if (this.#isClosed) this.#warn("saysClosed");
    else this.#warn(navigator.onLine ? "saysFailed" : "saysOffline");
    if (status < 400 || status >= 500) this.#schedule(RETRY);
  }

  /**
   * Go on from a draft of another window, with what was typed here since or in other fields.
   *
   * @param {Kept} theirs
   */
  #join(theirs) {
    this.#note();
    for (const name of Object.keys(theirs.fields)) this.#told.add(name);
    this.#add(theirs, "server");
    this.#dropKnown();
    const isNews = this.#show();
    this.#noteAll();
    this.#isOlder ||= theirs.base !== this.#base;
    this.#goOnFrom(theirs.at);
    this.#keep();
    if (this.#others.length) this.#ask();
    else if (isNews) this.#inform("saysElsewhere");
    this.#schedule(0);
  }

  /**
   * @param {RequestInit} options
   * @param {boolean} last whether the page is being left
   */
  #post(options, last = false) {
    const { base, fields, versions, sums } = this.#asKept();
    for (const name of Object.keys(fields)) {
      this.#told.add(name);
      // Another page may go on from it, and save it.
      const part = this.#parts.get(name);
      if (part) part.sums = sumsOver(part.sums, part);
    }
    const sent = {
      base,
      after: this.#serverAt,
      window: this.#window,
      sent: (this.#count += 1),
      answered: this.#answered,
      last,
      fields,
      versions,
      sums,
      shown: sums,
    };
    // An editor adds the steps that can be taken back.
    this.#form.dispatchEvent(new CustomEvent("draft:send", { detail: sent }));
    return fetch(this.#form.dataset.draftUrl ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(sent),
      ...options,
    });
  }

  /** Return a version of its own for one more change in this window. */
  #bump() {
    this.#changes += 1;
    return { [this.#window]: this.#changes };
  }

  /** @param {string} name */
  #sumsAtFirst(name) {
    const sum = this.#began[name];
    return sum === undefined ? undefined : [sum];
  }

  /** Take note of the fields that were changed since they were noted last. */
  #note() {
    for (const [name, field] of this.#fields) {
      const value = read(field);
      if (value === this.#noted.get(name)) continue;
      this.#noted.set(name, value);
      const part = this.#parts.get(name);
      const isBack = value === this.#shown.get(name) && !this.#told.has(name);
      this.#parts.set(name, {
        value: isBack ? null : value,
        version: together(part?.version, this.#bump()),
        sums: (part?.value ?? null) === null ? this.#sumsAtFirst(name) : part?.sums,
      });
    }
  }

  /** Take what stands in the fields as known: nobody has typed it. */
  #noteAll() {
    for (const [name, field] of this.#fields) this.#noted.set(name, read(field));
  }

  /** Return what is not saved, of fields of other pages too. */
  #typed() {
    this.#note();
    /** @type {Record<string, string>} */
    const typed = {};
    for (const [name, { value }] of this.#parts) if (value !== null) typed[name] = value;
    return typed;
  }

  /** Return whether something stands here that the page does not show by itself. */
  get #isTyped() {
    return [...this.#parts].some(([name, { value }]) => {
      return value !== null && value !== this.#shown.get(name);
    });
  }

  /** Write what is known into the fields. Return whether they hold something else now. */
  #show() {
    let [isWritten, isNews] = [false, false];
    for (const [name, field] of this.#fields) {
      const value = this.#parts.get(name)?.value ?? this.#shown.get(name) ?? "";
      if (read(field) === value) continue;
      isNews ||= sumOf(read(field)) !== sumOf(value);
      write(field, value);
      isWritten = true;
    }
    if (isWritten) this.#form.dispatchEvent(new Event("draft:restored"));
    return isNews;
  }

  /** @returns {Kept | null} */
  #onServer() {
    return JSON.parse(this.#form.dataset.draftSaved || "null");
  }

  /** @returns {Kept | null} */
  #stored() {
    try {
      this.#known = localStorage.getItem(this.#key);
      return JSON.parse(this.#known ?? "null");
    } catch {
      return null; // browsers can switch storage off in a frame: then the server's is all there is
    }
  }

  /** @returns {Kept} */
  #asKept() {
    const fields = this.#typed();
    /** @type {Record<string, Version>} */
    const versions = {};
    /** @type {Record<string, number[]>} */
    const sums = {};
    for (const [name, { version, sums: over }] of this.#parts) {
      if (version) versions[name] = version;
      if (over && name in fields) sums[name] = over;
    }
    const at = new Date().toISOString();
    return { base: this.#base, fields, at, versions, sums, others: this.#others };
  }

  #keep() {
    this.#lookForOthers();
    try {
      this.#known = JSON.stringify(this.#asKept());
      localStorage.setItem(this.#key, this.#known);
      this.#isKept = true;
    } catch {
      this.#isKept = false; // not stored: the server has it within seconds
    }
  }

  /** Take in what another window has written there since this one did. */
  #lookForOthers() {
    const before = this.#known;
    const kept = this.#stored();
    if (this.#known === before || !kept) return;
    this.#note();
    this.#add(kept, "page");
    this.#ask();
    this.#show();
    this.#noteAll();
  }

  #forget() {
    try {
      // Else another window keeps something there.
      if (localStorage.getItem(this.#key) === this.#known) localStorage.removeItem(this.#key);
      this.#known = localStorage.getItem(this.#key);
    } catch {
      // Nothing is kept there.
    }
  }

  /**
   * Return what this tab remembers of the page before, null for nothing.
   *
   * @param {string} what
   * @returns {unknown}
   */
  #inSession(what) {
    try {
      return JSON.parse(sessionStorage.getItem(`${this.#key}-${what}`) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * @param {string} what
   * @param {unknown} value
   */
  #setInSession(what, value) {
    try {
      sessionStorage.setItem(`${this.#key}-${what}`, JSON.stringify(value));
    } catch {
      // Not stored: at worst somebody is asked about a text of their own.
    }
  }

  get #key() {
    return `draft-${this.#form.dataset.draftKey}`;
  }

  /** @param {string} name of the data attribute that has the words */
  #inform(name) {
    const text = this.#form.dataset[name] ?? "";
    if (this.#notice.textContent === text) return; // said already
    this.#notice.textContent = text;
    announce(text);
  }

  /**
   * @param {string} name of the data attribute that has the words
   * @param {Date} typedAt
   * @param {HTMLButtonElement[]} buttons
   */
  #say(name, typedAt, buttons) {
    const at = typedAt.toLocaleString(document.documentElement.lang || undefined, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    const text = document.createElement("p");
    text.textContent = (this.#form.dataset[name] ?? "").replace("{at}", at);
    const actions = document.createElement("p");
    actions.className = "page-actions";
    actions.append(...buttons);
    const box = document.createElement("div");
    box.className = "notice warning";
    box.append(text, actions);
    this.#notice.replaceChildren(box);
    announce(text.textContent);
  }

  /**
   * @param {string} name of the data attribute that has the words
   * @param {() => void} act
   */
  #button(name, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = this.#form.dataset[name] ?? "";
    button.addEventListener("click", act);
    return button;
  }

  /** @param {string} name of the data attribute that has the words, '' for none */
  #tell(name) {
    if (!this.#state) return;
    this.#state.classList.remove("failed");
    this.#state.textContent = this.#form.dataset[name] ?? "";
  }

  /** @param {string} name of the data attribute that has the words, true if this device keeps it */
  #warn(name) {
    const said = this.#isKept ? name : "saysUnkept";
    this.#tell(said);
    this.#state?.classList.add("failed");
    const text = this.#form.dataset[said] ?? "";
    if (this.#warning.textContent === text) return; // said already
    const box = document.createElement("p");
    box.className = "notice warning";
    box.textContent = text;
    this.#warning.replaceChildren(box);
    announce(text);
  }
}

/** @param {HTMLFormElement} form */
export function connect(form) {
  const draft = new FormDraft(form);
  form.addEventListener("input", ({ target }) => draft.change(target));
  form.addEventListener("submit", (event) => draft.submit(event));
  addEventListener("online", () => draft.online());
  addEventListener("storage", (event) => draft.keptElsewhere(event));
  addEventListener("pageshow", ({ persisted }) => {
    draft.shownAgain();
    if (persisted) draft.look();
  });
  addEventListener("pagehide", () => draft.flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") draft.flush();
    else draft.look();
  });
  addEventListener("beforeunload", (event) => {
    if (draft.wouldLoseWork) event.preventDefault();
    draft.leave();
  });
  draft.restore();
}

for (const form of document.querySelectorAll("form[data-draft-url]")) {
  connect(/** @type {HTMLFormElement} */ (form));
}
