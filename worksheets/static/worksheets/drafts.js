// Keeps what a teacher types in a form until it is saved: in the browser at each key, and on the
// server within seconds. The page of the same form puts it back, here or on another device.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @typedef {{ base: string, fields: Record<string, string>, at: number, sent?: boolean }} Kept */

export const PAUSE = 2000; // milliseconds after the last keystroke
export const MAX_PAUSE = 10000; // milliseconds between two savings while somebody goes on typing
export const RETRY = 5000; // milliseconds after a failure

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
    if (!field.name || NO_DRAFT.has(field.type) || field.tagName === "BUTTON") continue;
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

/** The draft of one form. */
export class FormDraft {
  #form;
  #fields;
  /** @type {Map<string, string>} what the page showed */
  #shown;
  /** @type {Set<string>} what an earlier page of the same state kept, and nobody has saved */
  #carried = new Set();
  #timer = 0;
  #since = 0; // when the oldest typing was done that is not on the server
  #isSending = false;
  #isKept = true; // whether the browser keeps things at all
  #isClosed = false;
  #notice;
  #state;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#fields = draftFields(form);
    this.#shown = new Map([...this.#fields].map(([name, field]) => [name, shownBy(field)]));
    this.#notice = /** @type {HTMLElement} */ (form.querySelector("[data-draft-notice]"));
    this.#state = form.querySelector("[data-draft-state]");
  }

  /** Return whether leaving would lose typing that neither the browser nor the server has. */
  get wouldLoseWork() {
    return !this.#isKept && this.#since > 0;
  }

  /** Put back what was typed before, if it was never saved; ask first if the page has changed. */
  restore() {
    const kept = this.#newest();
    if (!kept) return;
    if (!Object.keys(kept.fields).length) {
      this.#drop(); // discarded when the server could not be told
      return;
    }
    const differs = Object.entries(kept.fields).some(([name, value]) => {
      const field = this.#fields.get(name);
      return field && cleaned(read(field)) !== cleaned(value);
    });
    if (kept.base === this.#form.dataset.draftBase) {
      this.#carried = new Set(Object.keys(kept.fields));
      if (!differs) return; // a page that says what is wrong, and shows what was typed
      this.#show(kept);
      this.#say("saysRestored", kept, [this.#button("saysDiscard", () => this.discard())]);
    } else if (!differs || (kept.sent && !this.#form.dataset.draftSaved)) {
      this.#forget(); // it was saved: the server has dropped its draft
    } else {
      const back = () => {
        this.#show(kept);
        this.#notice.replaceChildren();
        this.change();
      };
      this.#say("saysChanged", kept, [
        this.#button("saysPutBack", back),
        this.#button("saysDiscard", () => this.discard()),
      ]);
    }
  }

  /** Keep what stands in the fields now. */
  change() {
    const kept = {
      base: this.#form.dataset.draftBase ?? "",
      fields: this.#typed(),
      at: Date.now(),
    };
    this.#keep(kept);
    this.#since ||= kept.at;
    this.#schedule(Math.min(PAUSE, Math.max(this.#since + MAX_PAUSE - kept.at, 0)));
  }

  /** Show what the page showed, and forget the rest. */
  discard() {
    for (const [name, field] of this.#fields) write(field, this.#shown.get(name) ?? "");
    this.#carried.clear();
    this.#drop();
    this.#notice.textContent = this.#form.dataset.saysDiscarded ?? "";
    this.#tell("");
    this.#form.dispatchEvent(new Event("draft:restored"));
  }

  /** Have the server forget the draft: at once, or when it can be reached. */
  #drop() {
    this.#since = Date.now();
    this.#keep({ base: this.#form.dataset.draftBase ?? "", fields: {}, at: this.#since });
    this.#schedule(0);
  }

  /** Send what is not on the server with the last request of a page that is left. */
  flush() {
    if (this.#since && !this.#isClosed) this.#post(this.#typed(), true).catch(() => {});
  }

  /** Try at once, when the network is there again. */
  online() {
    if (this.#since) this.#schedule(0);
  }

  /**
   * Let the form be submitted, unless there is no network: then say so and stay.
   *
   * @param {SubmitEvent} event
   */
  submit(event) {
    if (!this.#since && !Object.keys(this.#typed()).length) return;
    if (!navigator.onLine) {
      event.preventDefault();
      this.#warn("saysOffline");
      return;
    }
    clearTimeout(this.#timer);
    const kept = this.#stored();
    if (kept) this.#keep({ ...kept, sent: true });
  }

  /** @param {number} pause in milliseconds */
  #schedule(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), pause);
  }

  async #save() {
    if (this.#isSending || this.#isClosed || !this.#since) return;
    const began = this.#since;
    this.#since = 0;
    this.#isSending = true;
    let status = 0;
    try {
      status = (await this.#post(this.#typed(), false)).status;
    } catch {
      // Offline, or the server is away: tried again below.
    }
    this.#isSending = false;
    if (status === 200) {
      if (this.#state?.classList.contains("failed")) this.#notice.replaceChildren();
      const isEmpty = !Object.keys(this.#typed()).length;
      if (isEmpty && !this.#since) this.#forget();
      this.#tell(isEmpty ? "" : "saysKept");
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
   * @param {boolean} keepalive for a page that is being left
   */
  #post(fields, keepalive) {
    return fetch(this.#form.dataset.draftUrl ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ base: this.#form.dataset.draftBase ?? "", fields }),
      keepalive,
    });
  }

  /** Return the fields that do not hold what the page showed. */
  #typed() {
    /** @type {Record<string, string>} */
    const typed = {};
    for (const [name, field] of this.#fields) {
      const value = read(field);
      if (value !== this.#shown.get(name) || this.#carried.has(name)) typed[name] = value;
    }
    return typed;
  }

  /**
   * Return what was typed last, on this device or another.
   *
   * @returns {Kept | null}
   */
  #newest() {
    const here = this.#stored();
    /** @type {Kept | null} */
    const there = JSON.parse(this.#form.dataset.draftSaved || "null");
    if (here && there) return here.at >= there.at ? here : there;
    return here ?? there;
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
  #stored() {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "null");
    } catch {
      return null; // browsers can switch storage off in a frame: then the server's is all there is
    }
  }

  /** @param {Kept} kept */
  #keep(kept) {
    try {
      localStorage.setItem(this.#key, JSON.stringify(kept));
      this.#isKept = true;
    } catch {
      this.#isKept = false; // not stored: the server has it within seconds
    }
  }

  #forget() {
    forget(this.#key);
  }

  get #key() {
    return `draft-${this.#form.dataset.draftKey}`;
  }

  /**
   * @param {string} name of the data attribute that has the words
   * @param {Kept} kept
   * @param {HTMLButtonElement[]} buttons
   */
  #say(name, kept, buttons) {
    const at = new Date(kept.at).toLocaleString(document.documentElement.lang || undefined, {
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

  /** @param {string} name of the data attribute that has the words */
  #warn(name) {
    this.#tell(name);
    this.#state?.classList.add("failed");
    const text = this.#form.dataset[name] ?? "";
    if (this.#notice.textContent === text) return; // said already
    const box = document.createElement("p");
    box.className = "notice warning";
    box.textContent = text;
    this.#notice.replaceChildren(box);
  }
}

/** @param {string} key */
function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing is kept there.
  }
}

/** @param {HTMLFormElement} form */
function connect(form) {
  const draft = new FormDraft(form);
  form.addEventListener("input", (event) => {
    if (event.target instanceof Element && !event.target.closest("[type=file]")) draft.change();
  });
  form.addEventListener("submit", (event) => draft.submit(event));
  addEventListener("online", () => draft.online());
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
for (const done of document.querySelectorAll("[data-draft-done]")) {
  forget(`draft-${/** @type {HTMLElement} */ (done).dataset.draftDone}`);
}
