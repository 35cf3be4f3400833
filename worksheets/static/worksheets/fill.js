// The page on which a pupil fills in a worksheet: connects its form with the word banks (gaps.js)
// and with saving (autosave.js).
import { Autosave, Draft } from "./autosave.js";
import { connectWordBanks } from "./gaps.js";
import { holdWithoutNetwork } from "./network.js";
import { connectEnter, connectProgress } from "./progress.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("worksheet"));
connectWordBanks(form);
connectEnter(form);

const autosave = new Autosave(
  form,
  new Draft(`worksheet-${form.dataset.draftKey}`, Number(form.dataset.sent)),
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
  else autosave.leave();
});
autosave.restore();
connectProgress(form);
