// Saves typing as it goes. Nothing here listens to the page: fill.js connects it with the form's
// input and submit, with the network going and coming, and with the page being hidden and left.
//
// Only what was changed on this page is sent, so two tabs or devices do not overwrite each
// other's work; what could not be sent stays on the device.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

export const PAUSE = 700; // milliseconds after the last keystroke
export const MAX_PAUSE = 15000; // milliseconds between two attempts
export const TIMEOUT = 15000; // milliseconds for a request

const NO_ANSWER = new Set(["hidden", "submit", "button"]);

/**
 * Return the item that a field belongs to: a question's text and its choice are one answer.
 *
 * @param {string} name
 */
export function itemOf(name) {
  return name.replace(/-choice$/, "");
}

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
 * @param {HTMLFormElement} form
 */
export function answerFields(form) {
  return [...form.elements]
    .filter(isField)
    .filter((field) => field.name && !NO_ANSWER.has(field.type));
}

/**
 * Return what the fields of one name hold, '' for radio buttons of which none is pressed; or
 * null if there is no such field.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function readValue(form, name) {
  const fields = answerFields(form).filter((field) => field.name === name);
  if (!fields.length) return null;
  if (fields[0].type !== "radio") return fields[0].value;
  return fields.find(isChecked)?.value ?? "";
}

/**
 * Put a value into the field of this name, or press the radio button that has it.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} value
 */
export function showValue(form, name, value) {
  for (const field of answerFields(form)) {
    if (field.name !== name) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") {
      field.checked = field.value === value;
    } else if (field.value !== value) {
      field.value = value; // setting the same value would move the cursor
    }
  }
}

/**
 * Show what is wrong beside those of the named fields whose item has an error, and nothing
 * beside the others.
 *
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} errors by item
 * @param {Iterable<string>} names
 */
export function showErrors(form, errors, names) {
  for (const name of names) {
    const item = itemOf(name);
    const field = form.elements.namedItem(item);
    const box = field instanceof Element ? field.closest(".gap, .question") : null;
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
   * Return the values by field name.
   *
   * @returns {Record<string, string>}
   */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "null") ?? {};
    } catch {
      return {}; // browsers can switch storage off in a frame: then the page is all there is
    }
  }

  /** @param {Record<string, string>} values */
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
  /** @type {Map<string, string>} values by field name that are not yet on the server */
  #dirty = new Map();
  /** @type {Map<string, string>} the same, where the server said why: kept on the device */
  #refused = new Map();
  #timer = 0;
  #failures = 0; // in a row
  /** @type {Promise<boolean> | null} */
  #sending = null;
  #stopped = false;
  #draft;
  #form;
  #status;
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
  }

  /** Return whether leaving would lose something that could not be sent. */
  get wouldLoseWork() {
    return this.#failures > 0 && this.#dirty.size > 0 && !this.#stopped;
  }

  /**
   * Take what a field and its fellow (the choice of a text, the text of a choice) hold now, and
   * save it after a pause.
   *
   * @param {string} name of the field that was changed
   */
  change(name) {
    const item = itemOf(name);
    for (const part of [item, `${item}-choice`]) {
      const value = readValue(this.#form, part);
      if (value !== null) this.#dirty.set(part, value);
    }
    this.#keep();
    this.schedule(PAUSE);
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
    const found = Object.entries(this.#draft.read());
    if (!found.length) return;
    for (const [name, value] of found) {
      showValue(this.#form, name, value);
      this.#dirty.set(name, value);
    }
    this.#form.dispatchEvent(new Event("worksheet:restored"));
    this.#showStatus("saysRestored");
    this.schedule(0);
  }

  /** Tell that there is no network. */
  wentOffline() {
    this.#showStatus("saysOffline", true);
  }

  /** Leave the saving to the form, which is being submitted. */
  handOver() {
    clearTimeout(this.#timer);
    this.#failures = 0;
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
    for (const field of answerFields(this.#form)) {
      if (!this.#dirty.has(field.name)) data.delete(field.name);
    }
  }

  /**
   * Return whether the server has an answer: it saved the values, or said what is wrong.
   *
   * @param {Map<string, string>} values
   */
  async #send(values) {
    this.#showStatus("saysSaving");
    let reply;
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      reply = await fetch(this.#url, { ...this.#request(values), signal });
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
    this.#settle(values, body.errors, body.seen);
    return true;
  }

  /**
   * Take note of what is on the server now, and show what is wrong with the rest.
   *
   * @param {Map<string, string>} values that were sent
   * @param {Record<string, string>} errors by item
   * @param {string} seen when the server saved
   */
  #settle(values, errors, seen) {
    for (const [name, value] of values) {
      if (itemOf(name) in errors) this.#refused.set(name, value);
      else this.#refused.delete(name);
      if (this.#dirty.get(name) === value) this.#dirty.delete(name);
    }
    this.#hidden("seen").value = seen;
    this.#keep();
    showErrors(this.#form, errors, values.keys());
    const [error] = Object.values(errors);
    if (error === undefined) this.#showStatus("saysSaved");
    else this.#showText(error, true);
  }

  /**
   * Return a request with these values, of the edition and the attempt that this page shows: the
   * server takes nothing for another one.
   *
   * @param {Map<string, string>} values
   */
  #request(values) {
    const shown = {
      edition: this.#hidden("edition").value,
      attempt: this.#hidden("attempt").value,
    };
    return {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...Object.fromEntries(values), ...shown }),
    };
  }

  #keep() {
    this.#draft.write(Object.fromEntries([...this.#refused, ...this.#dirty]));
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
    this.#status.textContent = text;
    this.#status.classList.toggle("failed", isError);
  }
}

/**
 * @param {Element} element
 * @returns {element is Field}
 */
function isField(element) {
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  );
}

/** @param {Field} field */
function isChecked(field) {
  return field instanceof HTMLInputElement && field.checked;
}
