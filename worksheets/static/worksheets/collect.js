// 'Collect this': the form is sent without leaving the page, and says what came of it.
import { announce } from "./live.js";

/** What was pressed and is on its way: another press is not sent beside it. @type {Set<Element>} */
const underWay = new Set();

/**
 * Send a form, and return what is to be said.
 *
 * @param {HTMLFormElement} form
 * @param {Element | null} pressed
 * @returns {Promise<{ said: string, isDone: boolean }>}
 */
export async function send(form, pressed) {
  const words = /** @type {HTMLElement | null} */ (form.closest("[data-says-lost]"));
  const failed = { said: words?.dataset.saysLost ?? "", isDone: false };
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  if (pressed instanceof HTMLButtonElement && pressed.name)
    body.append(pressed.name, pressed.value);
  try {
    const headers = { Accept: "application/json" };
    const isElsewhere = pressed instanceof HTMLButtonElement && pressed.hasAttribute("formaction");
    const address = isElsewhere ? pressed.formAction : form.action;
    const answer = await fetch(address, { method: "POST", headers, body });
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("application/json");
    if (!isJson) return failed;
    const { said } = await answer.json();
    return { said: String(said ?? ""), isDone: answer.ok };
  } catch {
    return failed;
  }
}

/**
 * Say what came of it, beside what was pressed.
 *
 * @param {HTMLFormElement} form
 * @param {Element | null} pressed
 * @param {{ said: string, isDone: boolean }} outcome
 */
function show(form, pressed, { said, isDone }) {
  const part = (pressed === form ? null : pressed?.parentElement) ?? form;
  const place =
    form.querySelector("[data-collected]") ??
    part.querySelector("[data-collected]") ??
    part.appendChild(document.createElement("span"));
  place.setAttribute("data-collected", "");
  place.textContent = said;
  announce(said);
  const text = form.querySelector("[data-emptied]");
  if (isDone && text instanceof HTMLTextAreaElement) text.value = "";
}

/** @param {Element} pressed */
const collects = (pressed) => pressed instanceof HTMLButtonElement && pressed.name === "collect";

/** @param {SubmitEvent} event */
async function onSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const pressed = event.submitter ?? form;
  // A press may stand in a form of another purpose, with an address of its own.
  if (!form.matches("[data-collect]") && !collects(pressed)) return;
  event.preventDefault();
  if (underWay.has(pressed)) return;
  underWay.add(pressed);
  show(form, pressed, await send(form, pressed));
  underWay.delete(pressed);
}

document.addEventListener("submit", onSubmit);
