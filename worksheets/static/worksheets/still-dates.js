// A date that has the focus stays what it is when somebody scrolls with the arrows or the wheel:
// browsers would count it up or down. Digits change it, and the calendar that the browser opens.
const DATES = "input:is([type='datetime-local'], [type='date'], [type='time'])";
const LINE = 40; // pixels that an arrow scrolls
/** @type {Record<string, () => number>} the keys that scroll a page, and how far */
const DISTANCES = {
  ArrowUp: () => -LINE,
  ArrowDown: () => LINE,
  PageUp: () => -innerHeight * 0.9,
  PageDown: () => innerHeight * 0.9,
};

/** @param {EventTarget | null} target */
const isDate = (target) => target instanceof HTMLInputElement && target.matches(DATES);

document.addEventListener("keydown", (event) => {
  const distance = DISTANCES[event.key];
  // With Alt, an arrow opens the calendar.
  if (!distance || event.altKey || event.ctrlKey || event.metaKey || !isDate(event.target)) return;
  event.preventDefault();
  scrollBy(0, distance());
});
