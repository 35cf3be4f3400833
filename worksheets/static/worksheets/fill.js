// The page on which a pupil fills in a worksheet: connects its form with saving (autosave.js) and
// with its strip (progress.js). What makes the gaps and the printed page better comes afterwards:
// nobody waits for it, and without it the gaps are the browser's own lists.
import { Autosave, Draft } from "./autosave.js";
import { holdWithoutNetwork } from "./network.js";
import { connectEnter, connectProgress } from "./progress.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("worksheet"));
connectEnter(form);

const autosave = new Autosave(
  form,
  new Draft(`worksheet-${form.dataset.draftKey}`, Number(form.dataset.sent), form.dataset.work),
);
form.addEventListener("input", (event) => {
  if (event.target instanceof Element) autosave.change(event.target);
});
form.addEventListener("formdata", (event) => autosave.complete(event.formData));
form.addEventListener("submit", (event) => {
  if (!holdWithoutNetwork(event, () => autosave.isOffline())) autosave.handOver(event);
});
document.addEventListener("visibilitychange", () => {
  // While the page was hidden, the pupil may have gone on at another device.
  if (document.visibilityState === "visible") autosave.refresh();
  else autosave.flush();
});
addEventListener("online", () => autosave.cameOnline());
addEventListener("offline", () => autosave.wentOffline());
addEventListener("pagehide", () => autosave.flush());
addEventListener("beforeunload", (event) => {
  if (autosave.wouldLoseWork) event.preventDefault();
  autosave.leave(); // also where somebody is asked: they may leave all the same
});
autosave.restore();
connectProgress(form);

import("./panel.js").then(({ connectGaps }) => connectGaps(form)).catch(() => {});
import("./print.js").then(({ connectPrinting }) => connectPrinting(form)).catch(() => {});
