// The class's answers by keyboard: arrows go from answer to answer of a gap, Escape closes what is
// open and goes back to the answer. Everything else is links and forms, which htmx fetches.

/** The id of what opened the panel, to which the focus goes back. @type {string} */
let opener = "";

/**
 * Return the next answer in that direction, or null.
 *
 * @param {Element} chip
 * @param {string} key
 * @returns {HTMLElement | null}
 */
export function neighbour(chip, key) {
  const list = chip.closest(".chips");
  const chips = [...(list?.querySelectorAll(".answer") ?? [])];
  const rtl = list !== null && getComputedStyle(list).direction === "rtl";
  const forward = key === "ArrowDown" || key === (rtl ? "ArrowLeft" : "ArrowRight");
  const back = key === "ArrowUp" || key === (rtl ? "ArrowRight" : "ArrowLeft");
  if (!forward && !back) return null;
  const found = chips[chips.indexOf(chip) + (forward ? 1 : -1)];
  return found instanceof HTMLElement ? found : null;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { target } = event;
  if (!(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    const close = target.closest(".answer-row")?.querySelector("[data-close]");
    if (close instanceof HTMLElement) {
      event.preventDefault();
      close.click();
    }
    return;
  }
  if (!target.matches(".answer")) return;
  const next = neighbour(target, event.key);
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

/**
 * Only one panel is open at a time: those of other gaps close.
 *
 * @param {Element} pressed
 */
function closeOthers(pressed) {
  const row = pressed.closest(".answer-row");
  for (const panel of document.querySelectorAll(".answer-panel")) {
    if (panel.closest(".answer-row") !== row) panel.remove();
  }
}

/** @param {Event} event */
function onClick(event) {
  const { target } = event;
  if (!(target instanceof Element)) return;
  if (target.closest(".answer, .decided-here button")) closeOthers(target);
  const link = target.closest("[data-chip]");
  if (link instanceof HTMLElement) opener = link.dataset.chip ?? "";
}

/** After a row has come: begin at what is open in it, or at what opened that. */
function onSwap() {
  const title = document.getElementById("panel-title");
  if (title && !title.closest(".answer-panel")?.contains(document.activeElement)) {
    title.focus();
    return;
  }
  if (!title && opener) document.getElementById(opener)?.focus();
  if (!title) opener = "";
}

const answers = document.getElementById("answers");
if (answers) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("htmx:afterSettle", onSwap);
}
