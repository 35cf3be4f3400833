// The words at the gap: a press on a gap opens a panel below its line with the words of its bank.
// fill.js loads it when the page is there, try.js with its page; until then, or if it does not
// come, the gaps are the browser's own lists.
import { WordBanks, buttonOf, connectWordBanks, gapAt, typed } from "./gaps.js";
import { announce, format } from "./live.js";
import { Undo } from "./undo.js";

/** @typedef {import("./gaps.js").Gap} Gap */
/** @typedef {HTMLLIElement & { dataset: { word: string } }} Option */
/**
 * What the page of a teacher adds: a part of the panel above the words, a field in which any word
 * can be typed, and what is to be done when a panel was opened and when a word was taken.
 *
 * @typedef {object} Extras
 * @property {HTMLElement} part
 * @property {(gap: Gap) => void} opened
 * @property {(gap: Gap) => void} taken
 * @property {(step: import("./gaps.js").Filled["changes"], gaps: Gap[]) => void} back
 */

const MANY = 20; // words; of more one can be looked for
const PART = 0.45; // of the height that is in sight
const PAUSE = 700; // milliseconds after which a letter begins another word
const GAP = 6; // pixels between a line and its panel
const STEPS = new Map([
  ["ArrowDown", 1],
  ["ArrowUp", -1],
]);

/** The panel of a form. It is open for one gap at a time. */
export class Panel {
  /** @type {Gap | null} the gap for which it is open */
  gap = null;
  /** @type {Map<Option, Gap | undefined>} each with the gap from which its word would move */
  #options = new Map();
  /** @type {Option | null} the one that Enter takes */
  #active = null;
  #letters = "";
  #typedAt = 0;
  #room = 0; // pixels that the page was made longer by
  #banks;
  #form;
  #extras;
  /** @type {Option | null} the one that takes what is typed as it is */
  #asTyped = null;
  #box = document.createElement("div");
  #find = document.createElement("input");
  #list = document.createElement("ul");

  /**
   * @param {HTMLElement} form with the words for whoever fills it in (data-says-…)
   * @param {WordBanks} banks
   * @param {Extras} [extras]
   */
  constructor(form, banks, extras) {
    this.#form = form;
    this.#banks = banks;
    this.#extras = extras;
    this.#box.className = "word-panel";
    this.#box.hidden = true;
    this.#find.type = "text";
    this.#find.autocomplete = "off";
    this.#find.spellcheck = false;
    this.#find.dir = "auto";
    this.#find.placeholder = form.dataset.saysFind ?? "";
    this.#find.setAttribute("aria-label", this.#find.placeholder);
    this.#find.setAttribute("role", "combobox");
    this.#find.setAttribute("aria-expanded", "true");
    this.#list.id = "gap-words";
    this.#list.setAttribute("role", "listbox");
    for (const gap of banks.gaps) buttonOf(gap).setAttribute("aria-controls", this.#list.id);
    this.#find.setAttribute("aria-controls", this.#list.id);
    this.#box.append(
      ...(extras ? [extras.part, this.#list, this.#find] : [this.#find, this.#list]),
    );
    form.append(this.#box);
    this.#find.addEventListener("input", () => this.#filter());
    // What is pressed does not take the focus from the gap.
    this.#box.addEventListener("mousedown", (event) => {
      if (event.target !== this.#find && !this.isApart(event)) event.preventDefault();
    });
    this.#list.addEventListener("click", ({ target, detail }) => {
      const option = target instanceof Element ? target.closest("li") : null;
      // The second click of a double one would hit what has come to its place.
      if (option && detail < 2) this.#take(/** @type {Option} */ (option));
    });
  }

  /**
   * Return whether something stands in the panel, or at the gap for which it is open.
   *
   * @param {EventTarget | null} target
   */
  has(target) {
    const isInside = (/** @type {Element | null} */ one) =>
      target instanceof Node && Boolean(one?.contains(target));
    return isInside(this.#box) || isInside(this.gap?.parentElement ?? null);
  }

  /**
   * Return whether something happens in the part that the page has added, which sees to it.
   *
   * @param {Event} event
   */
  isApart(event) {
    return event.target instanceof Node && Boolean(this.#extras?.part.contains(event.target));
  }

  /**
   * Open it below a gap.
   *
   * @param {Gap} gap
   */
  open(gap) {
    this.close();
    if (gap.matches(":disabled, [readonly]")) return;
    this.gap = gap;
    const bank = this.#form.querySelector(`.bank[data-bank="${gap.dataset.bank}"]`);
    const words = this.#banks.words(gap.dataset.bank ?? "");
    const isElsewhere = (/** @type {import("./gaps.js").Word} */ one) =>
      Number(Boolean(one.gap && one.gap !== gap));
    if (this.#extras) words.sort((one, other) => isElsewhere(one) - isElsewhere(other));
    const here = this.#banks.wordIn(gap);
    this.#options = new Map();
    for (const { word, gap: place } of words) {
      const option = this.#add(word, place === gap || (!place && word === here));
      if (!place || place === gap) continue;
      option.classList.add("used");
      this.#options.set(option, place);
      const note = document.createElement("small");
      note.textContent = this.#banks.placeName(place);
      option.append(" ", note);
    }
    if (gap.value) this.#add("", false);
    this.#list.setAttribute("aria-label", bank?.getAttribute("aria-label") ?? "");
    this.#list.dir = bank?.querySelector("ul")?.dir ?? "";
    this.#list.replaceChildren(...this.#options.keys());
    this.#asTyped = null;
    this.#find.hidden = !this.#extras && words.length <= MANY;
    this.#find.value = "";
    this.#box.hidden = false;
    buttonOf(gap).setAttribute("aria-expanded", "true");
    this.#extras?.opened(gap);
    this.place();
    this.#box.scrollTop = 0;
    this.#box.scrollIntoView({ block: "nearest" });
  }

  /** Close it. Nothing is changed. */
  close() {
    if (!this.gap) return;
    this.#activate(null);
    const button = buttonOf(this.gap);
    button.setAttribute("aria-expanded", "false");
    if (this.#box.contains(document.activeElement)) button.focus({ preventScroll: true });
    this.#box.hidden = true;
    this.gap = null;
    this.#letters = "";
  }

  /** Bring it to where its gap is now: below the line, within the column. */
  place() {
    if (!this.gap) return;
    const box = this.#box;
    /** @type {HTMLElement | null} */
    const strip = this.#form.querySelector(".strip");
    const height = (visualViewport?.height ?? innerHeight) - (strip?.offsetHeight ?? 0);
    box.style.setProperty("--room", `${Math.floor(height * PART)}px`);
    const form = this.#form.getBoundingClientRect();
    const gap = buttonOf(this.gap).getBoundingClientRect();
    const isRtl = getComputedStyle(this.gap.parentElement ?? box).direction === "rtl";
    const left = (isRtl ? gap.right - box.offsetWidth : gap.left) - form.left;
    box.style.left = `${Math.max(0, Math.min(left, form.width - box.offsetWidth))}px`;
    box.style.top = `${gap.bottom - form.top + GAP}px`;
    // Near the end the page becomes longer, and stays so: it does not jump when this closes.
    const end = strip?.previousElementSibling?.getBoundingClientRect().bottom;
    if (!strip || end === undefined) return;
    this.#room = Math.max(this.#room, box.getBoundingClientRect().bottom + GAP - end);
    strip.style.marginBlockStart = `max(1rem, ${Math.ceil(this.#room)}px)`;
  }

  /**
   * Do what a key does at a gap, or in the field to find a word.
   *
   * @param {KeyboardEvent} event
   * @param {Gap} gap
   */
  press(event, gap) {
    const { key } = event;
    const isFinding = event.target === this.#find;
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    if (key === "Tab" || key === "Escape") {
      this.close(); // the focus is at the gap then, and Tab goes on from there
    } else if (
      STEPS.has(key) ||
      (this.gap && !isFinding && /^(Arrow(Left|Right)|Home|End)$/.test(key))
    ) {
      event.preventDefault();
      this.#step(gap, key);
    } else if (key === "Enter" || (key === " " && !isFinding)) {
      event.preventDefault();
      this.#enter(gap);
    } else if ((key === "Delete" || key === "Backspace") && !isFinding) {
      event.preventDefault();
      this.close();
      this.#banks.fill(gap, "");
    } else if ([...key].length === 1 && !isFinding && !event.altKey) {
      if (!this.gap) this.open(gap);
      if (this.#find.hidden) this.#jump(key, event.timeStamp);
      else this.#find.focus({ preventScroll: true }); // where the letter is written
    }
  }

  /**
   * @param {string} word or '' to empty the gap
   * @param {boolean} isSelected
   */
  #add(word, isSelected) {
    const option = /** @type {Option} */ (document.createElement("li"));
    const text = document.createElement("span");
    option.id = `gap-word-${this.#options.size}`;
    option.dataset.word = word;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(isSelected));
    text.dir = "auto";
    text.textContent = word || (this.#form.dataset.saysEmpty ?? "");
    option.append(text);
    option.classList.toggle("empties", !word);
    this.#options.set(option, undefined);
    return option;
  }

  /** @param {Option} option */
  #take(option) {
    const { gap } = this;
    const from = this.#options.get(option);
    this.close();
    if (!gap) return;
    this.#banks.fill(gap, option.dataset.word, from);
    buttonOf(gap).focus({ preventScroll: true });
    this.#extras?.taken(gap);
  }

  /** @param {Gap} gap */
  #enter(gap) {
    if (this.#banks.picked !== null) this.#banks.fill(gap, this.#banks.picked);
    else if (!this.gap) this.#step(gap, "Enter");
    else if (this.#active) this.#take(this.#active);
    else this.close();
  }

  /**
   * Go to another word, or open at the one that is chosen, or at the first.
   *
   * @param {Gap} gap
   * @param {string} key
   */
  #step(gap, key) {
    const wasOpen = Boolean(this.gap);
    if (!wasOpen) this.open(gap);
    const shown = this.#shown;
    const chosen = shown.find((one) => one.getAttribute("aria-selected") === "true");
    const isRtl = getComputedStyle(this.#list).direction === "rtl";
    const by = STEPS.get(key) ?? ((key === "ArrowRight") !== isRtl ? 1 : -1);
    const at = this.#active ? shown.indexOf(this.#active) : -1;
    if (!wasOpen || at < 0) this.#activate(chosen ?? shown[0] ?? null);
    else if (key === "Home") this.#activate(shown[0]);
    else if (key === "End") this.#activate(shown[shown.length - 1]);
    else this.#activate(shown[Math.max(0, Math.min(at + by, shown.length - 1))]);
  }

  /**
   * Go to the next word that begins with what is typed.
   *
   * @param {string} letter
   * @param {number} at when it was typed
   */
  #jump(letter, at) {
    if (at - this.#typedAt > PAUSE) this.#letters = "";
    this.#letters += letter;
    this.#typedAt = at;
    const shown = this.#shown;
    const from = this.#active ? shown.indexOf(this.#active) : -1;
    const next = this.#letters.length > 1 ? Math.max(from, 0) : from + 1;
    const found = [...shown.slice(next), ...shown.slice(0, next)].find((one) =>
      typed(one.dataset.word).startsWith(typed(this.#letters)),
    );
    if (found) this.#activate(found);
  }

  /** Leave the words that have what is looked for in them. */
  #filter() {
    const text = typed(this.#find.value);
    this.#forget();
    for (const option of this.#options.keys()) {
      option.hidden = !typed(option.dataset.word).includes(text);
    }
    const same = this.#shown.find((one) => typed(one.dataset.word) === text);
    if (this.#extras && text && !same) this.#offer(this.#find.value.trim());
    this.#activate(text ? (same ?? this.#shown[0] ?? null) : null);
    const n = this.#shown.length;
    announce(format(this.#form.dataset.saysWords ?? "", { n }));
    this.place();
  }

  /**
   * Let what is typed be taken as it is.
   *
   * @param {string} word
   */
  #offer(word) {
    this.#asTyped = this.#add(word, false);
    this.#asTyped.textContent = format(this.#form.dataset.saysTyped ?? "", { word });
    this.#list.append(this.#asTyped);
  }

  /** Take away the option of what was typed before. */
  #forget() {
    if (!this.#asTyped) return;
    this.#options.delete(this.#asTyped);
    this.#asTyped.remove();
    this.#asTyped = null;
  }

  get #shown() {
    return [...this.#options.keys()].filter((option) => !option.hidden);
  }

  /** @param {Option | null} option */
  #activate(option) {
    this.#active?.classList.remove("active");
    this.#active = option;
    option?.classList.add("active");
    for (const one of [this.#find, this.gap && buttonOf(this.gap)]) {
      if (option) one?.setAttribute("aria-activedescendant", option.id);
      else one?.removeAttribute("aria-activedescendant");
    }
    option?.scrollIntoView({ block: "nearest" });
  }
}

/**
 * Let the words of a form's banks come to its gaps. Return them with their panel, or null where
 * there is no such gap.
 *
 * @param {HTMLElement} form
 * @param {Extras} [extras]
 */
export function connectGaps(form, extras) {
  const banks = new WordBanks(form);
  if (!banks.gaps.length) return null;
  connectWordBanks(banks, form);
  const panel = new Panel(form, banks, extras);
  const undo = new Undo(form, banks, extras?.back);
  form.addEventListener("worksheet:filled", (event) => {
    undo.add(/** @type {CustomEvent<import("./gaps.js").Filled>} */ (event).detail);
  });
  form.addEventListener("click", (event) => {
    const gap = gapAt(event);
    if (!gap) return;
    buttonOf(gap).focus({ preventScroll: true }); // Safari does not by itself
    if (banks.picked !== null) banks.fill(gap, banks.picked);
    else if (panel.gap === gap) panel.close();
    else panel.open(gap);
  });
  form.addEventListener("keydown", (event) => {
    const gap = gapAt(event) ?? (panel.has(event.target) ? panel.gap : null);
    if (gap && (!panel.isApart(event) || event.key === "Escape")) panel.press(event, gap);
  });
  form.addEventListener("keyup", (event) => {
    // Firefox would press the button that 'keydown' has pressed already.
    if (event.key === " " && gapAt(event)) event.preventDefault();
  });
  for (const name of ["pointerdown", "focusin"]) {
    document.addEventListener(name, ({ target }) => {
      if (!panel.has(target)) panel.close();
    });
  }
  addEventListener("resize", () => panel.place());
  visualViewport?.addEventListener("resize", () => panel.place());
  new ResizeObserver(() => panel.place()).observe(form);
  return { banks, panel, undo };
}
