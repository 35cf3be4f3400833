// Saves typing as it goes. Nothing here listens to the page: fill.js connects it with the form's
// input and submit, with the network going and coming, and with the page being hidden and left.
//
// Only what was changed on this page is sent, so two tabs or devices do not overwrite each
// other's work; what could not be sent stays on the device. An item is answered by the fields
// inside the element that names it (data-item), whatever they are called: they are sent together.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @typedef {Record<string, string>} Values what the fields of one item hold, by name */

export const PAUSE = 700; // milliseconds after the last keystroke
export const MAX_WAIT = 10000; // milliseconds between two saves while somebody types without a pause
export const MAX_PAUSE = 15000; // milliseconds between two attempts
export const TIMEOUT = 15000; // milliseconds for a request

const NO_ANSWER = new Set(["hidden", "submit", "button"]);

/**
 * Return the milliseconds until the next attempt, after so many failures in a row.
 *
 * @param {number} failures
 */
export function retryPause(failures) {
  return Math.min(2000 * 2 ** failures, MAX_PAUSE);
}

/**
 * Return the fields in which a pupil answers.
 *
 * @param {Element} part of the page: a form, or the element of an item
 */
export function answerFields(part) {
  /** @type {NodeListOf<Field>} */
  const fields = part.querySelectorAll("input, select, textarea");
  return [...fields].filter((field) => field.name && !NO_ANSWER.has(field.type));
}

/**
 * Return the element of the item that a field belongs to, or null.
 *
 * @param {Element} field
 * @returns {HTMLElement | null}
 */
export function itemOf(field) {
  return field.closest("[data-item]");
}

/**
 * Return what the fields of an item hold, '' for radio buttons of which none is pressed.
 *
 * @param {Element} item
 */
export function readItem(item) {
  /** @type {Values} */
  const values = {};
  for (const field of answerFields(item)) {
    if (field.type !== "radio" || isChecked(field)) values[field.name] = field.value;
    else values[field.name] ??= "";
  }
  return values;
}

/**
 * Put a value into the field of this name, or press the radio button that has it.
 *
 * @param {Element} part of the page: a form, or the element of an item
 * @param {string} name
 * @param {string} value
 */
export function showValue(part, name, value) {
  for (const field of answerFields(part)) {
    if (field.name !== name) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") {
      field.checked = field.value === value;
    } else if (field.value !== value) {
      field.value = value; // setting the same value would move the cursor
    }
  }
}

/**
 * Show what is wrong with those of the named items that have an error, and nothing at the others.
 *
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} errors by item
 * @param {Iterable<string>} items
 */
export function showErrors(form, errors, items) {
  for (const item of items) {
    const box = form.querySelector(`[data-item="${CSS.escape(item)}"]`);
    if (!box) continue;
    box.querySelector(".input-error")?.remove();
    box.classList.toggle("has-error", item in errors);
    if (item in errors) {
      const text = document.createElement("span");
      text.className = "input-error";
      text.setAttribute("role", "alert");
      text.textContent = errors[item];
      box.append(text);
    }
  }
}

/** Work that has not reached the server, on this device. */
export class Draft {
  #key;

  /** @param {string} key in the browser's local storage */
  constructor(key) {
    this.#key = key;
  }

  /**
   * Return the values by field name: devices keep them so, whatever items the fields belong to.
   *
   * @returns {Values}
   */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "null") ?? {};
    } catch {
      return {}; // browsers can switch storage off in a frame: then the page is all there is
    }
  }

  /** @param {Values} values */
  write(values) {
    try {
      if (Object.keys(values).length) localStorage.setItem(this.#key, JSON.stringify(values));
      else localStorage.removeItem(this.#key);
    } catch {
      // Not stored: the next save carries it.
    }
  }
}

/**
 * The answers of one form on their way to the server.
 *
 * The form says where to (data-save-url) and has the words for the pupil (data-says-…).
 */
export class Autosave {
  /** @type {Map<string, Values>} by item, what is not yet on the server */
  #dirty = new Map();
  /** @type {Map<string, Values>} the same, where the server said why: kept on the device */
  #refused = new Map();
  #timer = 0;
  #since = 0; // when the oldest change was made that was not sent yet
  #failures = 0; // in a row
  /** @type {Promise<boolean> | null} */
  #sending = null;
  #stopped = false;
  #hasSaidSaved = false;
  #draft;
  #form;
  #status;
  #live;
  #url;

  /**
   * @param {HTMLFormElement} form
   * @param {Draft} draft
   */
  constructor(form, draft) {
    this.#form = form;
    this.#draft = draft;
    this.#url = form.dataset.saveUrl ?? "";
    this.#status = form.querySelector("[data-save-state]");
    this.#live = form.querySelector("[data-live]");
  }

  /** Return whether leaving would lose something that could not be sent. */
  get wouldLoseWork() {
    return this.#failures > 0 && this.#dirty.size > 0 && !this.#stopped;
  }

  /**
   * Take what the fields of an item hold now, and save it after a pause.
   *
   * @param {Element} field that was changed
   */
  change(field) {
    const item = itemOf(field);
    if (!item) return;
    this.#dirty.set(keyOf(item), readItem(item));
    this.#keep();
    const now = Date.now();
    this.#since ||= now;
    this.schedule(Math.min(PAUSE, Math.max(this.#since + MAX_WAIT - now, 0)));
  }

  /**
   * Save after a pause, and not at the time that was set before.
   *
   * @param {number} pause in milliseconds
   */
  schedule(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), pause);
  }

  /** Send what is not on the server; after the request that is on its way, if there is one. */
  async save() {
    if (this.#stopped || !this.#dirty.size) return;
    if (this.#sending) {
      await this.#sending;
      await this.save();
      return;
    }
    this.#sending = this.#send(new Map(this.#dirty));
    const isSaved = await this.#sending;
    this.#sending = null;
    if (this.#dirty.size && !this.#stopped) {
      this.schedule(isSaved ? PAUSE : retryPause(this.#failures));
    }
  }

  /** Send what is not on the server with the last request of a page that is left. */
  flush() {
    if (!this.#dirty.size || this.#stopped) return;
    fetch(this.#url, { ...this.#request(this.#dirty), keepalive: true }).catch(() => {});
  }

  /** Show what was saved on another device, unless something here is not on the server. */
  async refresh() {
    if (this.#dirty.size || this.#stopped) return;
    try {
      const reply = await fetch(this.#url, { headers: { Accept: "application/json" } });
      if (!reply.ok) return;
      const body = await reply.json();
      if (body.submitted || String(body.attempt) !== this.#hidden("attempt").value) {
        location.reload();
        return;
      }
      if (this.#dirty.size || body.seen === this.#hidden("seen").value) return;
      for (const [name, value] of Object.entries(body.fields)) showValue(this.#form, name, value);
      this.#hidden("seen").value = body.seen;
      this.#form.dispatchEvent(new Event("worksheet:restored"));
    } catch {
      // Offline: the page stays as it is.
    }
  }

  /** Put back the work of an earlier visit that never reached the server, and send it. */
  restore() {
    const found = this.#draft.read();
    for (const item of this.#items()) {
      const values = readItem(item);
      const kept = Object.keys(values).filter((name) => Object.hasOwn(found, name));
      for (const name of kept) {
        values[name] = found[name]; // what is sent even where this page has no option for it
        showValue(item, name, found[name]);
      }
      if (kept.length) this.#dirty.set(keyOf(item), values);
    }
    if (!this.#dirty.size) return;
    this.#form.dispatchEvent(new Event("worksheet:restored"));
    this.#showStatus("saysRestored");
    this.#announce(this.#form.dataset.saysRestored ?? "");
    this.schedule(0);
  }

  /** Save at once what waits, or say that nothing does. */
  cameOnline() {
    if (this.#dirty.size) this.schedule(0);
    else if (this.#status?.classList.contains("failed")) this.#showStatus("saysSaved");
  }

  /** Tell that there is no network. */
  wentOffline() {
    this.#showStatus("saysOffline", true);
  }

  /**
   * Leave the saving to the form, which is being submitted. Return false without a network: then
   * the page says so, and stays.
   */
  handOver() {
    if (!navigator.onLine) {
      this.wentOffline();
      return false;
    }
    clearTimeout(this.#timer);
    this.#failures = 0;
    return true;
  }

  /**
   * Leave out what was not changed here, so that the form posts no older view of the rest.
   *
   * After a 409 all goes: the server's page shows everything that stands on this one. So it is
   * while something is marked as wrong.
   *
   * @param {FormData} data what the form is about to post
   */
  leaveOutUnchanged(data) {
    if (this.#stopped || this.#form.querySelector(".has-error")) return;
    for (const item of this.#items()) {
      if (this.#dirty.has(keyOf(item))) continue;
      for (const name of Object.keys(readItem(item))) data.delete(name);
    }
  }

  /**
   * Return whether the server has an answer: it saved the items, or said what is wrong.
   *
   * @param {Map<string, Values>} items
   */
  async #send(items) {
    this.#since = 0;
    this.#showStatus("saysSaving");
    let reply;
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      reply = await fetch(this.#url, { ...this.#request(items), signal });
    } catch {
      this.#failures += 1;
      this.#showStatus(navigator.onLine ? "saysFailed" : "saysOffline", true);
      return false;
    }
    const body = await reply.json().catch(() => null);
    if (reply.status === 409 && body) {
      // Closed, submitted elsewhere, or another edition: a person must look.
      this.#stopped = true;
      this.#showText(body.error, true);
      return false;
    }
    if (!reply.ok || !body) {
      this.#failures += 1;
      this.#showStatus("saysFailed", true);
      return false;
    }
    this.#failures = 0;
    this.#settle(items, body.errors, body.seen);
    return true;
  }

  /**
   * Take note of what is on the server now, and show what is wrong with the rest.
   *
   * @param {Map<string, Values>} items that were sent
   * @param {Record<string, string>} errors by item
   * @param {string} seen when the server saved
   */
  #settle(items, errors, seen) {
    for (const [item, values] of items) {
      if (item in errors) this.#refused.set(item, values);
      else this.#refused.delete(item);
      // Changed meanwhile, it is sent again as a whole.
      if (this.#dirty.get(item) === values) this.#dirty.delete(item);
    }
    this.#hidden("seen").value = seen;
    this.#keep();
    showErrors(this.#form, errors, items.keys());
    const [error] = Object.values(errors);
    if (error !== undefined) {
      this.#showText(error, true);
      return;
    }
    this.#showStatus("saysSaved");
    // Once is enough for somebody who hears it after every pause.
    if (!this.#hasSaidSaved) this.#announce(this.#form.dataset.saysSaved ?? "");
    this.#hasSaidSaved = true;
  }

  /**
   * Return a request with these items, of the edition and the attempt that this page shows: the
   * server takes nothing for another one.
   *
   * @param {Map<string, Values>} items
   */
  #request(items) {
    const shown = {
      edition: this.#hidden("edition").value,
      attempt: this.#hidden("attempt").value,
    };
    return {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(Object.assign({}, ...items.values(), shown)),
    };
  }

  #keep() {
    this.#draft.write(Object.assign({}, ...this.#refused.values(), ...this.#dirty.values()));
  }

  /** @returns {NodeListOf<HTMLElement>} */
  #items() {
    return this.#form.querySelectorAll("[data-item]");
  }

  /** @param {string} name of a hidden field */
  #hidden(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  /**
   * @param {string} name of the data attribute that has the words
   * @param {boolean} isError
   */
  #showStatus(name, isError = false) {
    this.#showText(this.#form.dataset[name] ?? "", isError);
  }

  /**
   * @param {string} text
   * @param {boolean} isError
   */
  #showText(text, isError) {
    if (!this.#status) return;
    if (isError && this.#status.textContent !== text) this.#announce(text);
    this.#status.textContent = text;
    this.#status.classList.toggle("failed", isError);
  }

  /** @param {string} text for screen readers */
  #announce(text) {
    if (this.#live) this.#live.textContent = text;
  }
}

/** @param {HTMLElement} item */
function keyOf(item) {
  return item.dataset.item ?? "";
}

/** @param {Field} field */
function isChecked(field) {
  return field instanceof HTMLInputElement && field.checked;
}
