// LTI Platform Storage 1.0 over LTI Client Side postMessages 1.0: the LMS's page keeps our
// browser key between login and launch, where the browser lets no cookie into the frame.
const PATIENCE = 2000; // milliseconds; an LMS that does not answer must not be waited for
const PAUSE = 250; // its page may not have begun to listen: ask again

const page = window.parent;

// One question and its answer. Only `capabilities` is asked of any origin: it says nothing
// that is secret, and in a hosted LMS the page around us has a host that we cannot know.
function ask(target, origin, question) {
  const id = crypto.randomUUID();
  const isAnswer = ({ data, origin: from, source }) =>
    (origin === "*" ? source === target : from === origin) &&
    data?.message_id === id && data.subject === `${question.subject}.response`;
  return new Promise((resolve, reject) => {
    const send = () => target.postMessage({ ...question, message_id: id }, origin);
    const again = setInterval(send, PAUSE);
    const end = setTimeout(() => finish(reject, new Error("no answer")), PATIENCE);
    const hear = (event) => {
      if (!isAnswer(event)) return;
      if (event.data.error) finish(reject, new Error("refused"));
      else finish(resolve, event.data);
    };
    function finish(settle, outcome) {
      clearInterval(again);
      clearTimeout(end);
      removeEventListener("message", hear);
      settle(outcome);
    }
    addEventListener("message", hear);
    try { send(); } catch (problem) { finish(reject, problem); }
  });
}

// Rejects where the LMS, whatever it announced, keeps nothing: in its mobile app, say.
async function openStorage({ frame, origin, name }) {
  const { supported_messages: supported } = await ask(page, "*", { subject: "lti.capabilities" });
  for (const subject of ["lti.put_data", "lti.get_data"]) {
    if (!supported.some((message) => message.subject === subject)) throw new Error(`no ${subject}`);
  }
  const target = frame === "_parent" ? page : page.frames[frame];
  return {
    put: async (value) => {
      const kept = await ask(target, origin, { subject: "lti.put_data", key: name, value });
      if (kept.value !== value) throw new Error("not kept");
    },
    get: async () => (await ask(target, origin, { subject: "lti.get_data", key: name })).value,
  };
}

async function keepKey(place) {
  const { key, authorisation } = place.dataset;
  try {
    await (await openStorage(place.dataset)).put(key);
    // Opened once, and only now: the platform's address does not work a second time.
    location.replace(authorisation);
  } catch {
    place.querySelector("[data-waiting]").hidden = true;
    place.querySelector("[data-otherwise]").hidden = false;
  }
}

async function askForKey(form) {
  const field = form.querySelector("[data-key]");
  try {
    field.value = await (await openStorage(form.dataset)).get() ?? "";
  } finally {
    // Without a key the answer says what to do.
    form.submit();
  }
}

const place = document.getElementById("keep-key");
if (place) keepKey(place);
const form = document.getElementById("ask-for-key");
if (form) askForKey(form);
