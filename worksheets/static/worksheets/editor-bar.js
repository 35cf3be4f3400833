// The bar above the text: writes constructs into it, and makes a gap or a word bank of a selection.
import { announce } from "./live.js";
import { asItems, filled, onLinesOfItsOwn, write } from "./text-edit.js";

/** @typedef {import("./text-change.js").Extent} Extent */

const MARKED_UP = new Set(["gap", "bank"]); // of a selection, by the server, which knows the language
const STEPS = new Map([
  ["ArrowRight", 1],
  ["ArrowLeft", -1],
]);

/** The bar of a text area. */
export class Bar {
  #bar;
  #area;
  #say;
  #isSending = false;

  /**
   * @param {HTMLElement} bar
   * @param {HTMLTextAreaElement} area
   * @param {(text: string) => void} say shows a sentence about the text
   */
  constructor(bar, area, say) {
    this.#bar = bar;
    this.#area = area;
    this.#say = say;
    bar.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-insert]") : null;
      if (button instanceof HTMLButtonElement) this.#press(button);
    });
    bar.addEventListener("keydown", (event) => this.#key(event));
    this.#menu?.addEventListener("toggle", () => {
      if (!this.#menu?.open) this.close();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (!(target instanceof Node && this.#menu?.contains(target))) this.close();
    });
  }

  /** Show the bar: it does nothing without this script. */
  connect() {
    this.#bar.hidden = false;
    this.#rove(this.#stops[0]);
  }

  /** Close the menu. */
  close() {
    const menu = this.#menu;
    if (!menu) return;
    menu.open = false;
    // Nobody gets to a stop that is in the menu.
    if (menu.querySelector('div [tabindex="0"]')) {
      this.#rove(menu.querySelector("summary") ?? undefined);
    }
  }

  /** @returns {HTMLDetailsElement | null} */
  get #menu() {
    return this.#bar.querySelector("details");
  }

  /** What the arrows walk: the menu's own buttons only while it is open. */
  get #stops() {
    /** @type {HTMLElement[]} */
    const all = [...this.#bar.querySelectorAll("summary, button")].map((one) => {
      return /** @type {HTMLElement} */ (one);
    });
    return all.filter((one) => one.tagName === "SUMMARY" || !one.closest("details:not([open])"));
  }

  /**
   * One stop of the bar is reached by Tab, the others by arrows.
   *
   * @param {HTMLElement | undefined} stop
   */
  #rove(stop) {
    for (const one of this.#bar.querySelectorAll("summary, button")) {
      one.setAttribute("tabindex", one === stop ? "0" : "-1");
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const stops = this.#stops;
    const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const isInMenu = Boolean(document.activeElement?.closest("details[open]"));
    const isRight = getComputedStyle(this.#bar).direction === "rtl";
    let by = (STEPS.get(event.key) ?? 0) * (isRight ? -1 : 1);
    if (isInMenu && event.key === "ArrowDown") by = 1;
    if (isInMenu && event.key === "ArrowUp") by = -1;
    if (event.key === "Escape") {
      event.preventDefault();
      const wasOpen = this.#menu?.open;
      this.close();
      if (wasOpen) this.#menu?.querySelector("summary")?.focus();
      else this.#area.focus();
    } else if (by && at >= 0) {
      event.preventDefault();
      const next = stops[(at + by + stops.length) % stops.length];
      this.#rove(next);
      next.focus();
    }
  }

  /** @param {HTMLButtonElement} button */
  #press(button) {
    this.close();
    const { value, selectionStart, selectionEnd } = this.#area;
    const selected = value.slice(selectionStart, selectionEnd);
    const name = button.dataset.insert ?? "";
    this.#say("");
    if (MARKED_UP.has(name) && selected.trim()) this.#markUp(name);
    else this.#insert(button, selected);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} selected
   */
  #insert({ dataset }, selected) {
    const area = this.#area;
    area.focus();
    /** @type {Extent} */
    const selection = [area.selectionStart, area.selectionEnd];
    const text = (dataset.text ?? "").replaceAll("{n}", () => this.#freeNumber());
    if (dataset.place === "top") {
      const { text: settings, selected: inside } = filled(text, "");
      // Only the first of two such blocks is one.
      if (area.value.startsWith("---\n")) area.setSelectionRange(0, 0);
      else write(area, [0, 0], `${settings}\n`, inside);
      area.scrollTop = 0;
    } else if (dataset.place === "block") {
      this.#insertLines(text, selection, selected, dataset.each ?? "");
    } else {
      const isOneLine = !selected.includes("\n");
      const { text: written, selected: inside } = filled(text, isOneLine ? selected : "");
      const keeps = isOneLine && text.includes("«") && !text.includes("«»");
      write(area, [keeps ? selection[0] : selection[1], selection[1]], written, inside);
      if (dataset.below) this.#insertBelow(dataset.below.replaceAll("{n}", this.#lastNumber()));
    }
    area.dispatchEvent(new Event("stale"));
  }

  /**
   * @param {string} text
   * @param {Extent} selection
   * @param {string} selected
   * @param {string} each the mark of an item, if selected lines become items
   */
  #insertLines(text, selection, selected, each) {
    const lines = selected.split("\n").filter((line) => line.trim());
    const isItems = each !== "" && lines.length > 0;
    const isOneLine = lines.length === 1 && text.includes("«") && !text.includes("«»");
    const place = onLinesOfItsOwn(this.#area.value, selection, isItems || isOneLine);
    let { text: written, selected: inside } = filled(text, isOneLine ? lines[0].trim() : "");
    if (isItems) {
      const rest = /\n\n[^]*$/.exec(text)?.[0] ?? ""; // the box below options
      written = asItems(lines, each).join("\n") + rest;
      inside = [written.length, written.length];
    }
    /** @type {Extent} */
    const shown = [inside[0] + place.before.length, inside[1] + place.before.length];
    write(this.#area, place.extent, place.before + written + place.after, shown);
  }

  /**
   * Write something below the paragraph, and select it.
   *
   * @param {string} text
   */
  #insertBelow(text) {
    const area = this.#area;
    const end = area.value.slice(area.selectionEnd).search(/\n[ \t]*\n/);
    const at = end < 0 ? area.value.trimEnd().length : area.selectionEnd + end;
    const shown = /** @type {Extent} */ ([text.indexOf(" ") + 3, text.length + 2]);
    write(area, [at, at], `\n\n${text}`, shown);
  }

  /** Return the first number that no footnote has. */
  #freeNumber() {
    let number = 1;
    while (this.#area.value.includes(`[^${number}]`)) number += 1;
    return String(number);
  }

  /** Return the number that was free before it was written. */
  #lastNumber() {
    return String(Number(this.#freeNumber()) - 1);
  }

  /**
   * Have the server make of the selection what was asked for; the text may change meanwhile.
   *
   * @param {string} name
   */
  async #markUp(name) {
    if (this.#isSending) return;
    this.#isSending = true;
    const area = this.#area;
    const { value, selectionStart, selectionEnd } = area;
    const body = new URLSearchParams({
      do: name,
      source: value,
      start: String(selectionStart),
      end: String(selectionEnd),
    });
    try {
      const reply = await fetch(this.#bar.dataset.url ?? "", { method: "POST", body });
      if (reply.status !== 200 && reply.status !== 422) throw new Error(String(reply.status));
      const { start, end, text, said } = await reply.json();
      if (said) this.#tell(said);
      else if (area.value === value) write(area, [start, end], text, [0, text.length]);
      area.focus();
      if (!said) area.dispatchEvent(new Event("stale"));
    } catch {
      this.#tell(this.#bar.dataset.saysFailed ?? "");
    } finally {
      this.#isSending = false;
    }
  }

  /** @param {string} text */
  #tell(text) {
    this.#say(text);
    announce(text);
  }
}
