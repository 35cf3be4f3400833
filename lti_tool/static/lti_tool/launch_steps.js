// The steps of a login and a launch with Platform Storage: the key is kept, asked for, and then the
// secret of the visit's pages is kept.
import { openStorage } from "./platform_storage.js";

/**
 * Let the LMS keep a value, and go on to the next address.
 *
 * @param {HTMLElement} box with what to do, and with what is shown if that fails
 */
async function keep(box) {
  const { value = "", next = "" } = box.dataset;
  try {
    await (await openStorage(box.dataset)).put(value);
    // Opened once, and only now: the address does not work a second time.
    location.replace(next);
  } catch {
    box.querySelector("[data-waiting]")?.setAttribute("hidden", "");
    box.querySelector("[data-otherwise]")?.removeAttribute("hidden");
  }
}

/**
 * Post the form with the key that the LMS keeps.
 *
 * @param {HTMLFormElement} form
 */
async function askForKey(form) {
  const field = /** @type {HTMLInputElement} */ (form.querySelector("[data-key]"));
  try {
    const storage = await openStorage(form.dataset);
    field.value = (await storage.get()) ?? "";
    storage.remove();
  } catch {
    // Without a key the answer says what to do.
  }
  form.submit();
}

const box = document.querySelector("[data-keep]");
if (box instanceof HTMLElement) keep(box);
const form = document.getElementById("ask-for-key");
if (form) askForKey(/** @type {HTMLFormElement} */ (form));
