// Every page of a visit by Platform Storage loads this before its other scripts, which know nothing
// of it: what they fetch gets the secret, and forms get a pass. Links need none: see resume.js.
import { HEADER, PASS, StorageVisit } from "./storage_visit.js";

const names = /** @type {HTMLElement} */ (document.querySelector("meta[data-next-url]"));
const visit = new StorageVisit(names.dataset);

// Requests of the page wait for this; it may come too late for one that is sent as the page is left.
visit.read().catch(() => {});

// The pass of this page is used up, and must not be in an address that is loaded again. The answer to a
// form keeps it: with another address a browser would ask for that as a page.
const here = new URL(location.href);
if (here.searchParams.has(PASS) && !("posted" in names.dataset)) {
  here.searchParams.delete(PASS);
  history.replaceState(history.state, "", here);
}

const plainFetch = window.fetch;
/**
 * Fetch with the secret of the visit. Once that is known, the request goes at once: a page that is
 * left waits for nothing.
 *
 * @param {RequestInfo | URL} input
 * @param {RequestInit} [init]
 */
function fetchWithSecret(input, init) {
  const address = input instanceof Request ? input.url : input;
  if (!visit.has(address)) return plainFetch(input, init);
  const send = () => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}));
    if (visit.secret) headers.set(HEADER, visit.secret);
    return plainFetch(input, { ...init, headers });
  };
  return visit.secret ? send() : visit.read().then(send);
}
window.fetch = fetchWithSecret;

const MAX_TRIES = 5;
const PAUSE = 2000; // milliseconds until an LMS that did not answer is asked again

/**
 * Let htmx send a request once the secret is known. Without it the request would be refused, and the
 * page be loaded again: where the LMS does not answer for long, there is no request.
 *
 * @param {{ elt: Element, issueRequest: (isConfirmed: boolean) => void }} request
 * @param {number} tries that are left
 */
async function issue(request, tries = MAX_TRIES) {
  try {
    await visit.read();
  } catch {
    const again = () => issue(request, tries - 1);
    if (tries > 1 && request.elt.isConnected) setTimeout(again, PAUSE);
    return;
  }
  request.issueRequest(false); // what htmx has to ask a person, it still asks
}

// htmx uses no fetch. What it asks for as the page loads waits for the secret.
document.addEventListener("htmx:confirm", (event) => {
  if (visit.secret) return;
  event.preventDefault();
  issue(/** @type {CustomEvent} */ (event).detail);
});
document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (visit.secret && visit.has(detail.path)) detail.headers[HEADER] = visit.secret;
});

/** @type {WeakSet<HTMLFormElement>} forms that wait for a pass */
const waiting = new WeakSet();
/** @type {WeakMap<HTMLElement, number>} until when forms, or buttons with an address, may go */
const free = new WeakMap();
const PASS_LIFE = 50000; // milliseconds; the server takes it for a minute

/**
 * Hold a form, and submit it again with a pass in its address. Without one it goes all the same: the
 * answer, or the browser, says why it was not taken.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement | null} submitter
 * @param {HTMLButtonElement | null} button the submitter, if it has an address of its own
 */
async function submitWithPass(form, submitter, button) {
  waiting.add(form);
  try {
    if (button) button.formAction = await visit.withPass(button.formAction);
    else form.action = await visit.withPass(form.action);
  } catch {
    // Not reachable, or over.
  }
  waiting.delete(form);
  free.set(button ?? form, Date.now() + PASS_LIFE);
  if (!form.isConnected) {
    // htmx has replaced this part of the page meanwhile: browsers submit no form that is not in it.
    form.hidden = true;
    document.body.append(form);
  }
  form.requestSubmit(submitter?.form === form ? submitter : null);
}

// On the window, after what the form's own scripts do: they may hold it too, and submit it later.
addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (event.defaultPrevented) return;
  const button = submitter?.hasAttribute("formaction") ? submitter : null;
  const mayGoUntil = free.get(button ?? form) ?? 0;
  free.delete(button ?? form);
  if (Date.now() < mayGoUntil) return;
  const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
  if (method.toLowerCase() !== "post" || !visit.has(button?.formAction ?? form.action)) return;
  event.preventDefault();
  if (!waiting.has(form)) submitWithPass(form, submitter, button);
});
