// The strip that says which marks this device still keeps, and why.
import { announce } from "./live.js";
import { articleOf, inWords, seenField, showState } from "./mark-answers.js";
import { isLost } from "./mark-outcomes.js";
import { desk, item, makeLink, one, says } from "./mark-page.js";
import { finishIfAsked } from "./mark-place.js";
import { addressOf, outbox } from "./mark-sending.js";

/** @typedef {import("./mark-outbox.js").Entry} Entry */

export function showConnection() {
  const kept = one("[data-kept]");
  if (!kept) return;
  const entries = outbox.entries;
  const elsewhere = entries.find(
    (entry) => entry.waits && entry.item !== item && !isLost(entry, entry.waits),
  );
  const isHeld = outbox.isStuck || outbox.isClosed;
  /** @type {(Node | string)[]} */
  const parts = [];
  const n = outbox.unsent;
  if (n && !isHeld) parts.push(says(n === 1 ? "saysOneSaving" : "saysManySaving", { n }));
  if (n && isHeld) {
    parts.push(
      outbox.keeps ? says(n === 1 ? "saysOneKept" : "saysManyKept", { n }) : says("saysUnkept"),
    );
    for (const entry of entries) showHeld(entry);
  }
  if (outbox.isClosed) {
    parts.push(" · ", says("saysClosed"));
    if (desk.dataset.course) {
      const back = makeLink(desk.dataset.course, says("saysCourse"));
      back.target = "_top"; // the course is around the LMS's frame
      parts.push(" ", back);
    }
  }
  if (elsewhere) {
    parts.push(" ", makeLink(addressOf(elsewhere.item), says("saysElsewhere")));
  }
  const isBad = isHeld || !!elsewhere;
  const wasBad = kept.classList.contains("failed");
  kept.replaceChildren(...parts);
  kept.classList.toggle("failed", isBad && parts.length > 0);
  if (isBad && !wasBad && parts.length) announce(kept.textContent ?? "");
  finishIfAsked();
}

/** @param {Entry} entry that is not sent yet */
function showHeld(entry) {
  const field = entry.item === item && !entry.waits ? seenField(entry.attempt) : null;
  const article = field && articleOf(field);
  if (article) showState(article, says("saysKept", { points: inWords(entry.points) }));
}
