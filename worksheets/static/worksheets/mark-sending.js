// The marks of this page on their way to the server. Other modules set what hears of them.
import { MarkOutbox } from "./mark-outbox.js";
import { desk, key } from "./mark-page.js";

/** @typedef {import("./mark-outbox.js").Entry} Entry */
/** @typedef {import("./mark-outbox.js").Outcome} Outcome */

/** What is told what became of a mark, and that there is news of the connection. */
export const hears = {
  settled: (/** @type {Entry} */ _entry, /** @type {Outcome} */ _outcome) => {},
  changed: () => {},
};

/** @param {string} other the key of a question */
export const isQuestion = (other) =>
  (desk.dataset.questions ?? "").trim().split(" ").includes(other);

/** @param {string} other the key of a question */
export const addressOf = (other) => `${desk.dataset.url}`.replace(/[^/]+\/$/, `${other}/`);

export const outbox = new MarkOutbox(
  `marks-${key}`,
  addressOf,
  (entry, outcome) => hears.settled(entry, outcome),
  () => hears.changed(),
);
