// Filling gaps from the word bank: press a word, press a gap; or drag; or use the lists.
// The lists (select elements) are the gaps themselves, so everything works without this. On a page
// with too many words for that, gaps are text fields with one list (datalist) for each bank.
// fill.js and try.js connect it with the form of their page.
import { announce } from "./live.js";

/** @typedef {HTMLSelectElement | HTMLInputElement} Gap */

/**
 * Return the text with {name} replaced by the value of that name, where there is one.
 *
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function format(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The word banks of a form, and the gaps that are filled from them. */
export class WordBanks {
  /** @type {Gap[]} */
  gaps;
  /** @type {Map<string, Map<string, string>>} by bank its words, by what is typed for them */
  #words = new Map();
  /** @type {HTMLButtonElement | null} the button of the word in hand */
  #picked = null;
  #form;

  /**
   * Make the words of the banks buttons.
   *
   * @param {HTMLFormElement} form with the words for the pupil (data-says-…)
   */
  constructor(form) {
    this.#form = form;
    this.gaps = [...form.querySelectorAll(":is(select, input)[data-bank]")].map(
      (gap) => /** @type {Gap} */ (gap),
    );
    for (const item of form.querySelectorAll(".bank li[data-word]")) {
      const word = item.getAttribute("data-word") ?? "";
      const bank = item.closest(".bank")?.getAttribute("data-bank") ?? "";
      if (!this.#words.has(bank)) this.#words.set(bank, new Map());
      this.#words.get(bank)?.set(typed(word), word);
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.word = word;
      button.textContent = word;
      button.setAttribute("aria-pressed", "false");
      button.draggable = true;
      item.replaceChildren(button);
    }
  }

  /** Return the word in hand, or null. */
  get picked() {
    return this.#picked ? wordOf(this.#picked) : null;
  }

  /** Mark the words that are used up, and the gaps that are filled. */
  showUsed() {
    /** @type {Map<string, Map<string, number>>} by bank, how often each word stands in a gap */
    const used = new Map();
    for (const gap of this.gaps) {
      const bank = gap.dataset.bank ?? "";
      const word = this.#wordIn(gap);
      if (!used.has(bank)) used.set(bank, new Map());
      used.get(bank)?.set(word, (used.get(bank)?.get(word) ?? 0) + 1);
    }
    for (const bank of this.#form.querySelectorAll(".bank")) {
      const counts = used.get(bank.getAttribute("data-bank") ?? "") ?? new Map();
      for (const button of bank.querySelectorAll("button")) {
        // A word that stands twice in the bank is used up one button at a time.
        const word = wordOf(button);
        const count = counts.get(word) ?? 0;
        counts.set(word, count - 1);
        button.classList.toggle("used", count > 0);
        const note = count > 0 ? ` (${this.#form.dataset.saysUsed})` : "";
        button.setAttribute("aria-label", word + note);
      }
    }
    for (const gap of this.gaps) gap.classList.toggle("filled", Boolean(gap.value));
  }

  /**
   * Take a word in hand, or put down the one that is.
   *
   * @param {HTMLButtonElement} button
   */
  pick(button) {
    this.#picked = this.#picked === button ? null : button;
    for (const other of buttons(this.#form)) {
      other.setAttribute("aria-pressed", String(other === this.#picked));
    }
    this.#form.classList.toggle("picking", Boolean(this.#picked));
    if (this.#picked) this.#announce("saysPicked", { word: wordOf(this.#picked) });
  }

  /** Put down the word in hand, if there is one. */
  putDown() {
    if (this.#picked) this.pick(this.#picked);
  }

  /**
   * Put a word into a gap, or '' to empty it. Its list, or its bank, says which words it takes.
   *
   * @param {Gap} gap
   * @param {string} word
   */
  fill(gap, word) {
    const isTaken =
      gap instanceof HTMLSelectElement
        ? [...gap.options].some((option) => option.value === word)
        : !word || this.#words.get(gap.dataset.bank ?? "")?.get(typed(word)) === word;
    if (!isTaken) return;
    gap.value = word;
    gap.dispatchEvent(new Event("input", { bubbles: true }));
    gap.dispatchEvent(new Event("change", { bubbles: true }));
    this.putDown();
  }

  /**
   * Tell a screen reader what stands in a gap now.
   *
   * @param {Gap} gap
   */
  announceGap(gap) {
    const n = this.gaps.indexOf(gap) + 1;
    const left = this.gaps.filter((other) => !other.value).length;
    if (gap.value) this.#announce("saysFilled", { n, word: gap.value, left });
    else this.#announce("saysEmptied", { n });
  }

  /**
   * Return the word of the bank that stands in a gap, in its own spelling, or what is there.
   *
   * @param {Gap} gap
   */
  #wordIn(gap) {
    return this.#words.get(gap.dataset.bank ?? "")?.get(typed(gap.value)) ?? gap.value;
  }

  /**
   * @param {string} name of the data attribute that has the words
   * @param {Record<string, string | number>} values
   */
  #announce(name, values) {
    announce(format(this.#form.dataset[name] ?? "", values));
  }
}

/**
 * Make the word banks of a form work.
 *
 * @param {HTMLFormElement} form
 */
export function connectWordBanks(form) {
  const banks = new WordBanks(form);
  if (!banks.gaps.length) return;
  banks.showUsed();
  form.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (button) banks.pick(button);
  });
  form.addEventListener("change", (event) => {
    const gap = banks.gaps.find((one) => one === event.target);
    if (!gap) return;
    banks.showUsed();
    banks.announceGap(gap);
  });
  // Autosave may put other values in place (another device, work found on this one).
  form.addEventListener("worksheet:restored", () => banks.showUsed());
  form.addEventListener("dragstart", (event) => {
    const button = buttonOf(event);
    if (button) event.dataTransfer?.setData("text/plain", wordOf(button));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") banks.putDown();
  });
  for (const gap of banks.gaps) connectGap(banks, gap);
}

/**
 * With a word in hand, a press fills the gap instead of opening the list.
 *
 * @param {WordBanks} banks
 * @param {Gap} gap
 */
function connectGap(banks, gap) {
  /** @type {HTMLElement} */
  const element = gap;
  element.addEventListener("mousedown", (event) => {
    if (banks.picked === null) return;
    event.preventDefault();
    gap.focus();
    banks.fill(gap, banks.picked);
  });
  element.addEventListener("touchend", (event) => {
    if (banks.picked === null) return;
    event.preventDefault();
    banks.fill(gap, banks.picked);
  });
  const isList = gap instanceof HTMLSelectElement;
  element.addEventListener("keydown", (event) => {
    if (banks.picked !== null && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      banks.fill(gap, banks.picked);
    } else if (isList && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      banks.fill(gap, "");
    }
  });
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    gap.classList.add("over");
  });
  element.addEventListener("dragleave", () => gap.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    gap.classList.remove("over");
    banks.fill(gap, event.dataTransfer?.getData("text/plain") ?? "");
  });
}

/**
 * Return the word's button that an event is about, or null.
 *
 * @param {Event} event
 * @returns {HTMLButtonElement | null}
 */
function buttonOf(event) {
  return event.target instanceof Element ? event.target.closest(".bank button") : null;
}

/**
 * @param {HTMLFormElement} form
 * @returns {NodeListOf<HTMLButtonElement>}
 */
function buttons(form) {
  return form.querySelectorAll(".bank button");
}

/**
 * Return what is alike in two ways to type the same word.
 *
 * @param {string} text
 */
function typed(text) {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}

/** @param {HTMLButtonElement} button */
function wordOf(button) {
  return button.dataset.word ?? "";
}
