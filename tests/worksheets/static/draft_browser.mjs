// A browser and a server of teachers' drafts, for the real drafts.js in Node: as much of both as the
// script asks for, in a time of our own. The server keeps drafts as DraftView does in
// worksheets/views/drafts.py, and saves a form as AttemptView and MarkForm do;
// test_draft_lives.py asks these the same.
//
// The script is the first argument of the program.
import { pathToFileURL } from "node:url";

/** @type {import("./world.mjs").World} */
export let world;

/**
 * Let the pages and devices that are made from now on live there.
 *
 * @param {import("./world.mjs").World} next
 */
export function enter(next) {
  world = next;
}

class HTMLFormElement {}
class HTMLInputElement {}
class HTMLSelectElement {}
class PerformanceNavigationTiming {
  constructor(type) {
    this.type = type;
  }
}
Object.assign(globalThis, { HTMLFormElement, HTMLInputElement, HTMLSelectElement });
Object.assign(globalThis, { PerformanceNavigationTiming });

/** The parts of an element that the script fills and asks. */
class Box {
  children = [];
  #text = "";
  listeners = {};
  classes = new Set();
  classList = {
    add: (name) => this.classes.add(name),
    remove: (name) => this.classes.delete(name),
    contains: (name) => this.classes.has(name),
  };
  get textContent() {
    return this.#text + this.children.map((child) => child.textContent).join("");
  }
  set textContent(text) {
    this.children = [];
    this.#text = text;
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.#text = "";
    this.children = children;
  }
  hasChildNodes() {
    return this.children.length > 0 || this.#text !== "";
  }
  addEventListener(type, act) {
    this.listeners[type] = act;
  }
  /** Return the button of this name inside it. */
  button(name) {
    const inside = this.children.map((child) => child.button(name));
    return this.listeners.click && this.textContent === name ? this : inside.find(Boolean);
  }
}

const storageOf = (which) => ({
  getItem: (key) => world.page[which].get(key) ?? null,
  setItem(key, value) {
    world.page[which].set(key, value);
    if (which === "storage") world.page.device.tellOthers(key, value);
  },
  removeItem: (key) => world.page[which].delete(key),
});
globalThis.document = {
  documentElement: { lang: "en" },
  getElementById: () => null,
  querySelectorAll: () => [],
  createElement: () => new Box(),
  addEventListener: (type, act) => world.page.listen(type, act),
  get visibilityState() {
    return world.page.isHidden ? "hidden" : "visible";
  },
};
globalThis.addEventListener = (type, act) => world.page.listen(type, act);
globalThis.CSS = { escape: (text) => text };
globalThis.location = { href: "/page", reload: () => world.page.device.reload() };
globalThis.localStorage = storageOf("storage");
globalThis.sessionStorage = storageOf("session");
globalThis.performance = {
  getEntriesByType: () => [new PerformanceNavigationTiming(world.page.visit)],
};
globalThis.DOMParser = class {
  parseFromString(text) {
    return { querySelector: () => (text ? makeForm(JSON.parse(text)) : null) };
  }
};
Object.defineProperty(globalThis, "navigator", {
  value: {
    get onLine() {
      return world.page.device.isOnline;
    },
  },
  configurable: true,
});
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length ? parts : [world.now]));
  }
  toLocaleString() {
    return "then";
  }
  static now = () => Math.floor(world.now);
};
Math.random = () => world.random();
globalThis.setTimeout = (run, pause) => world.at(world.now + Math.max(pause, 0), run, world.page);
globalThis.clearTimeout = (number) => world.forget(number);
AbortSignal.timeout = (milliseconds) => ({ milliseconds });
globalThis.fetch = (url, options = {}) => world.send(world.page, url, options);

const { connect } = await import(pathToFileURL(process.argv[2]));

export const FIELDS = ["q1-comment", "q2-comment", "q3-comment", "q4-comment"];

/** Return whether versions go on from what was typed in each field. */
function isKnown({ fields, versions }, known) {
  return Object.keys(fields).every((name) => {
    const version = Object.entries(versions[name] ?? {});
    return version.length && version.every(([window, count]) => known[name]?.[window] >= count);
  });
}

/** What is saved, and the draft of it. */
export class Server {
  saved = Object.fromEntries(FIELDS.map((name) => [name, ""]));
  draft = null;
  isAway = false;
  #count = 0;

  get base() {
    return JSON.stringify(Object.values(this.saved));
  }

  reply(method, url, body) {
    if (this.isAway) return { status: 503, body: {} };
    if (method === "GET") return { status: 200, body: this.show() };
    return this.#record("draft", body, this.#keep(body));
  }

  #time() {
    this.#count += 1;
    return new Date(world.now).toISOString().replace("Z", `${1000 + (this.#count % 9000)}`);
  }

  /** Return what the form's page is made of. */
  show() {
    const made = { base: this.base, at: this.draft?.at ?? "", shown: { ...this.saved } };
    made.draft = this.#told();
    return this.#record("page", null, structuredClone(made));
  }

  #told() {
    if (!this.draft) return null;
    const { base, fields, sums, at, beside, versions } = this.draft;
    const shown = { base, fields, sums, at, versions };
    if (beside) {
      const { window: _, ...rest } = beside;
      shown.beside = rest;
    }
    return structuredClone(shown);
  }

  #keep(body) {
    const sent = { versions: {}, ...body };
    const now = this.#time();
    const of = (sums) =>
      Object.fromEntries(Object.entries(sums).filter(([name]) => name in sent.fields));
    const { draft } = this;
    const isOwn = draft !== null && draft.window === sent.window;
    if (draft && isOwn && sent.sent < draft.sent) return { status: 200, body: { at: draft.at } };
    if (draft && !isOwn && sent.after !== draft.at) {
      if (sent.last && Object.keys(sent.fields).length && !isKnown(sent, draft.versions)) {
        const { base, fields, window, versions } = sent;
        draft.beside = { base, fields, window, at: now, sums: of(sent.sums), versions };
      }
      return { status: 409, body: this.#told() };
    }
    if (draft?.beside) {
      const isAnswered = sent.answered === draft.beside.at;
      if (isAnswered || isKnown(draft.beside, sent.versions)) draft.beside = null;
    }
    if (!Object.keys(sent.fields).length && (draft?.beside || !Object.keys(sent.versions).length)) {
      this.#drop();
      return { status: 200, body: { at: this.draft?.at ?? "" } };
    }
    const { base, fields, versions } = sent;
    const values = { base, fields, sums: of(sent.shown), versions, at: now };
    const beside = draft?.beside ?? null;
    this.draft = { ...values, window: sent.window, sent: sent.sent, beside };
    return { status: 200, body: { at: now } };
  }

  /** Save the form; the draft that it goes on from goes. Return what the next page is made of. */
  save(posted) {
    const { base, at, values, seen } = posted;
    const changed = FIELDS.filter((name) => values[name] !== seen[name]);
    const isOther = (name) => ![seen[name], values[name]].includes(this.saved[name]);
    if (posted.isWrong || changed.some(isOther)) {
      // As marks that are too high, or saved elsewhere meanwhile: the page shows what was typed.
      const typed = changed.map((name) => [name, values[name]]);
      const shown = { ...this.saved, ...Object.fromEntries(typed) };
      const made = { base, at, shown, seen: this.saved, isBound: true, draft: this.#told() };
      made.others = changed.filter(isOther);
      return this.#record("wrong", posted, structuredClone(made));
    }
    for (const name of changed) this.saved[name] = values[name];
    if (posted.at && this.draft && this.draft.at <= posted.at) this.#drop();
    this.#record("save", posted, null);
    return this.show();
  }

  #drop() {
    if (!this.draft) return;
    const { versions, beside } = this.draft;
    if (beside) {
      const both = { ...versions, ...beside.versions };
      this.draft = { ...beside, versions: both, at: this.#time(), sent: 0, beside: null };
    } else if (Object.keys(versions).length) {
      // What was on its way meanwhile goes on from another draft.
      for (const name of Object.keys(this.draft.fields)) {
        versions[name] = { ...versions[name], "~": (versions[name]?.["~"] ?? 0) + 1 };
      }
      const at = this.#time();
      Object.assign(this.draft, { fields: {}, sums: {}, at, window: "", sent: 0 });
    } else this.draft = null;
  }

  #record(kind, request, reply) {
    world.records?.push(structuredClone({ kind, request, reply }));
    return reply;
  }
}

/** Return 'Restored' for saysRestored, and nothing for what is not there. */
function words(name) {
  return name.startsWith("says") ? name.slice("says".length) : undefined;
}

/** As much of a page's form as the script asks for. */
function makeForm({ base, at, shown, draft, isBound }) {
  const form = new HTMLFormElement();
  const says = { notice: new Box(), warning: new Box(), state: new Box() };
  const atField = Object.assign(new HTMLInputElement(), { type: "hidden", value: at });
  const dataset = {
    draftUrl: "/drafts/mark/1/",
    draftKey: "1-mark-1",
    draftBase: base,
    draftAt: at,
  };
  dataset.draftSaved = draft ? JSON.stringify(draft) : "";
  dataset.draftJoins = "";
  if (isBound) dataset.draftBound = "";
  const parts = { "[data-draft-at-field]": atField };
  for (const [name, box] of Object.entries(says)) parts[`[data-draft-${name}]`] = box;
  const listeners = {};
  return Object.assign(form, {
    ...says,
    atField,
    dataset: new Proxy(dataset, { get: (known, name) => known[name] ?? words(name) }),
    elements: FIELDS.map((name) => {
      const value = shown[name];
      return {
        name,
        type: "textarea",
        tagName: "TEXTAREA",
        dataset: {},
        value,
        defaultValue: value,
      };
    }),
    querySelector: (selector) => parts[selector] ?? null,
    addEventListener: (type, act) => (listeners[type] = act),
    dispatchEvent: () => true,
    fire: (type, event) => listeners[type]?.(event),
    requestSubmit: () => world.page.submit(),
    values: () => Object.fromEntries(form.elements.map(({ name, value }) => [name, value])),
  });
}

/** An opened page. */
export class Page {
  isClosed = false;
  isHidden = false;
  isWrong = false; // whether what is posted will be refused
  #listeners = {};

  constructor(device, made, session, visit) {
    Object.assign(this, { device, session, visit, name: device.name, storage: device.storage });
    this.isBound = Boolean(made.isBound);
    this.others = made.others ?? [];
    this.seen = made.seen ?? made.shown;
    this.form = makeForm(made);
  }

  get isOnline() {
    return this.device.isOnline;
  }

  listen(type, act) {
    (this.#listeners[type] ??= []).push(act);
  }

  fire(type, event = {}) {
    return world.on(this, () => {
      for (const act of this.#listeners[type] ?? []) act({ preventDefault() {}, ...event });
    });
  }

  show(isHidden) {
    this.isHidden = isHidden;
    return this.fire("visibilitychange");
  }

  /** Submit the form unless the script holds it. */
  submit() {
    let isHeld = false;
    const event = { target: this.form, submitter: null, preventDefault: () => (isHeld = true) };
    this.form.fire("submit", event);
    if (isHeld || this.device.isLoading) return;
    const { dataset, atField } = this.form;
    const { isWrong, seen } = this;
    const posted = { base: dataset.draftBase, at: atField.value, values: this.form.values(), seen };
    this.device.navigate("navigate", { ...posted, isWrong });
  }
}

/** A browser. */
export class Device {
  storage = new Map();
  /** @type {Device[]} */
  others = [];
  isOnline = true;
  isLoading = false;
  /** @type {boolean | undefined} whether it does so when a page is loaded again; drawn if missing */
  putsBack;
  /** @type {Page | null} */
  page = null;

  constructor(name) {
    this.name = name;
  }

  /** Let another window of this browser share what is kept, and hear of it. */
  share(other) {
    other.storage = this.storage;
    this.others.push(other);
    other.others.push(this);
  }

  /** Tell other windows of this browser what this one keeps. */
  tellOthers(key, newValue) {
    for (const { page } of this.others) {
      if (page) world.at(world.now, () => page.fire("storage", { key, newValue }), null);
    }
  }

  reload() {
    this.navigate("reload");
  }

  /** Go to the page: the one that is there is left once the next one comes. */
  navigate(visit, posted = null) {
    if (this.isLoading) return;
    this.isLoading = true;
    world.tell(`${this.name} loads${posted ? ` by posting ${JSON.stringify(posted)}` : ""}`);
    const left = this.page;
    if (left) world.at(world.now, () => left.fire("beforeunload"), null);
    const fail = () => this.#leave(left, null);
    const there = world.quick();
    if (!this.isOnline || world.random() < 0.03) {
      world.at(world.now + there, fail, null);
      return;
    }
    const arrive = () => {
      world.now += 0.001;
      if (world.server.isAway) {
        fail();
        return;
      }
      const made = posted ? world.server.save(posted) : world.server.show();
      const isLost = !this.isOnline || world.random() < 0.03;
      const next = () => new Page(this, made, left?.session ?? new Map(), visit);
      world.at(world.now + world.quick(), () => this.#leave(left, isLost ? null : next), null);
    };
    world.at(world.now + there, arrive, null);
  }

  async #leave(left, next) {
    if (left) await this.#unload(left);
    this.isLoading = false;
    if (!next) {
      world.tell(`${this.name} shows an error`);
      return;
    }
    this.page = next();
    const { page } = this;
    world.read?.(page);
    // A browser that loads a page again puts back what somebody has changed.
    if (left && page.visit === "reload" && (this.putsBack ?? world.random() < 0.5)) {
      for (const [n, field] of left.form.elements.entries()) {
        if (field.value !== field.defaultValue) page.form.elements[n].value = field.value;
      }
    }
    await world.on(page, () => connect(page.form));
    await page.fire("pageshow", { persisted: false });
    world.tell(
      `${this.name} shows ${Object.values(page.form.values())} ${page.form.notice.textContent}`,
    );
  }

  async #unload(left) {
    await left.fire("pagehide");
    left.isClosed = true;
    if (this.page === left) this.page = null;
  }

  async close() {
    if (!this.page) return;
    world.tell(`${this.name} closes`);
    await this.page.fire("beforeunload");
    if (world.random() < 0.3) await world.pass(world.random() * 2000);
    if (this.page && !this.isLoading) await this.#unload(this.page);
  }
}
