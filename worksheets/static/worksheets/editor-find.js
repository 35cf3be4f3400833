// Search and replace in the text: what is found is lit where it stands, the focus stays in the field.
import { announce, format } from "./live.js";
import { write } from "./text-edit.js";

/** @typedef {import("./text-layer.js").Mark} Mark */

const MAX_FOUND = 2000; // places that are counted and lit

/**
 * Return where a text stands in another one.
 *
 * @param {string} text
 * @param {string} wanted
 * @param {boolean} capitalsCount
 * @returns {[number, number][]}
 */
export function placesOf(text, wanted, capitalsCount) {
  if (!wanted) return [];
  const pattern = wanted.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  const places = [];
  for (const match of text.matchAll(new RegExp(pattern, capitalsCount ? "gu" : "giu"))) {
    places.push(/** @type {[number, number]} */ ([match.index, match.index + match[0].length]));
    if (places.length === MAX_FOUND) break;
  }
  return places;
}

/** The fields with which somebody searches. */
export class Find {
  #box;
  #area;
  #layer;
  #show;
  /** @type {HTMLElement | null} */
  #opener;
  /** @type {[number, number][]} */
  #places = [];
  #at = 0;

  /**
   * @param {HTMLElement} box
   * @param {HTMLTextAreaElement} area
   * @param {import("./text-layer.js").TextLayer} layer
   * @param {(offset: number) => void} show brings a place of the text into view
   */
  constructor(box, area, layer, show) {
    this.#box = box;
    this.#area = area;
    this.#layer = layer;
    this.#show = show;
    this.#opener = document.querySelector("[data-find]");
    this.#opener?.addEventListener("click", () => (box.hidden ? this.open() : this.close()));
    box.addEventListener("input", (event) => {
      event.stopPropagation(); // no part of the worksheet
      if (event.target !== this.#with) this.#search(this.#area.selectionStart);
    });
    box.addEventListener("keydown", (event) => this.#key(event));
    /** @type {[string, () => void][]} */
    const actions = [
      ["previous", () => this.#step(-1)],
      ["next", () => this.#step(1)],
      ["replace", () => this.#replace()],
      ["all", () => this.#replaceAll()],
      ["close", () => this.close()],
    ];
    for (const [name, act] of actions) {
      box.querySelector(`[data-find-${name}]`)?.addEventListener("click", act);
    }
  }

  get isOpen() {
    return !this.#box.hidden;
  }

  /** Show the fields, with what is selected as what is searched for. */
  open() {
    const { value, selectionStart, selectionEnd } = this.#area;
    const selected = value.slice(selectionStart, selectionEnd);
    this.#box.hidden = false;
    this.#opener?.setAttribute("aria-expanded", "true");
    if (selected && !selected.includes("\n")) this.#wanted.value = selected;
    this.#wanted.focus();
    this.#wanted.select();
    this.#search(selectionStart);
  }

  /** Go back to the text, to what was found last. */
  close() {
    this.#box.hidden = true;
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#layer.find([]);
    const place = this.#places[this.#at];
    this.#area.focus();
    if (place) this.#area.setSelectionRange(...place);
    this.#places = [];
  }

  /** Search again: the text has changed. */
  refresh() {
    if (this.isOpen) this.#look(this.#places[this.#at]?.[0] ?? 0);
  }

  get #wanted() {
    return /** @type {HTMLInputElement} */ (this.#box.querySelector("[data-find-text]"));
  }

  get #with() {
    return /** @type {HTMLInputElement} */ (this.#box.querySelector("[data-find-with]"));
  }

  get #capitals() {
    return /** @type {HTMLInputElement} */ (this.#box.querySelector("[data-find-capitals]"));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isField = event.target instanceof HTMLInputElement;
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && isField) {
      event.preventDefault(); // or the worksheet would be saved
      if (event.target === this.#with) this.#replace();
      else this.#step(event.shiftKey ? -1 : 1);
    }
  }

  /** @param {number} from where to begin */
  #search(from) {
    this.#look(from);
    this.#reveal();
  }

  /** @param {number} from */
  #look(from) {
    this.#places = placesOf(this.#area.value, this.#wanted.value, this.#capitals.checked);
    const next = this.#places.findIndex(([start]) => start >= from);
    this.#at = Math.max(next, 0);
    this.#light();
  }

  /** @param {number} by */
  #step(by) {
    const count = this.#places.length;
    if (!count) return;
    this.#at = (this.#at + by + count) % count;
    this.#light();
    this.#reveal();
  }

  #replace() {
    const place = this.#places[this.#at];
    if (!place) return;
    const text = this.#with.value;
    write(this.#area, place, text);
    this.#search(place[0] + text.length);
  }

  #replaceAll() {
    const text = this.#with.value;
    const { value } = this.#area;
    const places = this.#places;
    if (!places.length) return;
    let done = places[0][0];
    let made = "";
    for (const [start, end] of places) {
      made += value.slice(done, start) + text;
      done = end;
    }
    write(this.#area, [places[0][0], done], made);
    this.#look(0);
    this.#tell(format(this.#box.dataset.saysReplaced ?? "", { n: places.length }));
  }

  #light() {
    const marks = this.#places.map(([start, end], at) => {
      return /** @type {Mark} */ ([start, end, at === this.#at ? "found-here" : "found"]);
    });
    this.#layer.find(marks);
    const { saysFound = "", saysNone = "" } = this.#box.dataset;
    const values = { n: this.#at + 1, count: this.#places.length };
    if (!this.#wanted.value) this.#tell("");
    else this.#tell(this.#places.length ? format(saysFound, values) : saysNone);
  }

  #reveal() {
    const place = this.#places[this.#at];
    if (!place) return;
    this.#area.setSelectionRange(...place);
    this.#show(place[0]);
  }

  /** @param {string} text */
  #tell(text) {
    const count = this.#box.querySelector("[data-find-count]");
    if (count) count.textContent = text;
    announce(text);
  }
}
