// What was put into gaps is taken back step by step; and a word that moved says from where.
import { buttonOf, numberOf } from "./gaps.js";
import { announce, format } from "./live.js";

/** @typedef {import("./gaps.js").Filled} Filled */
/** @typedef {import("./gaps.js").Gap} Gap */

const STEPS = 20;

/** The steps of a form that can be taken back, and the button for it in the form's strip. */
export class Undo {
  /** @type {Filled["changes"][]} */
  #steps = [];
  #banks;
  #form;
  #back;
  #button;
  #note = document.createElement("p");

  /**
   * @param {HTMLElement} form with the words for whoever fills it in (data-says-…)
   * @param {import("./gaps.js").WordBanks} banks
   * @param {(step: Filled["changes"], gaps: Gap[]) => void} [back] is told of each step that was
   *   taken back, and in which gaps
   */
  constructor(form, banks, back) {
    this.#form = form;
    this.#banks = banks;
    this.#back = back;
    this.#button = this.#makeButton("saysUndo");
    this.#note.className = "moved";
  }

  /**
   * Take note of what a press has changed.
   *
   * @param {Filled} filled
   */
  add({ word, from, changes }) {
    this.#steps.push(changes);
    if (this.#steps.length > STEPS) this.#steps.shift();
    this.#show();
    if (!from) return;
    const text = format(this.#form.dataset.saysMoved ?? "", { word, n: numberOf(from) });
    this.#note.replaceChildren(text, " ", this.#makeButton("saysPutBack"));
    this.#strip.prepend(this.#note);
    announce(text);
  }

  /** Return the steps that can be taken back, the last one at the end. */
  get steps() {
    return this.#steps;
  }

  /** @param {Filled["changes"][]} steps those of this page before it was loaded again */
  restore(steps) {
    this.#steps = steps;
    this.#show();
  }

  /** Take back the last step. What was changed since, elsewhere perhaps, stays. */
  #undo() {
    let step = this.#steps.pop();
    while (step && step.every(({ gap, after }) => gap.value !== after)) step = this.#steps.pop();
    const undone = (step ?? []).filter(({ gap, after }) => gap.value === after);
    for (const { gap, before } of undone) this.#banks.set(gap, before);
    if (step) {
      this.#back?.(
        step,
        undone.map(({ gap }) => gap),
      );
    }
    // The button that was pressed may go.
    if (step) buttonOf(step[0].gap).focus();
    this.#show();
  }

  #show() {
    this.#note.remove();
    this.#button.hidden = !this.#steps.length;
    if (!this.#button.isConnected) {
      this.#strip.insertBefore(this.#button, this.#strip.querySelector(":scope > .button"));
    }
  }

  /** Return the strip of the form; a page that has none gets one. */
  get #strip() {
    /** @type {HTMLElement | null} */
    let strip = this.#form.querySelector(".strip");
    if (!strip) {
      strip = document.createElement("div");
      strip.className = "strip";
      this.#form.append(strip);
    }
    return strip;
  }

  /** @param {string} name of the data attribute that has the words */
  #makeButton(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small quiet";
    button.textContent = this.#form.dataset[name] ?? "";
    button.addEventListener("click", () => this.#undo());
    return button;
  }
}
