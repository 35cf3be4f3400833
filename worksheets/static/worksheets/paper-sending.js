// Marks of a pile on their way to the server: one after the other, and none is lost in silence.

const TIMEOUT = 15000; // milliseconds for a request

/**
 * @typedef {object} Sent
 * @property {import("./paper-names.js").Pupil} pupil
 * @property {string} text what was typed
 * @property {string | null} before what is to be brought back instead, null to enter the text
 * @property {boolean} confirmed
 * @property {(answer: Answer | null) => void} settled is told what became of it, null for no answer
 */

/**
 * @typedef {object} Answer
 * @property {string} state
 * @property {string} message
 * @property {string} said
 * @property {string} typed
 * @property {string} standing
 * @property {string} before
 */

/** The queue of a page. */
export class PaperQueue {
  /** @type {Sent[]} */
  #waiting = [];
  #isSending = false;
  #address;

  /** @param {string} address */
  constructor(address) {
    this.#address = address;
  }

  get isEmpty() {
    return !this.#waiting.length && !this.#isSending;
  }

  /** @param {Sent} sent */
  add(sent) {
    this.#waiting.push(sent);
    this.#go();
  }

  async #go() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let sent = this.#waiting.shift(); sent; sent = this.#waiting.shift()) {
      // One after the other: a second mark for a pupil is compared with what the first one left.
      // oxlint-disable-next-line no-await-in-loop
      const answer = await this.#post(sent);
      if (answer?.standing !== undefined) {
        sent.pupil.standing = answer.standing;
        sent.pupil.said = answer.said;
      }
      sent.settled(answer);
    }
    this.#isSending = false;
  }

  /**
   * @param {Sent} sent
   * @returns {Promise<Answer | null>}
   */
  async #post({ pupil, text, before, confirmed }) {
    const seen = pupil.standing;
    try {
      const reply = await fetch(this.#address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ pupil: pupil.number, text, seen, before, confirmed }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
      const body = await reply.json();
      return body.state ? body : null;
    } catch {
      return null; // offline, or a page that is no answer of ours: it can be tried again
    }
  }
}
