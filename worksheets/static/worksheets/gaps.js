// Gaps that are filled from a word bank: press a gap and a word in its panel (panel.js); press a
// word and then a gap; or drag. The lists (select elements) are the gaps themselves, so everything
// works without this; here each has a button above it, and stays beneath to be submitted. On a page
// with too many words for that, gaps are text fields with one list (datalist) for each bank: here
// they look and work the same.
import { announce, format } from "./live.js";

/** @typedef {HTMLSelectElement | HTMLInputElement} Gap */
/**
 * A word of a bank: the button that has it there, and the gap that has used it up, if there is one.
 *
 * @typedef {{ word: string, button: HTMLButtonElement, gap?: Gap }} Word
 */
/**
 * What one press has changed: the word that it put into a gap, and the gap from which it moved.
 *
 * @typedef {{ word: string, from?: Gap, changes: { gap: Gap, before: string, after: string }[] }} Filled
 */

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
   * Make the words of the banks buttons, and give each gap its own.
   *
   * @param {HTMLElement} form with the words for whoever fills it in (data-says-…)
   */
  constructor(form) {
    this.#form = form;
    this.gaps = [...form.querySelectorAll(":is(select, input)[data-bank]")].map(
      (gap) => /** @type {Gap} */ (gap),
    );
    this.read();
    for (const gap of this.gaps) addButton(gap);
  }

  /** Read the words of the banks, and make them buttons. */
  read() {
    this.#words.clear();
    for (const item of this.#form.querySelectorAll(".bank :is(li, span)[data-word]")) {
      const word = item.getAttribute("data-word") ?? "";
      const bank = item.closest(".bank")?.getAttribute("data-bank") ?? "";
      if (!this.#words.has(bank)) this.#words.set(bank, new Map());
      const words = this.#words.get(bank);
      if (!words?.has(typed(word))) words?.set(typed(word), word);
      words?.set(word, word); // where capitals count, Sie and sie are two
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

  /**
   * Return the words of a bank in its order. One that stands there twice is used up one by one;
   * without 'each word once' none is.
   *
   * @param {string} bank
   * @returns {Word[]}
   */
  words(bank) {
    const element = this.#form.querySelector(`.bank[data-bank="${bank}"]`);
    /** @type {Map<string, Gap[]>} */
    const places = new Map();
    if (element?.hasAttribute("data-once")) {
      for (const gap of this.gaps) {
        if (gap.dataset.bank !== bank || !gap.value) continue;
        const word = this.wordIn(gap);
        places.set(word, [...(places.get(word) ?? []), gap]);
      }
    }
    /** @type {HTMLButtonElement[]} */
    const found = [...(element?.querySelectorAll("button") ?? [])];
    return found.map((button) => {
      const word = wordOf(button);
      return { word, button, gap: places.get(word)?.shift() };
    });
  }

  /** Show what stands in the gaps, and which words are used up. */
  show() {
    for (const bank of this.#words.keys()) {
      for (const { word, button, gap } of this.words(bank)) {
        button.classList.toggle("used", Boolean(gap));
        button.setAttribute("aria-label", gap ? `${word} (${this.placeName(gap)})` : word);
      }
    }
    for (const gap of this.gaps) {
      const button = buttonOf(gap);
      button.classList.toggle("filled", Boolean(gap.value));
      if (button.textContent !== gap.value) button.textContent = gap.value;
    }
  }

  /**
   * Return what the words of a bank say of the gap that has used them up.
   *
   * @param {Gap} gap
   */
  placeName(gap) {
    return format(this.#form.dataset.saysPlace ?? "", { n: numberOf(gap) });
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
    this.light();
    if (this.#picked) this.#announce("saysPicked", { word: wordOf(this.#picked) });
  }

  /** Put down the word in hand, if there is one. */
  putDown() {
    if (this.#picked) this.pick(this.#picked);
  }

  /**
   * Show the gaps that a word can go to, as long as one is in hand or dragged.
   *
   * @param {boolean} isDragged
   */
  light(isDragged = false) {
    this.#form.classList.toggle("picking", isDragged || this.#picked !== null);
  }

  /**
   * Put a word into a gap, or '' to empty it. Its list, or its bank, says which words it takes,
   * unless it takes any. A word that is used up moves.
   *
   * @param {Gap} gap
   * @param {string} word
   * @param {Gap} [from] the gap from which it moves
   */
  fill(gap, word, from = this.#giver(gap, word)) {
    // Saving has ended: nobody would take it.
    if (gap.matches(":disabled, [readonly]") || !this.#takes(gap, word)) return;
    this.putDown();
    const changes = [{ gap, before: gap.value, after: word }];
    if (from) changes.push({ gap: from, before: from.value, after: "" });
    /** @type {Filled} */
    const detail = { word, from, changes };
    if (from) this.set(from, "");
    else if (gap.value === word) return;
    this.set(gap, word);
    this.#form.dispatchEvent(new CustomEvent("worksheet:filled", { detail }));
  }

  /**
   * Let a gap hold a value, as if a person had chosen it.
   *
   * @param {Gap} gap
   * @param {string} value
   */
  set(gap, value) {
    if (gap.value === value) return;
    this.put(gap, value);
    gap.dispatchEvent(new Event("input", { bubbles: true }));
    gap.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /**
   * Let a gap hold a value, and say nothing. A list that takes any word gets it as one more.
   *
   * @param {Gap} gap
   * @param {string} value
   */
  put(gap, value) {
    gap.value = value;
    if (gap.value === value || !(gap instanceof HTMLSelectElement)) return;
    gap.add(new Option(value, value));
    gap.value = value;
  }

  /**
   * Tell a screen reader what stands in a gap now.
   *
   * @param {Gap} gap
   */
  announceGap(gap) {
    const n = numberOf(gap);
    /** @type {NodeListOf<Gap>} */
    const all = this.#form.querySelectorAll(".gap :is(select, input)");
    const left = [...all].filter((other) => !other.value).length;
    if (gap.value) this.#announce("saysFilled", { n, word: gap.value, left });
    else this.#announce("saysEmptied", { n });
  }

  /**
   * Return the word of the bank that stands in a gap, in its own spelling, or what is there.
   *
   * @param {Gap} gap
   */
  wordIn(gap) {
    const words = this.#words.get(gap.dataset.bank ?? "");
    return words?.get(gap.value) ?? words?.get(typed(gap.value)) ?? gap.value;
  }

  /**
   * Return the gap that has to give up a word for this one, if there is no other of that word.
   *
   * @param {Gap} gap
   * @param {string} word
   */
  #giver(gap, word) {
    const all = this.words(gap.dataset.bank ?? "").filter((one) => one.word === word);
    const isFree = all.some((one) => !one.gap || one.gap === gap);
    return isFree ? undefined : all[0]?.gap;
  }

  /**
   * @param {Gap} gap
   * @param {string} word
   */
  #takes(gap, word) {
    if ("any" in gap.dataset) return true;
    return gap instanceof HTMLSelectElement
      ? [...gap.options].some((option) => option.value === word)
      : !word || this.#words.get(gap.dataset.bank ?? "")?.get(word) === word;
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
 * @param {WordBanks} banks
 * @param {HTMLElement} form
 */
export function connectWordBanks(banks, form) {
  banks.show();
  form.addEventListener("click", (event) => {
    const button = buttonAt(event);
    if (button) banks.pick(button);
  });
  form.addEventListener("change", (event) => {
    const gap = banks.gaps.find((one) => one === event.target);
    if (!gap) return;
    banks.show();
    banks.announceGap(gap);
  });
  // Autosave may put other values in place (another device, work found on this one).
  form.addEventListener("worksheet:restored", () => banks.show());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") banks.putDown();
  });
  connectDragging(banks, form);
}

/**
 * @param {WordBanks} banks
 * @param {HTMLElement} form
 */
function connectDragging(banks, form) {
  form.addEventListener("dragstart", (event) => {
    const button = buttonAt(event);
    if (!button) return;
    event.dataTransfer?.setData("text/plain", wordOf(button));
    banks.light(true);
  });
  form.addEventListener("dragend", () => banks.light());
  form.addEventListener("dragover", (event) => {
    const gap = gapAt(event);
    if (!gap) return;
    event.preventDefault();
    buttonOf(gap).classList.add("over");
  });
  form.addEventListener("dragleave", (event) => {
    const gap = gapAt(event);
    if (gap) buttonOf(gap).classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    const gap = gapAt(event);
    if (!gap) return;
    event.preventDefault();
    buttonOf(gap).classList.remove("over");
    banks.fill(gap, event.dataTransfer?.getData("text/plain") ?? "");
  });
}

/**
 * Put a button above a gap. It says all that the gap has said, and takes what is meant for it.
 *
 * @param {Gap} gap
 */
function addButton(gap) {
  const hasFocus = gap === document.activeElement;
  const button = document.createElement("button");
  button.type = "button";
  for (const name of ["id", "aria-label", "aria-describedby"]) {
    button.setAttribute(name, gap.getAttribute(name) ?? "");
    gap.removeAttribute(name);
  }
  button.setAttribute("role", "combobox");
  button.setAttribute("aria-expanded", "false");
  gap.removeAttribute("list");
  gap.tabIndex = -1;
  gap.setAttribute("aria-hidden", "true");
  gap.addEventListener("focus", () => button.focus({ preventScroll: true }));
  const box = document.createElement("span");
  box.className = "word";
  gap.replaceWith(box);
  box.append(gap, button);
  if (hasFocus) gap.focus({ preventScroll: true });
}

/**
 * Return the button above a gap.
 *
 * @param {Gap} gap
 */
export function buttonOf(gap) {
  return /** @type {HTMLButtonElement} */ (gap.nextElementSibling);
}

/**
 * Return the number that the sheet gives to a gap.
 *
 * @param {Gap} gap
 */
export function numberOf(gap) {
  return gap.closest(".gap")?.querySelector(".gap-number")?.textContent ?? "";
}

/**
 * Return the gap at whose place an event happens, or null.
 *
 * @param {Event} event
 * @returns {Gap | null}
 */
export function gapAt(event) {
  const box = event.target instanceof Element ? event.target.closest(".word") : null;
  return box?.querySelector("[data-bank]") ?? null;
}

/**
 * Return what is alike in two ways to type the same word.
 *
 * @param {string} text
 */
export function typed(text) {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}

/**
 * Return the word's button that an event is about, or null.
 *
 * @param {Event} event
 * @returns {HTMLButtonElement | null}
 */
function buttonAt(event) {
  return event.target instanceof Element ? event.target.closest(".bank button") : null;
}

/**
 * @param {HTMLElement} form
 * @returns {NodeListOf<HTMLButtonElement>}
 */
function buttons(form) {
  return form.querySelectorAll(".bank button");
}

/** @param {HTMLButtonElement} button */
function wordOf(button) {
  return button.dataset.word ?? "";
}
