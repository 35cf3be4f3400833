// Putting things in order: by buttons, by the arrow keys, or by dragging a thing by its handle.
// The number fields are the answer; where no script runs a pupil fills them in. Here a list takes
// their place. They are empty, and nothing is chosen, until the pupil moves something or keeps the
// order as it stands; from then on they hold 1, 2, 3 … as the list has them.
import { announce } from "../live.js";

const SCROLL_STEP = 12; // pixels at a time, while a thing is dragged over the edge of the window

/** A list of things, and the number field of each. */
class Ranking {
  #root;
  /** @type {HTMLElement} */
  #list;
  /** @type {HTMLElement[]} as the sheet lists them */
  #things;
  /** @type {{ thing: HTMLElement, from: number, grabbedAt: number } | null} */
  #drag = null;

  /** @param {HTMLElement} root with the words for the pupil (data-says-…) */
  constructor(root) {
    this.#root = root;
    this.#list = /** @type {HTMLElement} */ (root.querySelector(".things"));
    this.#things = this.#order();
    // A browser would refuse to submit a wrong number, and say so at a field that is not in sight.
    for (const thing of this.#things) fieldOf(thing).type = "text";
    this.showFields();
    root.classList.add("movable");
  }

  /** Put the list in the order of the numbers. What has none comes last, as the sheet lists it. */
  showFields() {
    this.putBack();
    // With no number at all, the list may stand as it does: 'Clear' leaves it so.
    if (this.#things.some((thing) => fieldOf(thing).value)) {
      // Safari 15, on tablets that schools still have, knows no toSorted.
      // oxlint-disable-next-line unicorn/no-array-sort
      const sorted = [...this.#things].sort((a, b) => numberOf(a) - numberOf(b));
      for (const [index, thing] of sorted.entries()) this.#put(thing, index);
    }
    this.#show();
  }

  /**
   * Move a thing up (-1) or down (1).
   *
   * @param {HTMLElement} thing
   * @param {number} by
   */
  move(thing, by) {
    const to = this.#order().indexOf(thing) + by;
    if (to < 0 || to >= this.#things.length) return;
    this.#put(thing, to);
    thing.scrollIntoView({ block: "nearest" });
    this.#settle(thing);
  }

  /** Take the order as it stands for the answer. */
  keep() {
    this.#number(true);
    this.#announce("saysOrdered");
  }

  /** Take the answer back. The list stays, so that one press on 'Keep this order' is the undo. */
  clear() {
    this.#number(false);
    this.#announce("saysBlank");
  }

  /**
   * Take a thing in hand.
   *
   * @param {HTMLElement} thing
   * @param {number} y of the pointer on the page
   */
  grab(thing, y) {
    this.putBack();
    this.#drag = { thing, from: this.#order().indexOf(thing), grabbedAt: y - thing.offsetTop };
    thing.classList.add("held");
  }

  /**
   * Let the thing in hand follow the pointer, and the others make room.
   *
   * @param {number} y of the pointer on the page
   */
  drag(y) {
    if (!this.#drag) return;
    const { thing, grabbedAt } = this.#drag;
    const height = thing.offsetHeight;
    const top = within(0, y - grabbedAt, this.#list.clientHeight - height);
    const order = this.#order();
    const at = order.indexOf(thing);
    const above = order.findIndex((other, i) => i < at && top < middleOf(other));
    const below = order.filter((other, i) => i > at && top + height > middleOf(other)).length;
    this.#put(thing, above >= 0 ? above : at + below);
    thing.style.translate = `0 ${top - thing.offsetTop}px`;
    const box = thing.getBoundingClientRect();
    const outside = Math.min(box.top, 0) + Math.max(box.bottom - innerHeight, 0);
    scrollBy(0, within(-SCROLL_STEP, outside, SCROLL_STEP));
  }

  /** Let go of the thing in hand: where it is now is its place. */
  drop() {
    const drag = this.#release();
    if (drag && this.#order()[drag.from] !== drag.thing) this.#settle(drag.thing);
  }

  /** Let go of the thing in hand, if there is one: it goes back to where it was. */
  putBack() {
    const drag = this.#release();
    if (drag) this.#put(drag.thing, drag.from);
  }

  #release() {
    const drag = this.#drag;
    drag?.thing.classList.remove("held");
    drag?.thing.style.removeProperty("translate");
    this.#drag = null;
    return drag;
  }

  /** @returns {HTMLElement[]} the things as the list has them now */
  #order() {
    return [...this.#list.querySelectorAll("li")];
  }

  /**
   * Move the others around a thing: taken out of the page it would lose focus and pointer.
   *
   * @param {HTMLElement} thing
   * @param {number} to
   */
  #put(thing, to) {
    const order = this.#order();
    const from = order.indexOf(thing);
    if (to < from) thing.after(...order.slice(to, from));
    else thing.before(...order.slice(from + 1, to + 1));
  }

  /** @param {HTMLElement} thing that was moved */
  #settle(thing) {
    this.#number(true);
    this.#announce("saysMoved", {
      thing: fieldOf(thing).labels?.[0].textContent ?? "",
      place: fieldOf(thing).value,
      count: this.#things.length,
    });
  }

  /** @param {boolean} isOrdered whether the fields are to be numbered, or emptied */
  #number(isOrdered) {
    for (const [index, thing] of this.#order().entries()) {
      fieldOf(thing).value = isOrdered ? String(index + 1) : "";
    }
    this.#show();
    // One event tells of all: they are one answer.
    fieldOf(this.#things[0]).dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Show what the fields hold, and which buttons would change something. */
  #show() {
    const order = this.#order();
    const values = order.map((thing) => fieldOf(thing).value);
    const isBlank = values.every((value) => !value);
    const isOrdered = values.every((value, index) => value === String(index + 1));
    for (const [index, thing] of order.entries()) {
      part(thing, ".place").textContent = values[index];
      disable(part(thing, "[data-move='-1']"), index === 0);
      disable(part(thing, "[data-move='1']"), index === order.length - 1);
    }
    disable(part(this.#root, "[data-order='keep']"), isOrdered);
    disable(part(this.#root, "[data-order='clear']"), isBlank);
    const { saysBlank, saysOrdered, saysPartly } = this.#root.dataset;
    const state = isBlank ? saysBlank : isOrdered ? saysOrdered : saysPartly;
    part(this.#root, "[data-order-state]").textContent = state ?? "";
  }

  /**
   * @param {string} name of the data attribute that has the words
   * @param {Record<string, string | number>} values
   */
  #announce(name, values = {}) {
    const words = this.#root.dataset[name] ?? "";
    announce(words.replace(/\{(\w+)\}/g, (_, key) => String(values[key])));
  }
}

for (const root of document.querySelectorAll(".ranking")) {
  if (root instanceof HTMLElement) connect(new Ranking(root), root);
}

/**
 * @param {Ranking} ranking
 * @param {HTMLElement} root
 */
function connect(ranking, root) {
  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset.order === "keep") ranking.keep();
    else if (button.dataset.order === "clear") ranking.clear();
    else ranking.move(thingOf(button), Number(button.dataset.move));
  });
  root.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const thing = event.target instanceof Element ? event.target.closest("li") : null;
    const isOther = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!by || !thing || isOther) return;
    event.preventDefault(); // the page would scroll
    ranking.move(thing, by);
  });
  /** @type {NodeListOf<HTMLElement>} */
  const grips = root.querySelectorAll(".grip");
  for (const grip of grips) connectGrip(ranking, grip);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") ranking.putBack();
  });
  // Autosave may put other values in place (another device, work found on this one).
  root.closest("form")?.addEventListener("worksheet:restored", () => ranking.showFields());
}

/**
 * @param {Ranking} ranking
 * @param {HTMLElement} grip
 */
function connectGrip(ranking, grip) {
  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    grip.setPointerCapture(event.pointerId);
    ranking.grab(thingOf(grip), event.pageY);
  });
  grip.addEventListener("pointermove", (event) => ranking.drag(event.pageY));
  grip.addEventListener("pointerup", () => ranking.drop());
  grip.addEventListener("pointercancel", () => ranking.putBack());
  // Let go where no event tells of it. After a drop there is nothing left to put back.
  grip.addEventListener("lostpointercapture", () => ranking.putBack());
}

/**
 * Return the thing that a part of its line belongs to.
 *
 * @param {Element} element
 */
function thingOf(element) {
  return /** @type {HTMLElement} */ (element.closest("li"));
}

/** @param {HTMLElement} thing */
function fieldOf(thing) {
  return /** @type {HTMLInputElement} */ (thing.querySelector("input"));
}

/** @param {HTMLElement} thing */
function numberOf(thing) {
  return Number(fieldOf(thing).value) || Number.MAX_SAFE_INTEGER;
}

/** @param {HTMLElement} thing */
function middleOf(thing) {
  return thing.offsetTop + thing.offsetHeight / 2;
}

/**
 * Return the number, or the limit that is nearest to it.
 *
 * @param {number} low
 * @param {number} number
 * @param {number} high
 */
function within(low, number, high) {
  return Math.max(low, Math.min(number, high));
}

/**
 * @param {HTMLElement} parent
 * @param {string} selector
 */
function part(parent, selector) {
  return /** @type {HTMLElement} */ (parent.querySelector(selector));
}

/**
 * Mark a button as of no use now. It keeps the focus, which a disabled one would lose.
 *
 * @param {HTMLElement} button
 * @param {boolean} isDisabled
 */
function disable(button, isDisabled) {
  button.setAttribute("aria-disabled", String(isDisabled));
}
