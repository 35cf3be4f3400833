// A paper is sent beside its page: what is wrong with it is said there, and the file stays chosen.
import { announce, format } from "./live.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-paper]"));
const field = /** @type {HTMLInputElement | null} */ (form?.elements.namedItem("paper") ?? null);

/** Return what is around the field, with its label and what is wrong with it. */
function place() {
  return /** @type {HTMLElement} */ (field?.closest(".field"));
}

/**
 * Say what is wrong with the file.
 *
 * @param {string} text
 */
function say(text) {
  let line = place().querySelector(".error");
  if (!line) {
    line = document.createElement("p");
    line.className = "error";
    place().append(line);
  }
  line.textContent = text;
  place().classList.add("has-error");
  announce(text);
  field?.focus();
}

/** Say so if the file is larger than any that is read; return whether it is. */
function isTooLarge() {
  const size = field?.files?.[0]?.size ?? 0;
  const most = Number(form?.dataset.maxMegabytes);
  if (size <= most * 1000000) return false;
  const values = { size: Math.ceil(size / 1000000), most };
  say(format(form?.dataset.saysTooLarge ?? "", values));
  return true;
}

/**
 * Send the form, and go where the answer leads or show what it says about the file.
 *
 * @param {HTMLElement | null} submitter
 */
async function send(submitter) {
  if (!form || !field) return;
  const data = new FormData(form, submitter);
  try {
    const reply = await fetch(form.action, { method: "POST", body: data });
    if (reply.redirected) {
      location.assign(reply.url);
      return;
    }
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const errors = [...page.querySelectorAll("form[data-paper] .error, h1")];
    const own = errors.filter((one) => one.matches(".error"));
    say((own.length ? own : errors).map((one) => one.textContent?.trim()).join(" "));
  } catch {
    say(form.dataset.saysNotSent ?? "");
  }
}

form?.addEventListener("submit", async (event) => {
  if (event.defaultPrevented || !field?.files?.length) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  if (!isTooLarge()) await send(event.submitter);
  form.removeAttribute("aria-busy");
  // The page is still there: what is typed from now on is kept as a draft again (drafts.js).
  dispatchEvent(new PageTransitionEvent("pageshow"));
});
field?.addEventListener("change", () => {
  place().classList.remove("has-error");
  place().querySelector(".error")?.remove();
  isTooLarge();
});
