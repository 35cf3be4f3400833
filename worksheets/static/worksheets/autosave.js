// Saves typing as it goes. Only what was changed on this page is sent, so two tabs or
// devices do not overwrite each other's work; what could not be sent stays on the device.
const form = document.getElementById("worksheet");
const url = form.dataset.saveUrl;
const key = `worksheet-${form.dataset.draftKey}`;
const state = form.querySelector("[data-save-state]");
const PAUSE = 700; // milliseconds after the last keystroke
const LONGEST_PAUSE = 15000;

const dirty = new Map(); // field name -> value not yet on the server
const refused = new Map(); // the same, where the server said why: kept on the device
let timer = 0;
let failures = 0;
let sending = null;
let stopped = false;

// Storage can be switched off in a frame; then the page itself is all there is.
const draft = {
  read() { try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; } },
  write() {
    try {
      const kept = { ...Object.fromEntries(refused), ...Object.fromEntries(dirty) };
      if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
      else localStorage.removeItem(key);
    } catch { /* not stored: the next save carries it */ }
  },
};

const fields = () => [...form.elements].filter((e) => e.name && !["hidden", "submit", "button"].includes(e.type) && e.tagName !== "BUTTON" && e.tagName !== "FIELDSET");
// The edition and the attempt on this page: the server takes nothing for another one.
const shown = () => ({ edition: form.elements.edition.value, attempt: form.elements.attempt.value });
const tell = (text, failed = false) => { state.textContent = text; state.classList.toggle("failed", failed); };

function show(name, value) {
  for (const field of fields()) {
    if (field.name !== name) continue;
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.value !== value) field.value = value;
  }
}

// The text of a question and its choice are one answer: both are sent.
function changed(field) {
  const question = field.name.replace(/-choice$/, "");
  for (const name of [question, `${question}-choice`]) {
    const same = fields().filter((f) => f.name === name);
    if (!same.length) continue;
    const chosen = same[0].type === "radio" ? same.find((f) => f.checked)?.value ?? "" : same[0].value;
    dirty.set(name, chosen);
  }
  draft.write();
  schedule(PAUSE);
}

function schedule(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function showFaults(faults, sent) {
  for (const name of sent.keys()) {
    const item = name.replace(/-choice$/, "");
    const field = form.elements[item];
    const place = field?.closest?.(".gap, .question");
    if (!place) continue;
    place.querySelector(".fault")?.remove();
    place.classList.toggle("faulty", item in faults);
    if (item in faults) {
      const words = document.createElement("span");
      words.className = "fault";
      words.setAttribute("role", "alert");
      words.textContent = faults[item];
      place.append(words);
    }
  }
}

async function save() {
  if (stopped || !dirty.size) return true;
  if (sending) { await sending; return save(); }
  const sent = new Map(dirty);
  sending = send(sent);
  const done = await sending;
  sending = null;
  if (dirty.size && !stopped) schedule(done ? PAUSE : Math.min(2000 * 2 ** failures, LONGEST_PAUSE));
  return done;
}

async function send(sent) {
  tell(form.dataset.saysSaving);
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...Object.fromEntries(sent), ...shown() }),
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    failures += 1;
    tell(navigator.onLine ? form.dataset.saysFailed : form.dataset.saysOffline, true);
    return false;
  }
  const body = await answer.json().catch(() => null);
  if (answer.status === 409 && body) {
    // Closed, submitted elsewhere, or another edition: a person must look.
    stopped = true;
    tell(body.error, true);
    return false;
  }
  if (!answer.ok || !body) {
    failures += 1;
    tell(form.dataset.saysFailed, true);
    return false;
  }
  failures = 0;
  for (const [name, value] of sent) {
    if (name.replace(/-choice$/, "") in body.faults) refused.set(name, value);
    else refused.delete(name);
    if (dirty.get(name) === value) dirty.delete(name);
  }
  form.elements.seen.value = body.seen;
  draft.write();
  showFaults(body.faults, sent);
  tell(Object.keys(body.faults).length ? Object.values(body.faults)[0] : form.dataset.saysSaved, Object.keys(body.faults).length > 0);
  return true;
}

form.addEventListener("input", (event) => { if (event.target.name) changed(event.target); });

// On another device the pupil may have gone on: take that over when this page comes back.
async function refresh() {
  if (dirty.size || stopped) return;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const body = await answer.json();
    if (body.submitted || String(body.attempt) !== form.elements.attempt.value) { location.reload(); return; }
    if (dirty.size || body.seen === form.elements.seen.value) return;
    for (const [name, value] of Object.entries(body.fields)) show(name, value);
    form.elements.seen.value = body.seen;
    form.dispatchEvent(new Event("worksheet:restored"));
  } catch { /* offline: the page stays as it is */ }
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refresh();
  else flush();
});
addEventListener("online", () => schedule(0));
addEventListener("offline", () => tell(form.dataset.saysOffline, true));

// Leaving: what is not sent goes with the page's last request.
function flush() {
  if (!dirty.size || stopped) return;
  const body = JSON.stringify({ ...Object.fromEntries(dirty), ...shown() });
  fetch(url, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body }).catch(() => {});
}
addEventListener("pagehide", flush);
addEventListener("beforeunload", (event) => { if (failures && dirty.size && !stopped) event.preventDefault(); });

// 'Check and submit' sends what this page changed, not its older view of the rest.
form.addEventListener("formdata", (event) => {
  if (stopped) return; // the server answers with everything that stands on this page
  for (const field of fields()) {
    if (!dirty.has(field.name) && !form.querySelector(".faulty")) event.formData.delete(field.name);
  }
});
form.addEventListener("submit", () => { clearTimeout(timer); failures = 0; });

// Work of an earlier visit that never reached the server.
const found = Object.entries(draft.read());
if (found.length) {
  for (const [name, value] of found) { show(name, value); dirty.set(name, value); }
  form.dispatchEvent(new Event("worksheet:restored"));
  tell(form.dataset.saysRestored);
  schedule(0);
}
