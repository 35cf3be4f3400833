// The two sides of a review: they scroll together, block to block; on a narrow page one is shown.

const NARROW = matchMedia("(max-width: 60rem)");
const STEPS = new Map([
  ["ArrowDown", 1],
  ["ArrowUp", -1],
]);

/** @typedef {{ paper: number, sheet: number, page: number }} Positions */

/** The sides of the page. */
export class Sides {
  #root;
  #leading = ""; // the side that was touched last: the other one follows it

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.addEventListener("scroll", ({ target }) => this.#follow(target), true);
    for (const name of ["pointerover", "pointerdown", "focusin", "wheel"]) {
      root.addEventListener(
        name,
        ({ target }) => {
          const side = target instanceof Element ? target.closest(".side") : null;
          if (side) this.#leading = side.id;
          if (name === "pointerover" || name === "focusin") this.#light(target);
        },
        { passive: true },
      );
    }
    root.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest(".side-tabs a") : null;
      if (!link) return;
      event.preventDefault();
      this.show(link.getAttribute("href")?.slice(1) ?? "");
    });
  }

  /** Show the sheet first, where there is room for one side only. */
  connect() {
    this.#root.dataset.side ??= "sheet";
    this.#mark();
  }

  /** Return how far the sides and the page are scrolled. */
  positions() {
    const [paper, sheet] = ["paper", "sheet"].map((id) => this.#side(id)?.scrollTop ?? 0);
    return { paper, sheet, page: scrollY };
  }

  /** @param {Positions} kept */
  restore(kept) {
    this.#leading = "";
    for (const id of /** @type {const} */ (["paper", "sheet"])) {
      const side = this.#side(id);
      if (side) side.scrollTop = kept[id];
    }
    scrollTo(0, kept.page);
    this.#mark();
  }

  /**
   * Show a side where only one has room, at the block that the other one showed.
   *
   * @param {string} id
   */
  show(id) {
    if (this.#root.dataset.side === id) return;
    const block = NARROW.matches ? this.#first(this.#root.dataset.side ?? "") : null;
    this.#root.dataset.side = id;
    this.#mark();
    if (block) this.#at(id, block.dataset.block ?? "")?.scrollIntoView({ block: "start" });
  }

  /** Go to what belongs to the focus on the other side. */
  change() {
    const here = document.activeElement;
    const from = here?.closest(".side")?.id ?? "";
    const id = from === "sheet" ? "paper" : "sheet";
    const block = here?.closest("[data-block]")?.getAttribute("data-block") ?? "";
    this.show(id);
    const there = this.#at(id, block);
    const guess = /** @type {HTMLElement | null | undefined} */ (there?.querySelector(".guess"));
    (guess ?? this.#side(id))?.focus();
    there?.scrollIntoView({ block: "nearest" });
  }

  /**
   * Go to the guess or line above or below, by arrows.
   *
   * @param {KeyboardEvent} event
   */
  press(event) {
    const by = STEPS.get(event.key);
    const here = event.target instanceof Element ? event.target.closest(".guess") : null;
    if (!by || !here) return;
    const rows = /** @type {HTMLElement[]} */ ([
      ...(here.closest(".side")?.querySelectorAll(".guess") ?? []),
    ]);
    const next = rows[rows.indexOf(/** @type {HTMLElement} */ (here)) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** @param {string} id */
  #side(id) {
    return /** @type {HTMLElement | null} */ (this.#root.querySelector(`.side[id="${id}"]`));
  }

  /**
   * Return the first line or block of a side that belongs to a block.
   *
   * @param {string} id
   * @param {string} block
   */
  #at(id, block) {
    const name = `[data-block="${CSS.escape(block)}"]`;
    return /** @type {HTMLElement | null} */ (this.#side(id)?.querySelector(name) ?? null);
  }

  /**
   * Return the first line or block of a side that is in sight.
   *
   * @param {string} id
   */
  #first(id) {
    const side = this.#side(id);
    const top = Math.max(side?.getBoundingClientRect().top ?? 0, 0);
    /** @type {HTMLElement[]} */
    const rows = [...(side?.querySelectorAll("[data-block]") ?? [])].map(
      (row) => /** @type {HTMLElement} */ (row),
    );
    return rows.find((row) => row.getBoundingClientRect().bottom > top + 1) ?? null;
  }

  /** @param {EventTarget | null} target */
  #follow(target) {
    if (NARROW.matches || !(target instanceof HTMLElement) || target.id !== this.#leading) return;
    const first = this.#first(target.id);
    const other = this.#side(target.id === "paper" ? "sheet" : "paper");
    if (!first || !other) return;
    const there = this.#at(other.id, first.dataset.block ?? "");
    if (!there) return;
    // A block of one side may be many lines of the other: go as far into it as here.
    const here = this.#at(target.id, first.dataset.block ?? "") ?? first;
    const top = target.getBoundingClientRect().top - here.getBoundingClientRect().top;
    const into = Math.min(Math.max(top, 0), there.getBoundingClientRect().height);
    other.scrollTop += there.getBoundingClientRect().top - other.getBoundingClientRect().top + into;
  }

  /**
   * Light what belongs to an element, on both sides.
   *
   * @param {EventTarget | null} target
   */
  #light(target) {
    const row = target instanceof Element ? target.closest(".side [data-block]") : null;
    for (const lit of this.#root.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!row) return;
    const block = CSS.escape(row.getAttribute("data-block") ?? "");
    for (const one of this.#root.querySelectorAll(`.side [data-block="${block}"]`)) {
      one.classList.add("lit");
    }
  }

  /** Say which side is shown. */
  #mark() {
    for (const link of this.#root.querySelectorAll(".side-tabs a")) {
      const isShown = link.getAttribute("href") === `#${this.#root.dataset.side}`;
      if (isShown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}
