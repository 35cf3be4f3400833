// The text and the sheet beside it: a press on either shows the other, and they scroll together. On a
// narrow page one of them is shown.
import { shifted } from "./text-change.js";

/** @typedef {{ element: HTMLElement, extent: import("./text-change.js").Extent }} Placed */

const NARROW = matchMedia("(max-width: 60rem)");
const STEPS = new Map([
  ["ArrowDown", 1],
  ["ArrowUp", -1],
]);

/** The sides of the page. */
export class Sides {
  #root;
  #area;
  #layer;
  /** @type {Placed[]} the blocks of the sheet, in their order */
  #blocks = [];
  /** @type {HTMLElement | null} */
  #lit = null;
  #leading = ""; // the side that was touched last: the other one follows it
  #isWaiting = false; // for the next picture of the page

  /**
   * @param {HTMLElement} root
   * @param {HTMLTextAreaElement} area
   * @param {import("./text-layer.js").TextLayer} layer
   */
  constructor(root, area, layer) {
    this.#root = root;
    this.#area = area;
    this.#layer = layer;
    area.addEventListener("scroll", () => this.#scrolled("text"), { passive: true });
    this.#sheet.addEventListener("scroll", () => this.#scrolled("sheet"), { passive: true });
    for (const name of ["pointerdown", "wheel", "keydown", "touchstart"]) {
      root.addEventListener(
        name,
        ({ target }) => {
          this.#leading = target instanceof Node && this.#sheet.contains(target) ? "sheet" : "text";
        },
        { passive: true, capture: true },
      );
    }
    root.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest(".side-tabs a") : null;
      if (!link) return;
      event.preventDefault();
      this.show(link.getAttribute("href") === "#sheet" ? "sheet" : "text", true);
    });
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === area) this.light(area.selectionStart);
    });
    this.#mark();
  }

  /** Read where the blocks of the sheet stand in the text: there is another one. */
  refresh() {
    const placed = this.#sheet.querySelectorAll(".placed");
    this.#blocks = [...placed].map((one) => {
      const element = /** @type {HTMLElement} */ (one);
      return { element, extent: [Number(element.dataset.start), Number(element.dataset.end)] };
    });
    this.#lit = null;
    this.light(this.#area.selectionStart);
  }

  /**
   * Go on with blocks of a text that was changed since.
   *
   * @param {import("./text-change.js").Change} change
   */
  follow(change) {
    for (const block of this.#blocks) block.extent = shifted(block.extent, change);
  }

  /** Return whether one side only is shown. */
  get isNarrow() {
    return NARROW.matches;
  }

  /**
   * Light the block of a place in the text, and bring it into view where both sides are.
   *
   * @param {number} offset
   */
  light(offset) {
    const block = this.#blockAt(offset);
    const element = block?.element ?? null;
    if (element === this.#lit) return;
    this.#lit?.classList.remove("lit");
    element?.classList.add("lit");
    this.#lit = element;
    this.#rove();
    if (element && !NARROW.matches) this.#bring(element);
  }

  /**
   * Show a side where only one has room; with ``keeps`` at the place that the other one showed.
   *
   * @param {"text" | "sheet"} side
   * @param {boolean} [keeps]
   */
  show(side, keeps = false) {
    const before = this.#root.dataset.side ?? "text";
    if (before === side) return;
    const shown = this.#sheet.getClientRects().length ? this.#firstShown() : null;
    this.#root.dataset.side = side;
    this.#mark();
    if (!NARROW.matches) return;
    if (side === "sheet") {
      this.light(this.#area.selectionStart);
      (this.#lit ?? this.#sheet).scrollIntoView({ block: "center" });
    } else if (keeps && shown) {
      const isLit = shown.element === this.#lit;
      const offset = isLit ? this.#area.selectionStart : shown.extent[0];
      if (!isLit) this.#area.setSelectionRange(offset, offset);
      this.reveal(offset);
      this.#area.scrollIntoView({ block: "nearest" });
    }
  }

  /** Go to what belongs to the focus on the other side. */
  change() {
    if (document.activeElement && this.#sheet.contains(document.activeElement)) {
      this.show("text");
      this.#area.focus();
      return;
    }
    this.show("sheet");
    const handle = /** @type {HTMLElement | null | undefined} */ (
      (this.#lit ?? this.#sheet).querySelector(".to-place")
    );
    (handle ?? this.#sheet).focus();
  }

  /**
   * Go to the block or gap above or below, by arrows; return whether the key is for that.
   *
   * @param {KeyboardEvent} event
   */
  press(event) {
    const by = STEPS.get(event.key);
    const here = event.target instanceof Element ? event.target.closest("#sheet .to-place") : null;
    if (!by || !here) return false;
    const rows = [...this.#sheet.querySelectorAll(".to-place")];
    const next = rows[rows.indexOf(here) + by];
    event.preventDefault();
    if (next instanceof HTMLElement) next.focus();
    return true;
  }

  /**
   * Scroll the text to a place that is out of view.
   *
   * @param {number} offset
   */
  reveal(offset) {
    const { top, height } = this.#layer.placeOf(offset);
    const { scrollTop, clientHeight } = this.#area;
    if (top < scrollTop || top + height > scrollTop + clientHeight) {
      this.#area.scrollTop = top - clientHeight / 3;
    }
  }

  get #sheet() {
    return /** @type {HTMLElement} */ (document.getElementById("sheet"));
  }

  /** @param {number} offset */
  #blockAt(offset) {
    let found = this.#blocks[0];
    for (const block of this.#blocks) {
      if (block.extent[0] > offset) break;
      found = block;
    }
    return found;
  }

  /** @param {HTMLElement} element */
  #bring(element) {
    const sheet = this.#sheet;
    const [shown, whole] = [element.getBoundingClientRect(), sheet.getBoundingClientRect()];
    const isIn = shown.top >= whole.top && shown.bottom <= whole.bottom;
    if (!isIn) sheet.scrollTop += shown.top - whole.top - whole.height / 4;
  }

  /** Return the first block of the sheet that is in sight. */
  #firstShown() {
    const top = Math.max(this.#sheet.getBoundingClientRect().top, 0) + 1;
    return this.#blocks.find(({ element }) => element.getBoundingClientRect().bottom > top);
  }

  /** One place of the sheet is reached by Tab, the others by arrows. */
  #rove() {
    for (const one of this.#sheet.querySelectorAll('.to-place[tabindex="0"]')) {
      one.setAttribute("tabindex", "-1");
    }
    (this.#lit ?? this.#sheet).querySelector(".to-place")?.setAttribute("tabindex", "0");
  }

  /** @param {"text" | "sheet"} side that was scrolled */
  #scrolled(side) {
    if (NARROW.matches || this.#leading !== side || this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      if (side === "text") this.#sheetFollows();
      else this.#textFollows();
    });
  }

  #sheetFollows() {
    const top = this.#area.scrollTop;
    const at = this.#blocks.indexOf(this.#blockAt(this.#layer.offsetAt(top)));
    if (at < 0) return;
    const [here, next] = [this.#textTop(at), this.#textTop(at + 1)];
    const part = next > here ? Math.min(Math.max((top - here) / (next - here), 0), 1) : 0;
    const [first, second] = [this.#sheetTop(at), this.#sheetTop(at + 1)];
    this.#sheet.scrollTop = first + part * Math.max(second - first, 0);
  }

  #textFollows() {
    const top = this.#sheet.scrollTop;
    let at = this.#blocks.findIndex((_block, index) => this.#sheetTop(index) > top) - 1;
    if (at === -2) at = this.#blocks.length - 1;
    if (at < 0) {
      this.#area.scrollTop = 0;
      return;
    }
    const [here, next] = [this.#sheetTop(at), this.#sheetTop(at + 1)];
    const part = next > here ? (top - here) / (next - here) : 0;
    const [first, second] = [this.#textTop(at), this.#textTop(at + 1)];
    this.#area.scrollTop = first + part * Math.max(second - first, 0);
  }

  /** @param {number} at the number of a block */
  #textTop(at) {
    const block = this.#blocks[at];
    return block ? this.#layer.placeOf(block.extent[0]).top : this.#area.scrollHeight;
  }

  /** @param {number} at the number of a block */
  #sheetTop(at) {
    const block = this.#blocks[at];
    if (!block) return this.#sheet.scrollHeight;
    const { top } = block.element.getBoundingClientRect();
    return top - this.#sheet.getBoundingClientRect().top + this.#sheet.scrollTop;
  }

  /** Say which side is shown. */
  #mark() {
    this.#root.dataset.side ??= "text";
    for (const link of this.#root.querySelectorAll(".side-tabs a")) {
      const isShown =
        (link.getAttribute("href") === "#sheet") === (this.#root.dataset.side === "sheet");
      if (isShown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}
