// LTI Platform Storage 1.0 over LTI Client Side postMessages 1.0: the LMS's page keeps our
// browser key between login and launch, where the browser lets no cookie into the frame.
const MAX_WAIT = 2000; // milliseconds; an LMS that does not answer must not be waited for
const PAUSE = 250; // milliseconds; its page may not have begun to listen: ask again

const page = window.parent;

/**
 * Return the reply to a message. Raise if there is none, or if it says that something is wrong.
 *
 * Only `capabilities` is asked of any origin: it says nothing that is secret, and in a hosted
 * LMS the page around us has a host that we cannot know.
 *
 * @param {Window} target
 * @param {string} origin
 * @param {{ subject: string, key?: string, value?: string }} message
 * @returns {Promise<any>}
 */
function ask(target, origin, message) {
  const id = crypto.randomUUID();
  /** @param {MessageEvent} event */
  const isReply = ({ data, origin: from, source }) =>
    (origin === "*" ? source === target : from === origin) &&
    data?.message_id === id &&
    data.subject === `${message.subject}.response`;
  const send = () => target.postMessage({ ...message, message_id: id }, origin);
  return new Promise((resolve, reject) => {
    const again = setInterval(send, PAUSE);
    const end = setTimeout(() => finish(reject, new Error("no answer")), MAX_WAIT);
    /** @param {MessageEvent} event */
    const hear = (event) => {
      if (!isReply(event)) return;
      if (event.data.error) finish(reject, new Error("refused"));
      else finish(resolve, event.data);
    };
    /**
     * @param {(outcome: unknown) => void} settle
     * @param {unknown} outcome
     */
    function finish(settle, outcome) {
      clearInterval(again);
      clearTimeout(end);
      removeEventListener("message", hear);
      settle(outcome);
    }
    addEventListener("message", hear);
    try {
      send();
    } catch (error) {
      finish(reject, error);
    }
  });
}

/**
 * Return the place where the LMS keeps things, as a page of the tool names it. Raise if the LMS,
 * whatever it announced, keeps nothing: in its mobile app, say.
 *
 * @param {DOMStringMap} names
 */
async function openStorage({ frame = "", origin = "", name = "" }) {
  const { supported_messages: supported } = await ask(page, "*", { subject: "lti.capabilities" });
  for (const subject of ["lti.put_data", "lti.get_data"]) {
    /** @param {{ subject: string }} message */
    const isIt = (message) => message.subject === subject;
    if (!supported.some(isIt)) throw new Error(`no ${subject}`);
  }
  const frames = /** @type {Record<string, Window>} */ (/** @type {unknown} */ (page.frames));
  const target = frame === "_parent" ? page : frames[frame];
  return {
    /** @param {string} value */
    put: async (value) => {
      const kept = await ask(target, origin, { subject: "lti.put_data", key: name, value });
      if (kept.value !== value) throw new Error("not kept");
    },
    /** @returns {Promise<string | null>} */
    get: async () => (await ask(target, origin, { subject: "lti.get_data", key: name })).value,
  };
}

/**
 * Let the LMS keep the key, and go on to the platform's authorisation.
 *
 * @param {HTMLElement} box with what to do, and with what is shown if that fails
 */
async function keepKey(box) {
  const { key = "", authorisation = "" } = box.dataset;
  try {
    await (await openStorage(box.dataset)).put(key);
    // Opened once, and only now: the platform's address does not work a second time.
    location.replace(authorisation);
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
    field.value = (await (await openStorage(form.dataset)).get()) ?? "";
  } finally {
    // Without a key the answer says what to do.
    form.submit();
  }
}

const box = document.getElementById("keep-key");
if (box) keepKey(box);
const form = document.getElementById("ask-for-key");
if (form) askForKey(/** @type {HTMLFormElement} */ (form));
