"use strict";
// The LMS's side of LTI Client Side postMessages 1.0 and Platform Storage 1.0, in the page around a
// tool as in the frame beside it. What is kept ends with the page, and each tool sees its own.
/** @type {Map<string, string | null>} */
const kept = new Map();
const LIMIT = 4096; // characters that a tool may keep in Canvas, names and values: platform_storage.ts
const frame = "post_message_forwarding";
/** @type {(value: unknown) => value is string} */
const isText = (value) => typeof value === "string";

/**
 * Return how many characters a tool keeps.
 *
 * @param {string} origin
 */
function size(origin) {
  const own = [...kept].filter(([key]) => key.startsWith(`${origin} `));
  return own
    .map(([key, value]) => key.length - origin.length - 1 + (value ?? "").length)
    .reduce((sum, length) => sum + length, 0);
}

/** @type {Record<string, (data: any, event: MessageEvent) => object | null>} replies by subject */
const replies = {
  "lti.capabilities": () => ({
    supported_messages: [
      { subject: "lti.capabilities" },
      { subject: "lti.frameResize" },
      { subject: "lti.put_data", frame },
      { subject: "lti.get_data", frame },
    ],
  }),
  // Nothing as a value removes what is kept.
  "lti.put_data": ({ key, value }, { origin }) => {
    if (!isText(key) || !(isText(value) || value === null)) return null;
    if (!value) {
      kept.delete(`${origin} ${key}`);
      return { key };
    }
    if (size(origin) + key.length + value.length > LIMIT) {
      return { error: { code: "storage_exhaustion", message: "Reached byte limit for tool" } };
    }
    kept.set(`${origin} ${key}`, value);
    return { key, value };
  },
  "lti.get_data": ({ key }, { origin }) =>
    isText(key) ? { key, value: kept.get(`${origin} ${key}`) ?? null } : null,
  "lti.frameResize": ({ height }, { source }) => {
    const frames = [...document.querySelectorAll("iframe")];
    const resized = frames.find((one) => one.contentWindow === source);
    if (!resized || !Number.isInteger(height) || height <= 0) return null;
    const border = resized.offsetHeight - resized.clientHeight;
    resized.style.height = `${height + border}px`;
    return {};
  },
};

addEventListener("message", (event) => {
  const { subject, message_id } = event.data ?? {};
  if (!Object.hasOwn(replies, subject)) return;
  const reply = replies[subject](event.data, event) ?? {
    error: { code: "bad_request", message: `${subject} is not sent like this` },
  };
  // The page that asked may have gone on meanwhile.
  const page = /** @type {Window | null} */ (event.source);
  page?.postMessage({ ...reply, subject: `${subject}.response`, message_id }, event.origin);
});
