// Asks what has changed in the class, every few seconds while its page is in sight and in use.

export const EVERY = 5000; // milliseconds
export const IDLE = 2 * 60 * 60 * 1000; // milliseconds after which a page nobody touches is quiet

/** The questions of one class page. htmx sends them and writes the answers. */
export class ClassLive {
  #timer = 0;
  #used = Date.now();

  /** @param {() => void} look asks once */
  constructor(look) {
    this.look = look;
  }

  /** Begin to ask. */
  connect() {
    document.addEventListener("visibilitychange", () => this.#wait(0));
    for (const kind of ["pointerdown", "pointermove", "keydown"]) {
      document.addEventListener(kind, () => this.#use(), { passive: true });
    }
    this.#wait(EVERY);
  }

  #use() {
    const wasIdle = this.#isIdle;
    this.#used = Date.now();
    if (wasIdle) this.#wait(0);
  }

  get #isIdle() {
    return Date.now() - this.#used > IDLE;
  }

  /** @param {number} pause in milliseconds */
  #wait(pause) {
    clearTimeout(this.#timer);
    if (document.visibilityState === "hidden" || this.#isIdle) return;
    this.#timer = setTimeout(() => {
      this.look();
      this.#wait(EVERY);
    }, pause);
  }
}

new ClassLive(() =>
  document.getElementById("class-live")?.dispatchEvent(new Event("look")),
).connect();
