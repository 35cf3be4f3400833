// A visit by Platform Storage, where no cookie proves a page: its secret, which the LMS's page keeps,
// goes with each request of a script, and a page load has a pass that such a request has asked for.
import { openStorage } from "./platform_storage.js";

export const HEADER = "Lti-Page-Secret"; // as in launches/storage_visit.py
export const PASS = "pass"; // the same

const TIMEOUT = 15000; // milliseconds for a request

/** The tool does not go on with the visit: to ask again is no use. */
export class Refused extends Error {}

/** The pages of one visit, as one of them names it. */
export class StorageVisit {
  secret = ""; // '' as long as it was not read, and where the LMS has none: then requests are refused
  /** @type {Promise<void> | null} */
  #reading = null;
  #data;
  #nextUrl;
  #base;

  /** @param {DOMStringMap} data of the page's element that names the slot */
  constructor(data) {
    this.#nextUrl = new URL(data.nextUrl ?? "", location.href);
    this.#base = new URL("../", this.#nextUrl).href;
    this.#data = data;
  }

  /**
   * Have the secret, if the LMS has it. Raise if the LMS does not answer: it may do so the next time,
   * so that a request fails as it does without a network, and is tried again.
   */
  async read() {
    if (this.secret) return;
    this.#reading ??= this.#ask();
    try {
      await this.#reading;
    } finally {
      this.#reading = null;
    }
  }

  async #ask() {
    this.secret = (await (await openStorage(this.#data)).get()) ?? "";
  }

  /**
   * Return whether an address belongs to this visit: nobody else is told the secret.
   *
   * @param {string | URL} address
   */
  has(address) {
    return new URL(address, location.href).href.startsWith(this.#base);
  }

  /**
   * Return an address with a pass for one page load. Raise if there is none to be had: Refused, or
   * another error where the LMS or the tool could not be reached.
   *
   * @param {string} address
   */
  async withPass(address) {
    await this.read();
    const headers = { [HEADER]: this.secret };
    const signal = AbortSignal.timeout(TIMEOUT);
    const reply = await fetch(this.#nextUrl, { method: "POST", headers, signal });
    if (reply.status === 403) throw new Refused();
    if (!reply.ok) throw new Error("no pass");
    const found = new URL(address, location.href);
    found.searchParams.set(PASS, (await reply.json()).pass);
    return found.href;
  }
}
