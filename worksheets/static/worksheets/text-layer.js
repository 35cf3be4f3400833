// The light layer behind a text area: what the marks of its text have become, and what is wrong, in
// place. The words are the text area's own; the layer has them once more, without a colour, so that
// each mark stands where its words stand. Only lines that have changed are made anew.
import { changeBetween, shifted } from "./text-change.js";

/** @typedef {[number, number, string]} Mark where it begins and ends, and what it is */

/** The layer of one text area. */
export class TextLayer {
  #area;
  #box = document.createElement("div");
  #page = document.createElement("div");
  #text = "";
  /** @type {Mark[]} in the order in which they begin */
  #marks = [];
  /** @type {Mark[]} what somebody searches for */
  #found = [];
  /** @type {string[]} the text's lines */
  #lines = [];
  /** @type {number[]} where they begin */
  #starts = [];
  /** @type {string[]} what is marked in each of them */
  #signs = [];

  /** @param {HTMLTextAreaElement} area */
  constructor(area) {
    this.#area = area;
    this.#box.className = "text-layer";
    this.#box.setAttribute("aria-hidden", "true");
    this.#box.dir = area.dir;
    this.#box.append(this.#page);
    area.before(this.#box);
    area.addEventListener("scroll", () => this.#scroll(), { passive: true });
    new ResizeObserver(() => this.#fit()).observe(area);
    this.#fit();
  }

  /**
   * Show a text with its marks.
   *
   * @param {string} text
   * @param {Mark[]} marks
   */
  show(text, marks) {
    this.#text = text;
    this.#marks = marks;
    this.#draw();
  }

  /**
   * Go on with a text that was changed since; the marks stay with their words.
   *
   * @param {string} text
   */
  follow(text) {
    if (text === this.#text) return;
    const change = changeBetween(this.#text, text);
    const move = (/** @type {Mark} */ [start, end, kind]) => {
      return /** @type {Mark} */ ([...shifted([start, end], change), kind]);
    };
    this.#marks = this.#marks.map(move).filter(([start, end]) => start < end);
    this.#text = text;
    this.#draw();
  }

  /**
   * Show what is searched for.
   *
   * @param {Mark[]} found
   */
  find(found) {
    this.#found = found;
    this.#draw();
  }

  /**
   * Return how far below the top of the text a place is, in pixels, and how high its line.
   *
   * @param {number} offset
   */
  placeOf(offset) {
    const line = this.#lineAt(offset);
    const element = this.#page.children[line];
    const rect = charAt(element, offset - this.#starts[line]) ?? element.getBoundingClientRect();
    const top = rect.top - this.#page.getBoundingClientRect().top;
    return { top, height: rect.height };
  }

  /**
   * Return where the line begins that is this far below the top of the text.
   *
   * @param {number} top in pixels
   */
  offsetAt(top) {
    const rows = this.#page.children;
    let [low, high] = [0, rows.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const row = /** @type {HTMLElement} */ (rows[middle]);
      if (row.offsetTop <= top) low = middle;
      else high = middle - 1;
    }
    return this.#starts[low] ?? 0;
  }

  /** @param {number} offset */
  #lineAt(offset) {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #draw() {
    const lines = this.#text.split("\n");
    const signs = this.#signsOf(lines);
    const rows = [...this.#page.children];
    const shorter = Math.min(rows.length, lines.length);
    const isKept = (/** @type {number} */ at, /** @type {number} */ now) => {
      return this.#lines[at] === lines[now] && this.#signs[at] === signs[now];
    };
    let head = 0;
    while (head < shorter && isKept(head, head)) head += 1;
    let tail = 0;
    const [was, is] = [rows.length - 1, lines.length - 1];
    while (tail < shorter - head && isKept(was - tail, is - tail)) tail += 1;
    const after = rows[rows.length - tail] ?? null;
    /** @type {Element[]} */
    const made = [];
    for (let at = head; at < lines.length - tail; at += 1) {
      // A line among them that is the same as before at the same place stays.
      const isSame = rows.length === lines.length && isKept(at, at);
      made.push(isSame ? rows[at] : drawn(lines[at], signs[at]));
    }
    for (let at = head; at < rows.length - tail; at += 1) rows[at].remove();
    for (let from = 0; from < made.length; from += MANY) {
      const some = document.createDocumentFragment();
      some.append(...made.slice(from, from + MANY));
      this.#page.insertBefore(some, after);
    }
    this.#lines = lines;
    this.#signs = signs;
  }

  /**
   * Return for each line what is marked in it, as a text; and note where the lines begin.
   *
   * @param {string[]} lines
   */
  #signsOf(lines) {
    const marks = this.#found.length ? merged(this.#marks, this.#found) : this.#marks;
    this.#starts = [];
    let start = 0;
    let next = 0;
    /** @type {Mark[]} */
    let open = [];
    return lines.map((line) => {
      const end = start + line.length;
      this.#starts.push(start);
      while (next < marks.length && marks[next][0] <= end) open.push(marks[(next += 1) - 1]);
      open = open.filter((mark) => mark[1] > start);
      const signs = open.map(([first, last, kind]) => {
        return `${Math.max(first - start, 0)} ${Math.min(last, end) - start} ${kind}`;
      });
      start = end + 1;
      return signs.join(";");
    });
  }

  #scroll() {
    const { scrollLeft, scrollTop } = this.#area;
    this.#page.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
  }

  /** Lie behind the text area, as wide as its lines are. */
  #fit() {
    const { offsetLeft, offsetTop, clientLeft, clientTop, clientWidth, clientHeight } = this.#area;
    Object.assign(this.#box.style, {
      left: `${offsetLeft + clientLeft}px`,
      top: `${offsetTop + clientTop}px`,
      width: `${clientWidth}px`,
      height: `${clientHeight}px`,
    });
    this.#scroll();
  }
}

const MANY = 1000; // elements that one call takes

/**
 * Return the marks of two lists in the order in which they begin.
 *
 * @param {Mark[]} one
 * @param {Mark[]} other
 */
function merged(one, other) {
  return [...one, ...other].toSorted((first, second) => first[0] - second[0]);
}

/**
 * Return the element of a line.
 *
 * @param {string} text
 * @param {string} sign what is marked in it
 */
function drawn(text, sign) {
  const row = document.createElement("div");
  if (!sign) {
    row.textContent = `${text}\n`;
    return row;
  }
  /** @type {[number, number, string][]} where something begins or ends: 1 or -1, and what */
  const edges = [];
  for (const one of sign.split(";")) {
    const [start, end, kind] = one.split(" ");
    if (Number(end) > Number(start)) edges.push([Number(start), 1, kind], [Number(end), -1, kind]);
  }
  edges.sort((one, other) => one[0] - other[0]);
  /** @type {Map<string, number>} */
  const open = new Map();
  let done = 0;
  for (const [at, by, kind] of edges) {
    if (at > done) row.append(piece(text.slice(done, at), open));
    done = Math.max(done, at);
    open.set(kind, (open.get(kind) ?? 0) + by);
    if (!open.get(kind)) open.delete(kind);
  }
  row.append(`${text.slice(done)}\n`);
  return row;
}

/**
 * @param {string} text
 * @param {Map<string, number>} kinds
 */
function piece(text, kinds) {
  if (!kinds.size) return text;
  const span = document.createElement("span");
  span.className = [...kinds.keys()].map((kind) => `is-${kind}`).join(" ");
  span.textContent = text;
  return span;
}

/**
 * Return where a character of a line is.
 *
 * @param {Element} row
 * @param {number} column
 */
function charAt(row, column) {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let left = column;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = /** @type {Text} */ (node);
    if (left < length) {
      const range = document.createRange();
      range.setStart(node, left);
      range.setEnd(node, left + 1);
      const [rect] = range.getClientRects();
      return rect ?? null;
    }
    left -= length;
  }
  return null;
}
