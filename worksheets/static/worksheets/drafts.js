// Keeps what a teacher types in a form until it is saved: in the browser at each key, and on the
// server within seconds. The page of the same form puts it back, here or on another device.
//
// The browser keeps only what the server has not got. The server drops its draft when the form is
// saved; so that it has all of it by then, what was typed last is sent before the form is.
//
// The same form may be open in another window or on another device: each save says which draft it
// goes on from, and the server takes it only in place of that one. Of two texts, both are kept until
// somebody has chosen.
import { announce } from "./live.js";
import { holdWithoutNetwork } from "./network.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/**
 * What was typed in the fields of a form whose page was made of `base`. `at` is when: on the
 * server, or for what only this browser has, on this device; `after` is then the `at` of the draft
 * that the server had. `earlier` is a draft of another base or window, which nobody has chosen yet;
 * `beside` is one that the server has of another window, sent when that was left.
 *
 * @typedef {{
 *   base: string, fields: Record<string, string>, at: string, after?: string, earlier?: Kept,
 *   beside?: Kept
 * }} Kept
 */

export const PAUSE = 2000; // milliseconds after the last keystroke
export const MAX_PAUSE = 10000; // milliseconds between two savings while somebody goes on typing
export const RETRY = 5000; // milliseconds after a failure
export const TIMEOUT = 15000; // milliseconds for a request
export const BEFORE_SUBMIT = 3000; // milliseconds for what is sent before the form

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
 * Return a value as the server keeps it, which cleans what it is sent.
 *
 * @param {string} value
 */
function cleaned(value) {
  return value
    .replaceAll("\r\n", "\n")
    .trim()
    .replace(/^(-?\d+),(\d+)$/, "$1.$2");
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
  /** @type {Map<string, string>} what the page showed */
  #shown;
  /** @type {Map<string, string>} what was kept before and is not saved, whatever is typed now */
  #carried = new Map();
  /** @type {Kept | undefined} a draft of another base or window that waits for an answer */
  #earlier;
  #isEarlierOnServer = false; // which then gets no other in its place
  #besideAt = ""; // when a page was left whose text the server keeps beside the draft, and asks about
  #answered = ""; // the same, once somebody has chosen
  #window = Math.random().toString(36).slice(2, 14);
  #count = 0; // of what was sent
  #question = ""; // the name of the words with which the notice asks for that answer
  #serverAt; // when the draft was saved that this page goes on from, '' for none
  /** @type {string | null} what this window read or wrote last in the browser's storage */
  #known = null;
  #timer = 0;
  #since = 0; // when the oldest typing was done that is not on the server
  /** @type {Promise<void> | null} */
  #sending = null;
  #isKept = true; // whether the browser keeps things at all
  #isClosed = false;
  #isWaiting = false; // for what is sent before the form
  #isSubmitting = false;
  #notice;
  #warning;
  #state;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#fields = draftFields(form);
    this.#shown = new Map([...this.#fields].map(([name, field]) => [name, shownBy(field)]));
    this.#notice = /** @type {HTMLElement} */ (form.querySelector("[data-draft-notice]"));
    this.#warning = /** @type {HTMLElement} */ (form.querySelector("[data-draft-warning]"));
    this.#state = form.querySelector("[data-draft-state]");
    this.#serverAt = form.dataset.draftAt ?? "";
  }

  /** Return whether leaving would lose typing that neither the browser nor the server has. */
  get wouldLoseWork() {
    return !this.#isKept && this.#since > 0 && !this.#isSubmitting;
  }

  /** Put back what was typed before and never saved; ask first if the page has changed since. */
  restore() {
    this.#restoreKept();
    if (this.#earlier && this.#differs(this.#earlier)) this.#offer("saysChanged");
    else this.#settleEarlier();
    this.#adopt();
  }

  #restoreKept() {
    const here = this.#stored();
    const there = this.#onServer();
    // Typed before this script ran, where the browser has put nothing back by itself.
    const early = isFirstVisit() ? this.#changed() : [];
    if ("draftBound" in this.#form.dataset) {
      // The page says what is wrong, and shows what was typed last.
      for (const [name, field] of this.#fields) this.#carried.set(name, read(field));
      return;
    }
    // Typed here, and the server has heard of something else since: both are kept.
    if (here && there && here.after !== there.at && !this.#isOwn(there)) {
      this.#earlier = there;
      this.#isEarlierOnServer = true;
    }
    if (here?.earlier) {
      this.#isEarlierOnServer = here.earlier.at === there?.at;
      this.#earlier = here.earlier;
    }
    const beside = there?.beside;
    const isHeld = (/** @type {Kept | null | undefined} */ kept) =>
      kept && beside && textOf(kept.fields) === textOf(beside.fields);
    if (isHeld(here) || isHeld(here?.earlier)) {
      this.#answered = beside?.at ?? ""; // this browser keeps it itself, and asks
    } else if (!this.#earlier && beside) {
      this.#earlier = beside;
      this.#besideAt = beside.at;
    }
    const kept = here ?? there;
    if (here && !Object.keys(here.fields).length && !this.#earlier) {
      this.#drop(); // discarded when the server could not be told
      return;
    }
    const isSame = kept?.base === this.#form.dataset.draftBase;
    if (kept && isSame && !early.some((name) => name in kept.fields)) this.#putBack(kept);
    else if (kept && this.#differs(kept)) {
      this.#isEarlierOnServer ||= !this.#earlier && kept === there;
      this.#earlier ??= kept;
    } else if (kept && Object.keys(kept.fields).some((name) => !this.#fields.has(name))) {
      this.#putBack(kept); // of a worksheet on another page of the list, say: it is carried along
    } else if (kept) this.#drop();
  }

  /** Keep what stands in the fields already: typed before the script ran, or put there by the browser. */
  #adopt() {
    if (!this.#changed().length) return;
    this.#keep(this.#typed());
    this.#since ||= Date.now();
    this.#schedule(PAUSE);
    // Of an earlier visit to this page, and perhaps older than what it shows now.
    if (!isFirstVisit() && !this.#notice.hasChildNodes()) this.#sayRestored(new Date());
  }

  /** Return the names of the fields that hold neither what the page showed nor what was kept. */
  #changed() {
    return [...this.#fields.keys()].filter((name) => {
      const field = this.#fields.get(name);
      const known = this.#carried.get(name) ?? this.#shown.get(name) ?? "";
      return field && cleaned(read(field)) !== cleaned(known);
    });
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
    if (!Object.keys(kept.fields).length || !this.#differs(kept)) return;
    if (Object.keys(this.#typed()).length) this.#meet(kept);
    else this.#inform("saysElsewhere");
  }

  /**
   * Keep what stands in the fields now.
   *
   * @param {EventTarget | null} target that was changed
   */
  change(target) {
    if (![...this.#fields.values()].some((field) => field === target)) return;
    const now = Date.now();
    this.#keep(this.#typed());
    this.#since ||= now;
    this.#schedule(Math.min(PAUSE, Math.max(this.#since + MAX_PAUSE - now, 0)));
  }

  /** Send what is not on the server with the last request of a page that is left. */
  flush() {
    // What is on its way is not heard of here any more, and perhaps given up by the browser.
    const isPending = this.#since > 0 || this.#sending !== null;
    if (!isPending || this.#isClosed || this.#isSubmitting || this.#mustWait) return;
    this.#post(this.#typed(), { keepalive: true }, true).catch(() => {});
  }

  /** Try at once, when the network is there again. */
  online() {
    if (this.#since) this.#schedule(0);
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
      this.#isSubmitting = true;
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
    this.#isSubmitting = true;
    this.#form.requestSubmit(submitter);
  }

  /** Go on: the page was left by submitting, and is shown again. */
  shownAgain() {
    this.#isSubmitting = false;
  }

  /** @param {Kept} kept */
  #putBack(kept) {
    this.#carried = new Map(Object.entries(kept.fields));
    const isNews = this.#differs(kept);
    this.#show(kept);
    if (kept.at !== this.#serverAt) {
      this.#since = Date.now();
      this.#schedule(0);
    }
    if (isNews) this.#sayRestored(new Date(kept.at));
  }

  /** @param {Date} at when it was typed */
  #sayRestored(at) {
    this.#say("saysRestored", at, [
      this.#button("saysDiscard", () => {
        for (const [name, field] of this.#fields) write(field, this.#shown.get(name) ?? "");
        this.#form.dispatchEvent(new Event("draft:restored"));
        this.#drop();
        this.#discarded();
      }),
    ]);
  }

  /**
   * Keep what another window or device has typed beside what stands here, and ask.
   *
   * @param {Kept} theirs
   * @param {boolean} isOnServer
   */
  #meet(theirs, isOnServer = false) {
    this.#earlier = { ...theirs, earlier: undefined };
    this.#besideAt = "";
    this.#isEarlierOnServer ||= isOnServer;
    if (this.#question !== "saysOther") this.#offer("saysOther"); // said once, not at each key there
  }

  /**
   * Ask which of two texts to go on with.
   *
   * @param {"saysChanged" | "saysOther"} question the page has changed since, or another window did
   */
  #offer(question) {
    if (!this.#earlier) return;
    this.#question = question;
    const isOther = question === "saysOther";
    const use = this.#button(isOther ? "saysUseThat" : "saysPutBack", () => {
      const mine = { base: "", fields: this.#typed(), at: new Date().toISOString() };
      if (this.#earlier) this.#show(this.#earlier);
      this.#answer();
      if (isOther) this.#say("saysUsed", new Date(), [this.#backTo(mine)]);
    });
    const leave = this.#button(isOther ? "saysKeepMine" : "saysDiscard", () => {
      this.#answer();
      if (!isOther) this.#discarded();
    });
    this.#say(question, new Date(this.#earlier.at), [use, leave]);
  }

  /** @param {Kept} mine what stood here before another text was chosen */
  #backTo(mine) {
    return this.#button("saysPutBack", () => {
      this.#show(mine);
      this.#answer();
    });
  }

  /** Go on with what stands in the fields now. */
  #answer() {
    if (this.#earlier && this.#isEarlierOnServer) this.#goOnFrom(this.#earlier.at);
    this.#settleEarlier();
    this.#notice.replaceChildren();
    this.#keep(this.#typed());
    this.#since ||= Date.now();
    this.#schedule(0);
  }

  #settleEarlier() {
    this.#answered ||= this.#besideAt;
    this.#earlier = undefined;
    this.#isEarlierOnServer = false;
    this.#question = "";
  }

  /** Return whether the server keeps another text than this page's until somebody has chosen. */
  get #mustWait() {
    return this.#earlier !== undefined && this.#isEarlierOnServer;
  }

  /** @param {string} at when the draft was saved that this page goes on from */
  #goOnFrom(at) {
    this.#serverAt = at;
    // Saving the form drops that draft, and none that another window has saved since.
    const field = this.#form.querySelector("[data-draft-at-field]");
    if (field instanceof HTMLInputElement) field.value = at;
  }

  #discarded() {
    this.#inform("saysDiscarded");
  }

  /** Have the server forget the draft: at once, or when it can be reached. */
  #drop() {
    this.#carried.clear();
    this.#keep({});
    this.#since = Date.now();
    this.#schedule(0);
  }

  /** @param {Kept} kept */
  #differs(kept) {
    return Object.entries(kept.fields).some(([name, value]) => {
      const field = this.#fields.get(name);
      return field && cleaned(read(field)) !== cleaned(value);
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
    const typed = this.#typed();
    let status = 0;
    /** @type {Kept | undefined} */
    let body;
    try {
      const reply = await this.#post(typed, { signal: AbortSignal.timeout(TIMEOUT) });
      status = reply.status;
      if (status === 200 || status === 409) body = await reply.json();
    } catch {
      status = 0; // offline, or the server is away: tried again below
    }
    if (status === 409 && body) {
      this.#since ||= began;
      if (this.#isOwn(body) || !this.#differs(body)) {
        this.#goOnFrom(body.at);
        this.#schedule(0);
      } else {
        this.#meet(body, true);
        this.#keep(this.#typed());
      }
      return;
    }
    if (status === 200 && body) {
      this.#goOnFrom(body.at);
      this.#warning.replaceChildren();
      this.#tell(Object.keys(typed).length ? "saysKept" : "");
      if (this.#since || this.#earlier) this.#keep(this.#typed());
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
   * @param {Record<string, string>} fields
   * @param {RequestInit} options
   * @param {boolean} last whether the page is being left
   */
  #post(fields, options, last = false) {
    try {
      // One may still be on its way when the page is left and sends another.
      const sent = [textOf(fields), ...this.#sent()].slice(0, 2);
      sessionStorage.setItem(this.#key, JSON.stringify(sent));
    } catch {
      // Not stored: at worst somebody is asked about a text of their own.
    }
    return fetch(this.#form.dataset.draftUrl ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        base: this.#form.dataset.draftBase ?? "",
        after: this.#serverAt,
        window: this.#window,
        sent: (this.#count += 1),
        answered: this.#answered,
        last,
        fields,
      }),
      ...options,
    });
  }

  /**
   * Return whether a draft came from this window: its answer was lost, or waited for by no page.
   *
   * @param {Kept} draft that the server has
   */
  #isOwn(draft) {
    return this.#sent().includes(textOf(draft.fields));
  }

  /**
   * Return what this window sent last, the newest first.
   *
   * @returns {string[]}
   */
  #sent() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? "[]");
    } catch {
      return [];
    }
  }

  /** Return what is not saved: the fields that do not hold what the page showed, and what was kept. */
  #typed() {
    const typed = Object.fromEntries(this.#carried);
    for (const [name, field] of this.#fields) {
      const value = read(field);
      if (value !== this.#shown.get(name) || this.#carried.has(name)) typed[name] = value;
    }
    return typed;
  }

  /** @param {Kept} kept */
  #show(kept) {
    for (const [name, value] of Object.entries(kept.fields)) {
      const field = this.#fields.get(name);
      if (field) write(field, value);
    }
    this.#form.dispatchEvent(new Event("draft:restored"));
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

  /** @param {Record<string, string>} fields */
  #keep(fields) {
    this.#lookForOthers();
    /** @type {Kept} */
    const kept = {
      base: this.#form.dataset.draftBase ?? "",
      fields,
      at: new Date().toISOString(),
      after: this.#serverAt,
      earlier: this.#earlier,
    };
    try {
      this.#known = JSON.stringify(kept);
      localStorage.setItem(this.#key, this.#known);
      this.#isKept = true;
    } catch {
      this.#isKept = false; // not stored: the server has it within seconds
    }
  }

  /** Keep what another window has written there since this one did. */
  #lookForOthers() {
    const before = this.#known;
    const kept = this.#stored();
    if (this.#known === before || !kept || !Object.keys(kept.fields).length) return;
    if (this.#differs(kept)) this.#meet(kept);
  }

  #forget() {
    this.#known = null;
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Nothing is kept there.
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
function connect(form) {
  const draft = new FormDraft(form);
  form.addEventListener("input", ({ target }) => draft.change(target));
  form.addEventListener("submit", (event) => draft.submit(event));
  addEventListener("online", () => draft.online());
  addEventListener("storage", (event) => draft.keptElsewhere(event));
  addEventListener("pageshow", () => draft.shownAgain());
  addEventListener("pagehide", () => draft.flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") draft.flush();
  });
  addEventListener("beforeunload", (event) => {
    if (draft.wouldLoseWork) event.preventDefault();
  });
  draft.restore();
}

for (const form of document.querySelectorAll("form[data-draft-url]")) {
  connect(/** @type {HTMLFormElement} */ (form));
}
