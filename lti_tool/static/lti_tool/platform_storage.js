// LTI Platform Storage 1.0 over LTI Client Side postMessages 1.0: the LMS's page keeps our browser
// key between login and launch, and then the secret of the visit's pages, where the browser lets no
// cookie into the frame. Nothing here listens to a page: launch_steps.js, storage_page.js and
// resume.js do.
const MAX_WAIT = 2000; // milliseconds; an LMS that does not answer must not be waited for
const PAUSE = 250; // milliseconds; its page may not have begun to listen: ask again

const page = window.parent;

/**
 * Return the reply to a message, as the event that brought it. Raise if there is none, or if it says that something is wrong.
 *
 * Only `capabilities` is asked of any origin: it says nothing that is secret, and in a hosted
 * LMS the page around us has a host that we cannot know.
 *
 * @param {Window} target
 * @param {string} origin
 * @param {{ subject: string, key?: string, value?: string }} message
 * @returns {Promise<MessageEvent>}
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
      else finish(resolve, event);
    };
    /**
     * @param {(outcome: any) => void} settle
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
 * Return the frame of that name beside ours, or null: Canvas's editor shows tools without one.
 *
 * @param {string} frame
 * @returns {Window | null}
 */
function frameBeside(frame) {
  try {
    const frames = /** @type {Record<string, Window>} */ (/** @type {unknown} */ (page.frames));
    return frames[frame] ?? null;
  } catch {
    return null; // a page of another origin does not say what it has not
  }
}

/**
 * Return the place where the LMS keeps things, as a page of the tool names it. Raise if the LMS,
 * whatever it announced, keeps nothing: in its mobile app, say.
 *
 * Without the frame, the page around us keeps them, if it is at an origin of this platform. Canvas
 * takes such messages for any origin, but the key is for no other page.
 *
 * @param {DOMStringMap} names
 */
export async function openStorage({ frame = "", origin: services = "", pages = "", name = "" }) {
  const { data, origin: around } = await ask(page, "*", { subject: "lti.capabilities" });
  const supported = data.supported_messages;
  for (const subject of ["lti.put_data", "lti.get_data"]) {
    /** @param {{ subject: string }} message */
    const isIt = (message) => message.subject === subject;
    if (!supported.some(isIt)) throw new Error(`no ${subject}`);
  }
  const beside = frame === "_parent" ? page : frameBeside(frame);
  if (!beside && !pages.split(" ").includes(around)) throw new Error("no frame");
  const target = beside ?? page;
  const origin = beside ? services : around;
  return {
    /** @param {string} value */
    put: async (value) => {
      const kept = await ask(target, origin, { subject: "lti.put_data", key: name, value });
      if (kept.data.value !== value) throw new Error("not kept");
    },
    /** @returns {Promise<string | null>} */
    get: async () => {
      const { data: kept } = await ask(target, origin, { subject: "lti.get_data", key: name });
      return kept.value;
    },
    /** Have what is kept removed: Canvas keeps 4,096 characters of a tool. */
    remove: () => {
      const removal = { subject: "lti.put_data", key: name, value: null };
      target.postMessage({ ...removal, message_id: crypto.randomUUID() }, origin);
    },
  };
}
