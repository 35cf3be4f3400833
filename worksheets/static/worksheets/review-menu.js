// The menus of a review: a press on a guess opens the one of its kind, right under it.

const GAP = 4; // pixels between what was pressed and its menu
const EDGE = 8; // pixels that are left to the edge

/** The menus of a page. One is open at a time. */
export class Menus {
  /** @type {HTMLButtonElement | null} what was pressed */
  opener = null;
  #root;
  /** @type {HTMLElement | null} */
  #box = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    document.addEventListener("pointerdown", ({ target }) => {
      const isInside = (/** @type {Element | null} */ one) =>
        target instanceof Node && Boolean(one?.contains(target));
      if (!isInside(this.#box) && !isInside(this.opener)) this.close();
    });
    // A side that is scrolled takes the menu along.
    root.addEventListener("scroll", () => this.#follow(), true);
    addEventListener("resize", () => this.#follow());
  }

  /** Lines without a guess are reached by arrows; Tab walks the guesses. */
  connect() {
    this.#box = null;
    this.opener = null;
    const plain = '.handle:is([value^="line-"], [value^="item-"])';
    for (const handle of this.#root.querySelectorAll(plain)) {
      handle.setAttribute("tabindex", "-1");
    }
  }

  /**
   * Open the menu of a button, or close it if it is open.
   *
   * @param {HTMLButtonElement} button
   */
  open(button) {
    const wasOpen = this.opener === button;
    this.close();
    if (wasOpen) return;
    const [kind, ...place] = button.value.split("-");
    /** @type {HTMLTemplateElement | null} */
    const template = this.#root.querySelector(`template[data-menu="${CSS.escape(kind)}"]`);
    if (!template) return;
    const box = document.createElement("div");
    box.className = "press-box";
    box.append(template.content.cloneNode(true));
    const title = box.querySelector(".menu-title");
    if (title) title.id = "press-title";
    box.querySelector("[role=menu]")?.setAttribute("aria-labelledby", "press-title");
    for (const item of this.#items(box)) item.value = item.value.replace("PLACE", place.join("-"));
    this.#root.append(box);
    this.#box = box;
    this.opener = button;
    button.setAttribute("aria-expanded", "true");
    this.place(box, button.getBoundingClientRect());
    this.#items(box)[0]?.focus({ preventScroll: true });
  }

  /** Close the menu. Nothing is changed. */
  close() {
    this.opener?.removeAttribute("aria-expanded");
    this.#box?.remove();
    this.#box = null;
    this.opener = null;
  }

  /**
   * Bring a box right under what it belongs to, or above it where there is no room.
   *
   * @param {HTMLElement} box
   * @param {DOMRect | undefined} at
   */
  place(box, at) {
    if (!at) return;
    const around = this.#root.getBoundingClientRect();
    const left = Math.min(at.left, innerWidth - box.offsetWidth - EDGE) - around.left;
    const isBelow = at.bottom + GAP + box.offsetHeight <= innerHeight || at.top < box.offsetHeight;
    const top = isBelow ? at.bottom + GAP : at.top - GAP - box.offsetHeight;
    box.style.left = `${Math.max(left, EDGE - around.left)}px`;
    box.style.top = `${top - around.top}px`;
  }

  /**
   * Do what a key does in the menu; return whether it is for the menu.
   *
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (!this.#box) return false;
    const items = this.#items(this.#box);
    const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = new Map([
      ["ArrowDown", (at + 1) % items.length],
      ["ArrowUp", (at - 1 + items.length) % items.length],
      ["Home", 0],
      ["End", items.length - 1],
    ]).get(event.key);
    if (next !== undefined) {
      event.preventDefault();
      items[next].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      const { opener } = this;
      this.close();
      opener?.focus({ preventScroll: true });
      if (event.key === "Escape") event.preventDefault();
    }
    return true;
  }

  /** Stay with what was pressed, as long as that is in sight. */
  #follow() {
    if (!this.#box || !this.opener) return;
    const at = this.opener.getBoundingClientRect();
    const side = this.opener.closest(".side")?.getBoundingClientRect();
    if (side && (at.bottom < side.top || at.top > side.bottom)) this.close();
    else this.place(this.#box, at);
  }

  /** @param {Element} box */
  #items(box) {
    return /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll("[role=menuitem]")]);
  }
}
