// Whether there is a network. A browser says that there is none where it sees no connection that it
// knows: with some VPNs and in virtual machines that is wrong for hours. So it is asked of the server.

const TIMEOUT = 5000; // milliseconds for a request

/** @type {WeakSet<HTMLFormElement>} forms that wait for an answer */
const waiting = new WeakSet();
/** @type {WeakSet<HTMLFormElement>} forms that may go: the server answered */
const free = new WeakSet();

/** Return whether the server can be reached, which nobody asks it while the browser thinks so. */
export async function isReachable() {
  if (navigator.onLine) return true;
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    await fetch(import.meta.url, { method: "HEAD", cache: "no-store", signal });
    return true;
  } catch {
    return false;
  }
}

/**
 * Hold a form that is being submitted while the browser sees no network, and submit it again if the
 * server answers; else the page stays, and can say why. Return whether the form is held.
 *
 * @param {SubmitEvent} event
 * @param {() => void} stays is called where the form is not submitted
 */
export function holdWithoutNetwork(event, stays) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (free.delete(form) || navigator.onLine) return false;
  event.preventDefault();
  if (waiting.has(form)) return true; // pressed twice
  waiting.add(form);
  const { submitter } = event;
  (async () => {
    const canSend = await isReachable();
    waiting.delete(form);
    if (canSend) {
      free.add(form);
      form.requestSubmit(submitter);
    } else {
      stays();
    }
  })();
  return true;
}
