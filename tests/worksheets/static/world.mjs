// The time, the network and the server of one simulated life. All that happens follows from its seed.

/** Return numbers from 0 to 1, always the same after the same seed (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A page has a `name`, and says whether it `isOnline` and `isClosed`. */
export class World {
  now = 1e12;
  page = null; // the one whose script runs
  isSlow = false;
  isCalm = false;
  log = [];
  /** @type {((fields: any) => object) | null} what becomes of a request, if it is not drawn */
  fate = null;
  #due = [];
  #count = 0;

  /** `server` has `isAway`, and replies to (method, url, fields, now) by a status and a body. */
  constructor(seed, server) {
    this.random = numbers(seed);
    this.server = server;
  }

  tell(words) {
    this.log.push(`${((this.now - 1e12) / 1000).toFixed(2)} ${words}`);
  }

  at(time, run, owner) {
    this.#due.push({ time, run, owner, number: ++this.#count });
    return this.#count;
  }

  forget(number) {
    this.#due = this.#due.filter((event) => event.number !== number);
  }

  /** Let so many milliseconds pass. */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const next = this.#due
        .filter((event) => event.time <= end)
        .sort((one, other) => one.time - other.time || one.number - other.number)[0];
      if (!next) break;
      this.forget(next.number);
      this.now = Math.max(this.now, next.time);
      if (next.owner?.isClosed) continue;
      await (next.owner ? this.on(next.owner, next.run) : next.run());
    }
    this.now = Math.max(this.now, end);
  }

  /** Let a page's script run until it waits. */
  async on(which, run) {
    this.page = which;
    run();
    for (let turn = 0; turn < 12; turn++) await null;
  }

  /** Return milliseconds that a request mostly takes one way. */
  quick() {
    return this.random() < 0.8 ? 20 + this.random() * 200 : this.random() * 3000;
  }

  send(sender, url, { method = "GET", body, signal }) {
    const fields = body ? JSON.parse(body) : {};
    this.tell(`${sender.name} ${method} ${body ?? ""}`);
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error("no network"));
      if (!sender.isOnline) {
        this.at(this.now + 5, fail, sender);
        return;
      }
      if (signal) this.at(this.now + signal.milliseconds, fail, sender);
      const drawn = {
        isLost: this.random() < 0.05 && !this.isCalm,
        isInVain: this.random() < 0.08 && !this.isCalm,
        there:
          this.random() < 0.8
            ? 20 + this.random() * 200
            : this.random() * (this.isSlow ? 33_000 : 3000),
        back: this.random() < 0.85 ? 10 + this.random() * 100 : this.random() * 4000,
      };
      const { isLost, isInVain, there, back } = { ...drawn, ...this.fate?.(fields) };
      if (isLost) {
        this.at(this.now + there, fail, sender);
        return;
      }
      // It arrives although its page may be closed, or waits no longer.
      const arrive = () => {
        const reply = this.server.reply(method, url, fields, (this.now += 0.001));
        this.tell(`the server says ${reply.status} ${JSON.stringify(reply.body)}`);
        const hear = () =>
          resolve({
            ...reply,
            ok: reply.status < 400,
            json: async () => reply.body,
            text: async () => JSON.stringify(reply.body),
          });
        this.at(this.now + back, isInVain ? fail : hear, sender);
      };
      this.at(this.now + there, arrive, null);
    });
  }

  /** Be away for some seconds, or slow for longer than scripts wait, again and again. */
  disturb() {
    if (this.isCalm) return;
    const kind = this.random();
    if (kind < 0.3) {
      this.server.isAway = true;
      this.at(this.now + 3000 + this.random() * 8000, () => (this.server.isAway = false), null);
    } else if (kind < 0.6) {
      this.isSlow = true;
      this.at(this.now + 16_000 + this.random() * 6000, () => (this.isSlow = false), null);
    }
    this.at(this.now + 10_000 + this.random() * 40_000, () => this.disturb(), null);
  }
}
