// The page on which a teacher gives the answers of a worksheet. A press on a gap opens the words of
// its bank as for pupils (panel.js), and a press on a word writes it, saves it, and opens the next
// empty gap. Below an answer box, and in the panel of a filled gap, the server's form of that item.
import { buttonOf, numberOf, typed } from "./gaps.js";
import { Saver } from "./key-saver.js";
import { format } from "./live.js";
import { watchVersion } from "./key-version.js";
import { connectGaps } from "./panel.js";

/** @typedef {import("./gaps.js").Gap} Gap */
/** @typedef {import("./gaps.js").Filled} Filled */
/** @typedef {import("./key-saver.js").Change} Change */
/** @typedef {import("./key-saver.js").Reply} Reply */

const page = /** @type {HTMLElement} */ (document.getElementById("worksheet"));
const rest = /** @type {HTMLElement} */ (document.getElementById("rest"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("keys"));
const seen = /** @type {HTMLInputElement} */ (form.elements.namedItem("seen"));
const says = page.dataset;
let shownRest = "";
/** @type {Map<string, import("./key-saver.js").GapRow>} what is shown once nothing else is sent */
const held = new Map();

for (const one of document.querySelectorAll(
  ".or-typed, .gap-more, [data-without-script], #item, button[form=keys][hidden]",
)) {
  one.remove();
}

// --- gaps ---

const part = document.createElement("div");
part.className = "key-part";
const saver = new Saver(page, seen, show);
/** @type {WeakMap<Filled["changes"], Record<string, unknown>>} the keys before each step */
const before = new WeakMap();
const found = connectGaps(page, { part, opened, taken, back });
const gaps = found?.banks.gaps ?? [];

page.addEventListener("worksheet:filled", (event) => {
  const { changes } = /** @type {CustomEvent<Filled>} */ (event).detail;
  const keys = changes.map(({ gap }) => [gap.name, JSON.parse(gap.dataset.key ?? "{}")]);
  before.set(changes, Object.fromEntries(keys));
  for (const { gap, after } of changes) {
    const key = JSON.parse(gap.dataset.key ?? "{}");
    // Until the server has said so.
    gap.dataset.key = JSON.stringify({ ...key, right: after ? [[after, "1"]] : [] });
    alsoOf(gap).textContent = "";
  }
  saver.add({
    fields: changes.map(({ gap, after }) => [gap.name, after]),
    items: changes.map(({ gap }) => gap.name),
    what: changes.map(({ gap, after }) => inWords(gap, after)).join(", "),
  });
});

/**
 * Return the key from before a step with what was added in the gap's form since.
 *
 * @param {any} key
 * @param {any} now
 */
function withAdded(key, now) {
  const added = (/** @type {"right" | "wrong"} */ name, /** @type {number} */ first) => {
    /** @type {[string, string][]} */
    const known = key?.[name] ?? [];
    /** @type {[string, string][]} */
    const rows = now[name] ?? [];
    const isNew = (/** @type {[string, string]} */ [text]) => !known.some(([one]) => one === text);
    return [...known, ...rows.slice(first).filter(isNew)];
  };
  // The first of the right answers is the word of the step itself.
  return { ...key, right: added("right", 1), wrong: added("wrong", 0) };
}

/**
 * Give back to gaps the keys that they had before a step.
 *
 * @param {Filled["changes"]} step
 * @param {Gap[]} undone
 */
function back(step, undone) {
  const keys = before.get(step) ?? {};
  const restored = Object.fromEntries(
    undone.map((gap) => [gap.name, withAdded(keys[gap.name], JSON.parse(gap.dataset.key ?? "{}"))]),
  );
  for (const gap of undone) gap.dataset.key = JSON.stringify(restored[gap.name]);
  saver.add({
    fields: [["restore", JSON.stringify(restored)]],
    items: undone.map(({ name }) => name),
    what: undone.map((gap) => inWords(gap, gap.value)).join(", "),
  });
}

/**
 * Show what belongs to the gap whose panel was opened.
 *
 * @param {Gap} gap
 */
function opened(gap) {
  if (gap.value) {
    part.replaceChildren();
    load(part, gap.name);
    return;
  }
  const head = document.createElement("p");
  const more = document.createElement("button");
  head.className = "key-head";
  const name = document.createElement("span");
  name.textContent = format(says.saysPlace ?? "", { n: numberOf(gap) });
  head.append(name, more);
  more.type = "button";
  more.tabIndex = -1; // Tab leads to the next gap
  more.className = "button small quiet";
  more.textContent = says.saysMore ?? "";
  more.addEventListener("click", () => load(part, gap.name));
  part.replaceChildren(head);
}

/**
 * Go on from a gap that was filled: to the next empty one, or to what is below the sheet.
 *
 * @param {Gap} gap
 */
async function taken(gap) {
  if (!gap.value) return;
  if (!isInBank(gap)) {
    found?.panel.open(gap); // says that pupils cannot choose it
    return;
  }
  const at = gaps.indexOf(gap);
  const next = [...gaps.slice(at + 1), ...gaps.slice(0, at)].find((one) => !one.value);
  if (next) {
    open(next);
    return;
  }
  await saver.idle();
  goToRest();
}

/** @param {Gap} gap */
function open(gap) {
  buttonOf(gap).focus({ preventScroll: true });
  found?.panel.open(gap);
  const { top, bottom } = buttonOf(gap).getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) buttonOf(gap).scrollIntoView({ block: "center" });
}

function goToRest() {
  /** @type {HTMLElement | null} */
  const next = rest.querySelector("[name=give-marks], .problems a, #ready");
  next?.focus({ preventScroll: true });
  rest.scrollIntoView({ block: "nearest" });
}

/** @param {Gap} gap */
function isInBank(gap) {
  const { bank } = gap.dataset;
  const words = found?.banks.words(bank ?? "") ?? [];
  return !bank || words.some(({ word }) => typed(word) === typed(gap.value));
}

/** @param {Gap} gap */
function alsoOf(gap) {
  return /** @type {HTMLElement} */ (gap.closest(".gap")?.querySelector(".also"));
}

/**
 * @param {Gap} gap
 * @param {string} word
 */
function inWords(gap, word) {
  return format(says.saysGap ?? "", { n: numberOf(gap), word: word || "–" });
}

// --- forms of items ---

/**
 * Show the form of an item, as it is once everything before is saved.
 *
 * @param {HTMLElement} place
 * @param {string} item
 */
async function load(place, item) {
  place.dataset.item = item;
  await saver.idle();
  try {
    const reply = await fetch(`${says.url}?item=${item}&part=1`);
    if (!reply.ok || place.dataset.item !== item) return;
    place.innerHTML = await reply.text();
  } catch {
    return; // the words can be pressed all the same
  }
  found?.panel.place();
  if (place === part) place.parentElement?.scrollIntoView({ block: "nearest" });
}

/**
 * Return whether a field of a question holds what was sent of it last, or what the page showed.
 *
 * What was decided elsewhere since, by a button for all questions say, is not overwritten then.
 *
 * @param {Element | RadioNodeList | null} field
 */
function isAsBefore(field) {
  const isOne = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  if (!isOne || !/^(marks|least|most|model|rubric)$/.test(field.name)) return false;
  if (field.value === field.defaultValue) return true;
  field.defaultValue = field.value;
  return false;
}

/**
 * Return the changes of a form, whose button may say which.
 *
 * @param {HTMLFormElement} itemForm
 * @param {HTMLElement | null} [submitter]
 * @returns {Change}
 */
function changeOf(itemForm, submitter) {
  const fields = [...new FormData(itemForm)]
    .filter(([name]) => name !== "seen" && !isAsBefore(itemForm.elements.namedItem(name)))
    .map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
  if (submitter instanceof HTMLButtonElement && submitter.name) {
    fields.push([submitter.name, submitter.value]);
  }
  const item = itemForm.dataset.item ?? "";
  const gap = gaps.find(({ name }) => name === item);
  const texts = fields.filter(([name]) => /^(right|wrong|say|model|rubric)$/.test(name));
  const what = texts.map(([, value]) => value).filter(Boolean);
  return {
    fields,
    items: [item],
    what: gap ? inWords(gap, what.join(" / ")) : what.join(" / ") || (says.saysItem ?? ""),
    isForm: Boolean(submitter),
  };
}

/**
 * Return whether a form can be sent: the right answer of a question once it says everything.
 *
 * @param {HTMLFormElement} itemForm
 */
function isWhole(itemForm) {
  if (!("solution" in itemForm.dataset)) return true;
  /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */
  const fields = itemForm.querySelectorAll("input:not([type=hidden]), select");
  if ([...fields].some(({ type }) => type === "checkbox")) return true;
  const given = new FormData(itemForm);
  return [...fields].every(({ name }) => given.get(name));
}

/** @param {EventTarget | null} target */
function itemFormOf(target) {
  const itemForm = target instanceof Element ? target.closest("form.key-form") : null;
  return /** @type {HTMLFormElement | null} */ (itemForm);
}

page.addEventListener("submit", (event) => {
  const itemForm = itemFormOf(event.target);
  if (!itemForm) return;
  event.preventDefault();
  const { submitter } = event;
  if (submitter instanceof HTMLButtonElement && submitter.name === "step") {
    const marks = /** @type {HTMLInputElement} */ (itemForm.elements.namedItem("marks"));
    marks.value = String(Math.max(Number(marks.value) + Number(submitter.value), 0));
    saver.add(changeOf(itemForm));
    return;
  }
  saver.add(changeOf(itemForm, submitter));
});
page.addEventListener("change", ({ target }) => {
  const itemForm = itemFormOf(target);
  if (itemForm && isWhole(itemForm)) saver.add(changeOf(itemForm));
});

const box = document.createElement("div");
box.className = "key-part key-box";
/** @type {HTMLElement | null} the link of the answer box whose form is open */
let opener = null;

function closeBox() {
  opener?.setAttribute("aria-expanded", "false");
  opener = null;
  box.remove();
}

page.addEventListener("click", async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  /** @type {HTMLElement | null} */
  const link = target?.closest("[data-decided] a, [data-open]") ?? null;
  if (!link) return;
  event.preventDefault();
  const gap = gaps.find(({ name }) => name === link.dataset.open);
  if (gap) {
    open(gap);
    return;
  }
  const line = /** @type {HTMLElement} */ (link.closest("[data-decided]"));
  const isOpen = line.contains(opener);
  closeBox();
  if (isOpen) return;
  opener = link;
  link.setAttribute("aria-expanded", "true");
  box.replaceChildren();
  line.after(box);
  await load(box, line.dataset.decided ?? "");
  box.querySelector("#key-marks")?.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (box.querySelector("#key-marks"))?.focus();
});
page.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !opener || !box.contains(/** @type {Node} */ (event.target)))
    return;
  opener.focus();
  closeBox();
});

// Tab leads through the form of a filled gap, which stands below its line, and then to the next gap.
page.addEventListener(
  "keydown",
  (event) => {
    const gap = found?.panel.gap;
    const { activeElement } = document;
    if (event.key !== "Tab" || !gap || !part.querySelector("form")) return;
    const fields = [...part.querySelectorAll("input, select, button, summary")].filter(
      (one) => one.getClientRects().length && !one.matches("[type=hidden]"),
    );
    const button = buttonOf(gap);
    const at = fields.indexOf(/** @type {Element} */ (activeElement));
    /** @type {Element | undefined} */
    let next;
    if (activeElement === button && !event.shiftKey) next = fields[0];
    else if (at < 0) return;
    else if (event.shiftKey) next = at ? undefined : button;
    else if (at === fields.length - 1) {
      found?.panel.close();
      const after = gaps[gaps.indexOf(gap) + 1];
      next = after ? buttonOf(after) : (rest.querySelector("#ready") ?? button);
    }
    event.stopPropagation();
    if (!next) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (next).focus();
  },
  { capture: true },
);

// --- steps that can be taken back, also after the page was loaded again ---

/** @typedef {{ changes: [string, string, string][], keys: Record<string, unknown> }} KeptStep */

/** Keep the steps with the page's entry in the history, which a frame without storage has, too. */
function keepSteps() {
  const steps = (found?.undo.steps ?? []).map((changes) => ({
    changes: changes.map(({ gap, before: was, after }) => [gap.name, was, after]),
    keys: before.get(changes) ?? {},
  }));
  history.replaceState({ ...history.state, steps: { seen: seen.value, steps } }, "");
}

/** Offer the steps from before the page was loaded again, if the text is still the same. */
function restoreSteps() {
  /** @type {{ seen: string, steps: KeptStep[] } | undefined} */
  const kept = history.state?.steps;
  if (kept?.seen !== seen.value) return;
  const steps = kept.steps.map(({ changes, keys }) => {
    const step = changes.flatMap(([name, was, after]) => {
      const gap = gaps.find((one) => one.name === name);
      return gap ? [{ gap, before: was, after }] : [];
    });
    before.set(step, keys);
    return step;
  });
  found?.undo.restore(steps);
}

// --- what the server says ---

/**
 * Show what has changed.
 *
 * @param {Partial<Reply>} reply
 * @param {Change} change
 */
function show(reply, change) {
  for (const [name, row] of Object.entries(reply.gaps ?? {})) held.set(name, row);
  for (const [name, row] of held) {
    const gap = gaps.find((one) => one.name === name);
    if (!gap) {
      location.reload(); // the text is another one by now
      return;
    }
    if (saver.isPending(name)) continue;
    held.delete(name);
    found?.banks.put(gap, row.word);
    gap.dataset.key = row.key;
    alsoOf(gap).textContent = row.also;
    gap.closest(".gap")?.classList.toggle("has-error", row.isMissing);
  }
  for (const [index, html] of Object.entries(reply.banks ?? {})) {
    replace(page.querySelector(`.bank[data-bank="${index}"]`), html);
  }
  for (const [key, html] of Object.entries(reply.boxes ?? {})) {
    const line = page.querySelector(`[data-decided="${key}"]`);
    const hasOpener = Boolean(line?.contains(opener));
    replace(line, html);
    if (!hasOpener) continue;
    opener = page.querySelector(`[data-decided="${key}"] a`);
    opener?.setAttribute("aria-expanded", "true");
  }
  if (Object.keys(reply.banks ?? {}).length) found?.banks.read();
  found?.banks.show();
  if (reply.count !== undefined) {
    /** @type {HTMLElement} */ (page.querySelector("[data-count]")).textContent = reply.count;
  }
  if (reply.rest !== undefined && reply.rest !== shownRest) {
    const focused = rest.contains(document.activeElement);
    rest.innerHTML = shownRest = reply.rest;
    if (focused) goToRest();
  }
  if (change.isForm && reply.item) showForm(change.items[0], reply.item);
  found?.panel.place();
  if (reply.seen !== undefined) keepSteps();
}

/**
 * Show an item's form anew, with the focus where it was.
 *
 * @param {string} item
 * @param {string} html
 */
function showForm(item, html) {
  for (const place of [part, box]) {
    if (place.dataset.item !== item || !place.querySelector("form")) continue;
    const { activeElement } = document;
    const hadFocus = place.contains(activeElement);
    const id = hadFocus && activeElement?.id ? `#${activeElement.id}` : "#right-more";
    place.innerHTML = html;
    if (!hadFocus) continue;
    /** @type {HTMLElement | null} */
    const next = place.querySelector(`${id}, #right-more, #key-marks`);
    next?.focus({ preventScroll: true });
  }
}

/**
 * @param {Element | null} element
 * @param {string} html
 */
function replace(element, html) {
  if (!element) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  element.replaceWith(template.content);
}

// --- what is below the sheet ---

form.addEventListener("formdata", ({ formData }) => {
  for (const { name } of gaps) formData.delete(name); // each is saved already
});
form.addEventListener("submit", async (event) => {
  const { submitter } = event;
  const name = submitter instanceof HTMLButtonElement ? submitter.name : "";
  if (name === "give-marks") {
    event.preventDefault();
    /** @type {HTMLInputElement | null} */
    const marks = rest.querySelector("[name=marks-for-all]");
    const value = marks?.value ?? "";
    saver.add({
      fields: [
        ["marks-for-all", value],
        ["give-marks", "1"],
      ],
      items: [],
      what: `${marks?.labels?.[0]?.innerText ?? ""} ${value}`,
    });
  } else if (!saver.isIdle) {
    event.preventDefault();
    await saver.idle();
    /** @type {HTMLButtonElement | null} */
    const button = rest.querySelector(`[name="${name}"]`);
    if (button) form.requestSubmit(button);
  }
});
watchVersion(
  `${says.url}?version=1`,
  () => (saver.isIdle ? seen.value : ""),
  () => {
    if (page.querySelector(".key-alert")) return;
    saver.alert(says.saysChanged ?? "", [], [[says.saysReload ?? "", () => location.reload()]]);
  },
);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload(); // the text may be another one by now
});

const asked = new URLSearchParams(location.search).get("item");
const first = gaps.find(({ name }) => name === asked) ?? gaps.find((gap) => !gap.value);
/** @type {HTMLElement | null} */
const line = asked ? page.querySelector(`[data-decided="${CSS.escape(asked)}"] a`) : null;
restoreSteps();
if (!saver.askAgain()) {
  if (line) line.click();
  else if (first) open(first);
}
