// Saves typing as it goes. Nothing here listens to the page: fill.js connects it with the form's
// input and submit, with the network going and coming, and with the page being hidden and left.
//
// Only what was changed on this page is sent, so two tabs or devices do not overwrite each
// other's work; what could not be sent stays on the device. An item is answered by the fields
// inside the element that names it (data-item), whatever they are called: they are sent together.

import { announce } from "./live.js";
import { isReachable } from "./network.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @typedef {Record<string, string>} Values what the fields of one item hold, by name */

export const PAUSE = 700; // milliseconds after the last keystroke
export const MAX_WAIT = 10000; // milliseconds between two saves while somebody types without a pause
export const MAX_PAUSE = 15000; // milliseconds between two attempts
export const TIMEOUT = 15000; // milliseconds for a request

const LEAVING = 30000; // milliseconds until the next page is there, or nobody leaves after all

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
 * Return whether a field is one to press: it has a value only while it is pressed.
 *
 * @param {Field} field
 * @returns {field is HTMLInputElement}
 */
function isToPress(field) {
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
}

/**
 * Return what the fields of an item hold, '' for a box without its tick and for radio buttons of
 * which none is pressed.
 *
 * @param {Element} item
 */
export function readItem(item) {
  /** @type {Values} */
  const values = {};
  for (const field of answerFields(item)) {
    if (!isToPress(field) || isChecked(field)) values[field.name] = field.value;
    else values[field.name] ??= "";
  }
  return values;
}

/**
 * Put a value into the field of this name, or press the box or radio button that has it.
 *
 * @param {Element} part of the page: a form, or the element of an item
 * @param {string} name
 * @param {string} value
 */
export function showValue(part, name, value) {
  for (const field of answerFields(part)) {
    if (field.name !== name) continue;
    if (isToPress(field)) {
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

/**
 * What a device knows of work that has not reached the server, beside the work itself, by item:
 * fingerprints of the `versions` that the server had when the work was begun, or may have been
 * sent since, with the number of the first request that has sent it, or 0; and `other` answers to
 * the item, of which the pupil has still to choose. `work` says whose and which work it is.
 *
 * @typedef {{ versions: Record<string, Record<number, number>>, other: Record<string, Values[]>, work?: string }} Background
 */

/**
 * What the server has said it has of this browser: the `number` of a request that brought it, and
 * what the server had `seen` then: the time of the newest answer of the work, in ISO 8601 and UTC,
 * so that such times compare as texts.
 *
 * @typedef {{ number: number, values: Values, seen: string }} Confirmed
 */

const BROWSER = "worksheet-browser"; // the key of this browser's name in its local storage
const CONFIRMED = "worksheet-confirmed-"; // the beginning of a key, before the work
const CONFIRMED_FOR = 7 * 24 * 60 * 60 * 1000; // milliseconds; backups are made every day

/** Work that has not reached the server, on this device. */
export class Draft {
  #key;
  #device;
  work;
  sent; // what was counted, here or by a page whose clock was ahead of ours

  /**
   * @param {string} key in the browser's local storage
   * @param {number} sent what the server says is counted, or 0
   * @param {string} [work] a name of the person, and one of their work: where the database was
   *   restored, the numbers of which the key is made may stand for other ones
   */
  constructor(key, sent, work = "") {
    this.#key = key;
    this.work = work;
    this.sent = sent;
    const { name = Math.random().toString(36).slice(2) } = load(BROWSER);
    store(BROWSER, { name });
    // Another one for each work: what the server keeps says nothing of who shares a browser.
    this.#device = `${Math.abs(fingerprint({ name, key }))}`;
    forgetConfirmed(work);
  }

  /**
   * Count a request. The server takes nothing from this device that is older than what it has: a
   * request that was held up on its way may arrive after a newer one, of a page that came later
   * perhaps.
   *
   * @returns {{ device: string, sent: string }}
   */
  count() {
    this.sent = Math.max(this.sent + 1, Date.now());
    return { device: this.#device, sent: `${this.sent}` };
  }

  /** Return this browser's name for the work. */
  get device() {
    return this.#device;
  }

  /**
   * Return the values by field name: devices keep them so, whatever items the fields belong to.
   * The name '' has the background.
   *
   * @returns {Record<string, any>}
   */
  read() {
    const found = load(this.#key);
    const { work = this.work } = found[""] ?? {};
    return work === this.work ? found : {};
  }

  /** @param {Record<string, any>} values */
  write(values) {
    store(this.#key, values);
  }

  /**
   * Return what the server has confirmed, by item.
   *
   * @returns {Record<string, Confirmed>}
   */
  get confirmed() {
    return load(CONFIRMED + this.work).items ?? {};
  }

  /**
   * Keep what the server has confirmed, unless another page has kept something newer; undefined
   * for what is of no use any more.
   *
   * @param {Record<string, Confirmed | undefined>} changes by item
   */
  confirm(changes) {
    const items = this.confirmed;
    for (const [item, one] of Object.entries(changes)) {
      if (!one) delete items[item];
      else if (one.number >= (items[item]?.number ?? 0)) items[item] = one;
    }
    const until = Date.now() + CONFIRMED_FOR;
    store(CONFIRMED + this.work, Object.keys(items).length ? { until, items } : {});
  }
}

/**
 * Forget what was confirmed long ago, and what was of other people: a computer may be shared. What
 * they could not send stays.
 *
 * @param {string} work
 */
function forgetConfirmed(work) {
  const [person] = work.split("-");
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(CONFIRMED)) continue;
      const isOver = !(load(key).until > Date.now());
      if (isOver || !key.startsWith(`${CONFIRMED}${person}-`)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing is stored.
  }
}

/**
 * @param {string} key
 * @returns {Record<string, any>}
 */
function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? {};
  } catch {
    return {}; // browsers can switch storage off in a frame: then the page is all there is
  }
}

/**
 * @param {string} key
 * @param {Record<string, any>} values nothing is kept of none
 */
function store(key, values) {
  try {
    if (Object.keys(values).length) localStorage.setItem(key, JSON.stringify(values));
    else localStorage.removeItem(key);
  } catch {
    // Not stored: the next save carries it.
  }
}

/**
 * The answers of one form on their way to the server.
 *
 * The form says where to (its action) and has the words for the pupil (data-says-…).
 */
export class Autosave {
  /** @type {Map<string, Values>} by item, what is not yet on the server */
  #dirty = new Map();
  /** @type {Map<string, Values>} the same, where the server said why: kept on the device */
  #refused = new Map();
  /** @type {Map<string, Values>} by item, what the server has as far as this page knows */
  #known = new Map();
  /** @type {Background} */
  #background = { versions: {}, other: {} };
  #shouldLook = false; // at what was saved elsewhere, before anything is saved
  /** @type {Set<string>} items whose work of an earlier visit was put back, until that look */
  #putBack = new Set();
  /** @type {Set<string>} items of which what was confirmed was put back, and nobody typed since */
  #reinstated = new Set();
  #leftAt = 0;
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
  #url;

  /**
   * @param {HTMLFormElement} form
   * @param {Draft} draft
   */
  constructor(form, draft) {
    this.#form = form;
    this.#draft = draft;
    this.#url = form.action;
    this.#status = form.querySelector("[data-save-state]");
    this.#showText("", false); // the page says that nothing is saved without this script
    for (const item of this.#items()) this.#known.set(keyOf(item), readItem(item));
  }

  /** Return whether there is something to ask the server, or to tell it. */
  get #isPending() {
    return this.#dirty.size > 0 || this.#shouldLook;
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
    const key = keyOf(item);
    this.#leftAt = 0; // who types has stayed
    this.#putBack.delete(key);
    this.#reinstated.delete(key);
    if (!this.#dirty.has(key)) this.#addVersion(key, this.#known.get(key) ?? {});
    const values = readItem(item);
    // The same again is not what was sent before: something else was meanwhile.
    if (this.#hasVersion(key, values)) this.#addVersion(key, values, 0);
    this.#dirty.set(key, values);
    this.#keep();
    // No longer: saved.
    if (!this.#status?.classList.contains("failed")) this.#showStatus("saysSaving");
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
    if (this.#stopped || !this.#isPending) return;
    if (this.#sending) {
      await this.#sending;
      await this.save();
      return;
    }
    this.#sending = this.#lookAndSend();
    const isDone = await this.#sending;
    this.#sending = null;
    if (this.#isPending && !this.#stopped) {
      this.schedule(isDone ? PAUSE : retryPause(this.#failures));
    }
  }

  /** Keep what is here, saved or not: the page that comes may have been made before the save. */
  leave() {
    this.#leftAt = Date.now();
  }

  /** Send what is not on the server with the last request of a page that is left. */
  flush() {
    const items = new Map([...this.#dirty].filter(([key]) => !this.#putBack.has(key)));
    if (!items.size || this.#stopped) return;
    fetch(this.#url, { ...this.#request(items), keepalive: true }).catch(() => {});
  }

  /**
   * Show what was saved on another device since this page was hidden. Nothing more is saved here
   * before that: what was typed on top of an older answer must not replace the newer one unseen.
   */
  async refresh() {
    this.#shouldLook = true;
    await this.save();
  }

  /**
   * Return whether the server has replied as far as it was asked.
   *
   * @returns {Promise<boolean>}
   */
  async #lookAndSend() {
    if (this.#shouldLook) {
      this.#shouldLook = false;
      if (await this.#look()) return this.#lookAndSend(); // shown again meanwhile, it looks again
      this.#shouldLook = true;
      return this.#fail();
    }
    return this.#dirty.size ? this.#send(new Map(this.#dirty)) : true;
  }

  /**
   * Save nothing more: a person must look. What nobody would take is not to be typed; what was can
   * still be copied. The next visit offers it and does not take it: on a shared computer nobody
   * knows who typed it.
   *
   * @param {{ error: string, ended?: boolean }} reply
   */
  #stop({ error, ended = false }) {
    this.#stopped = true;
    for (const field of answerFields(this.#form)) {
      field.toggleAttribute(field.type.includes("text") ? "readonly" : "disabled", ended);
    }
    if (ended) {
      for (const [item, values] of this.#dirty) if (item) this.#addOther(item, values);
      this.#dirty.clear();
      this.#keep();
    }
    this.#showText(error, true);
  }

  /** Note a failure, and return false. */
  #fail() {
    this.#failures += 1;
    if (this.#dirty.size) this.#showStatus(navigator.onLine ? "saysFailed" : "saysOffline", true);
    return false;
  }

  /** Return whether the server has said what is saved. */
  async #look() {
    let body;
    try {
      const url = `${this.#url}?device=${this.#draft.device}`;
      const reply = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
      body = await reply.json();
    } catch {
      return false; // offline: the page stays as it is, and looks again
    }
    if (body.ended) {
      // The reply to the save says the rest.
      if (!this.#dirty.size) this.#stop(body);
      return true;
    }
    if (!body.fields) return false;
    // Submitted, perhaps taken back, or tried again: other things can be written on its page now.
    if (body.state !== this.#form.dataset.state) {
      if (!this.#dirty.size) location.reload(); // else the reply to the save says so
      return true;
    }
    this.#show(body);
    return true;
  }

  /**
   * Show what the server has. What was typed here stays; where the answer was changed elsewhere
   * since, the other one is offered.
   *
   * What had arrived from here before is no work of here any more, whatever came after it. Where the
   * server has less than it has confirmed, its database was restored from a backup: that is put back
   * if nothing was written since, else offered.
   *
   * @param {{ fields: Values, seen: string, received?: Record<string, number>, written?: Record<string, string> }} saved
   *   with the number of the newest request of this browser that each item has had, and when the
   *   item was written last
   */
  #show({ fields, seen, received, written = {} }) {
    this.#hidden("seen").value = seen;
    this.#putBack.clear();
    const { confirmed } = this.#draft;
    /** @type {Record<string, Confirmed | undefined>} */
    const changes = {};
    for (const item of this.#items()) {
      const key = keyOf(item);
      if (this.#refused.has(key)) continue; // its error says what to do
      const here = readItem(item);
      const there = { ...here };
      for (const name of Object.keys(here)) there[name] = fields[name] ?? here[name];
      const count = received?.[key] ?? 0;
      /** @param {Values} values */
      const hasArrived = (values) => {
        const number = this.#background.versions[key]?.[fingerprint(values)] ?? 0;
        return number > 0 && number <= count;
      };
      const others = this.#background.other[key] ?? [];
      this.#background.other[key] = others.filter((values) => !hasArrived(values));
      const mine = this.#dirty.get(key);
      if (mine && hasArrived(mine)) {
        this.#dirty.delete(key);
        if (isSame(mine, there)) changes[key] = { number: count, values: there, seen };
      }
      // Another browser may have written since: it is decided anew.
      if (this.#reinstated.delete(key)) this.#dirty.delete(key);
      const had = isSame(confirmed[key]?.values, there) ? undefined : confirmed[key];
      const isLost = had !== undefined && received !== undefined && had.number > count;
      const isNewer = isLost && (written[key] ?? "") <= had.seen; // than what the server has
      // Something newer of another browser, or offered from now on.
      if (had && !isNewer) changes[key] ??= undefined;
      if (!this.#dirty.has(key)) {
        delete this.#background.versions[key];
        this.#write(item, there);
        this.#known.set(key, there);
        if (isNewer) this.#reinstate(item, had.values);
        else if (isLost) this.#addOther(key, had.values);
        this.#offer(item);
      } else if (isNewer) {
        this.#addVersion(key, there); // older than that on which was typed here
      } else if (!this.#hasVersion(key, there)) {
        this.#addOther(key, there);
        this.#offer(item);
      }
    }
    // What was put back, or could not be sent, may have arrived.
    if (!this.#dirty.size && this.#status?.textContent) this.#showStatus("saysSaved");
    if (Object.keys(changes).length) this.#draft.confirm(changes);
    this.#keep();
    this.#form.dispatchEvent(new Event("worksheet:restored"));
  }

  /**
   * Put back what the server had, so that it is sent.
   *
   * @param {HTMLElement} item
   * @param {Values} values
   */
  #reinstate(item, values) {
    const key = keyOf(item);
    this.#addVersion(key, this.#known.get(key) ?? {});
    this.#write(item, values);
    this.#dirty.set(key, values);
    this.#reinstated.add(key);
    this.#showStatus("saysRestored");
    announce(this.#form.dataset.saysRestored ?? "");
  }

  /**
   * Put back the work of an earlier visit that never reached the server, and send it. Where the
   * server's answer was changed elsewhere since, offer what was written here beside it.
   */
  restore() {
    const found = this.#draft.read();
    const { confirmed } = this.#draft;
    /** @type {Record<string, Confirmed>} */
    const arrived = {};
    // What is saved where the form came too late, and shows what it had.
    const others = JSON.parse(this.#form.dataset.others ?? "{}");
    this.#background = found[""] ?? this.#background;
    delete found[""];
    for (const item of this.#items()) {
      const key = keyOf(item);
      const shown = readItem(item);
      const values = { ...shown };
      for (const name of Object.keys(values)) {
        values[name] = found[name] ?? values[name];
        delete found[name];
      }
      const isShown = isSame(values, shown);
      const number = this.#background.versions[key]?.[fingerprint(shown)];
      if (isShown && number) {
        arrived[key] = { number, values: shown, seen: this.#hidden("seen").value };
      } else if (key in confirmed && !isSame(confirmed[key].values, shown)) {
        this.#shouldLook = true; // written elsewhere since, or lost
      }
      if (key in others) {
        this.#addOther(key, others[key]);
        this.#dirty.set(key, shown);
      } else if (isShown || (key in this.#background.versions && !this.#hasVersion(key, shown))) {
        if (isShown) delete this.#background.versions[key];
        else this.#addOther(key, values);
      } else {
        // What is sent even where this page has no option for it.
        this.#write(item, values);
        this.#dirty.set(key, values);
        this.#putBack.add(key);
      }
      this.#offer(item);
    }
    // What was marked since cannot be changed any more: the server says so.
    if (Object.keys(found).length) this.#dirty.set("", found);
    if (Object.keys(arrived).length) this.#draft.confirm(arrived);
    this.#keep();
    // It may have arrived, and something newer after it.
    this.#shouldLook ||= this.#dirty.size > 0 || Object.keys(this.#background.other).length > 0;
    if (this.#shouldLook) this.schedule(0);
    if (!this.#dirty.size) return;
    this.#form.dispatchEvent(new Event("worksheet:restored"));
    this.#showStatus("saysRestored");
    announce(this.#form.dataset.saysRestored ?? "");
  }

  /**
   * Note another answer, of which the pupil has to choose.
   *
   * @param {string} key of an item
   * @param {Values} values
   */
  #addOther(key, values) {
    this.#addVersion(key, values);
    (this.#background.other[key] ??= []).push(values);
  }

  /**
   * Show the other answers to an item until the pupil takes or discards them. One of which this
   * page's answer has every word is no loss.
   *
   * @param {HTMLElement} item
   */
  #offer(item) {
    for (const box of item.querySelectorAll(".other-answer")) box.remove();
    const key = keyOf(item);
    const shown = readItem(item);
    const others = (this.#background.other[key] ?? []).filter((values) =>
      Object.entries(values).some(([name, value]) => !(shown[name] ?? "").includes(value)),
    );
    delete this.#background.other[key];
    if (others.length) this.#background.other[key] = others;
    for (const values of others) {
      const box = document.createElement("div");
      box.className = "notice warning other-answer";
      box.dir = "auto";
      box.textContent = `${this.#form.dataset.saysOther}\n${Object.values(values).join(" ")}\n`;
      for (const name of ["saysTake", "saysDiscard"]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button small";
        button.textContent = this.#form.dataset[name] ?? "";
        button.addEventListener("click", () => {
          others.splice(others.indexOf(values), 1);
          if (name === "saysTake") {
            this.#write(item, values);
            this.#form.dispatchEvent(new Event("worksheet:restored"));
            this.change(item);
          }
          this.#offer(item);
          this.#keep();
        });
        box.append(button, " ");
      }
      item.append(box);
    }
  }

  /**
   * @param {HTMLElement} item
   * @param {Values} values
   */
  #write(item, values) {
    for (const [name, value] of Object.entries(values)) showValue(item, name, value);
  }

  /** Save at once what waits, or say that nothing does. */
  cameOnline() {
    if (this.#dirty.size) this.schedule(0);
    else if (this.#status?.classList.contains("failed")) this.#showStatus("saysSaved");
  }

  /** Tell that there is no network, unless the browser is wrong about that. */
  async wentOffline() {
    if (!(await isReachable())) this.isOffline();
  }

  /** Tell that there is no network. */
  isOffline() {
    this.#showStatus("saysOffline", true);
  }

  /**
   * Leave the saving to the form, which is being submitted. A save that is on its way comes first:
   * it is older, and must not arrive later.
   *
   * @param {SubmitEvent} event
   */
  async handOver(event) {
    clearTimeout(this.#timer);
    this.#failures = 0;
    if (!this.#sending) return;
    event.preventDefault();
    const { submitter } = event;
    await this.#sending;
    this.#form.requestSubmit(submitter);
  }

  /**
   * Count what the form is about to post, and leave out what was not changed here, so that it
   * posts no older view of the rest.
   *
   * After a 409 all goes: the server's page shows everything that stands on this one. So it is
   * while something is marked as wrong.
   *
   * @param {FormData} data what the form is about to post
   */
  complete(data) {
    for (const [name, value] of Object.entries(this.#draft.count())) data.set(name, value);
    this.#noteVersions(this.#dirty);
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
    const request = this.#request(items);
    const number = Number(this.#draft.sent);
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      reply = await fetch(this.#url, { ...request, signal });
    } catch {
      return this.#fail();
    }
    const body = await reply.json().catch(() => null);
    if ((reply.status === 409 && body) || body?.ended) {
      // Closed, submitted elsewhere, another edition, or no longer in the course.
      if (body.saved) this.#forget(items);
      this.#stop(body);
      return false;
    }
    if (body?.late) {
      // Something newer came from another page: look at it before this goes again.
      this.#draft.sent = body.late;
      this.#shouldLook = true;
    }
    if (!reply.ok || !body || body.late) return this.#fail();
    this.#failures = 0;
    this.#confirm(items, body, number);
    this.#settle(items, body);
    return true;
  }

  /**
   * Keep on this device what the server has, beside what it has not: it may be restored from a backup
   * that is older than this.
   *
   * @param {Map<string, Values>} items that were sent
   * @param {{ errors: Record<string, string>, kept?: Record<string, Values>, seen?: string }} saved
   * @param {number} number of the request
   */
  #confirm(items, { errors, kept = {}, seen = "" }, number) {
    const { confirmed } = this.#draft;
    /** @type {Record<string, Confirmed | undefined>} */
    const changes = {};
    for (const [item, values] of items) {
      if (!(item in errors)) changes[item] = { number, values: { ...values, ...kept[item] }, seen };
      // It can be put back no more: a teacher has marked what the backup had.
      else if (isSame(confirmed[item]?.values, values)) changes[item] = undefined;
    }
    delete changes[""]; // no item
    this.#draft.confirm(changes);
  }

  /**
   * Take note of what is on the server now, and show what is wrong with the rest.
   *
   * @param {Map<string, Values>} items that were sent
   * @param {{ errors: Record<string, string>, kept?: Record<string, Values> }} saved
   *   the errors by item, and the items that are kept in another way than they were sent
   */
  #settle(items, { errors, kept = {} }) {
    if (Date.now() < this.#leftAt + LEAVING) return;
    for (const [item, values] of items) {
      const there = { ...values, ...kept[item] };
      if (item in errors) {
        this.#refused.set(item, values);
      } else {
        this.#refused.delete(item);
        this.#known.set(item, there);
      }
      if (this.#dirty.get(item) !== values) {
        // Changed meanwhile, it is sent again as a whole.
        this.#addVersion(item, there);
        continue;
      }
      this.#dirty.delete(item);
      if (!(item in errors)) delete this.#background.versions[item];
    }
    this.#keep();
    showErrors(this.#form, errors, items.keys());
    const [error] = Object.values(errors);
    if (error !== undefined) {
      this.#showText(error, true);
      return;
    }
    if (this.#dirty.size) return; // typed meanwhile: it says 'saved' when that is
    this.#showStatus("saysSaved");
    // Once is enough for somebody who hears it after every pause.
    if (!this.#hasSaidSaved) announce(this.#form.dataset.saysSaved ?? "");
    this.#hasSaidSaved = true;
  }

  /**
   * Note an answer that the server has, or may have.
   *
   * @param {string} key of an item
   * @param {Values} values
   * @param {number} [number] of the request that sends it; 0 for what was not sent
   */
  #addVersion(key, values, number) {
    const versions = (this.#background.versions[key] ??= {});
    const print = fingerprint(values);
    versions[print] = number === 0 ? 0 : versions[print] || (number ?? 0);
  }

  /**
   * @param {string} key of an item
   * @param {Values} values
   */
  #hasVersion(key, values) {
    return fingerprint(values) in (this.#background.versions[key] ?? {});
  }

  /**
   * Note what is about to be sent: it may be saved, and the page not hear of it.
   *
   * @param {Map<string, Values>} items
   */
  #noteVersions(items) {
    const number = Number(this.#draft.sent);
    for (const [item, values] of items) this.#addVersion(item, values, number);
    this.#keep();
  }

  /**
   * Return a request with these items, of the edition and the attempt that this page shows: the
   * server takes nothing for another one. Nor does it take what another browser has saved since
   * this page has seen it; what is saved from here is no look at the rest.
   *
   * @param {Map<string, Values>} items
   */
  #request(items) {
    const fields = Object.assign({}, ...items.values(), this.#draft.count());
    this.#noteVersions(items);
    for (const name of ["edition", "attempt", "seen"]) fields[name] = this.#hidden(name).value;
    return {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    };
  }

  /**
   * Keep no longer on this device what the server has.
   *
   * @param {Map<string, Values>} items that were sent
   */
  #forget(items) {
    // Changed meanwhile, it stays as a whole.
    for (const [item, values] of items) {
      if (this.#dirty.get(item) === values) this.#dirty.delete(item);
    }
    this.#keep();
  }

  #keep() {
    const values = Object.assign({}, ...this.#refused.values(), ...this.#dirty.values());
    const { versions, other } = this.#background;
    if (Object.keys({ ...versions, ...other }).length) {
      values[""] = { versions, other, work: this.#draft.work };
    }
    this.#draft.write(values);
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
    if (isError && this.#status.textContent !== text) announce(text);
    this.#status.textContent = text;
    this.#status.classList.toggle("failed", isError);
  }
}

/** @param {HTMLElement} item */
function keyOf(item) {
  return item.dataset.item ?? "";
}

/**
 * Return a number that is another one for other values.
 *
 * @param {Values} values
 */
function fingerprint(values) {
  const signs = [...JSON.stringify(values)];
  return signs.reduce((hash, sign) => (Math.imul(hash, 31) + Number(sign.codePointAt(0))) | 0, 0);
}

/**
 * @param {Values | undefined} values
 * @param {Values} others
 */
function isSame(values, others) {
  return values !== undefined && fingerprint(values) === fingerprint(others);
}

/** @param {Field} field */
function isChecked(field) {
  return field instanceof HTMLInputElement && field.checked;
}
