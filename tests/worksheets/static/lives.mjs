// Lives of a pupil with two devices, in a time of our own: types, leaves, comes back, while requests
// are late, lost, answered in vain, and the server is away, or restored from a backup. What was typed
// last has to stand on each page that is opened later, and on the server in the end. After a restore
// that holds for the device that knows of it: what it was told is saved stands there again, what it
// could not send is offered, and where something was written elsewhere since, so is the former.
//
//     node lives.mjs AUTOSAVE FIRST_SEED LIVES [SEED_TO_TELL]
//
// All that happens follows from the seed. The server here keeps answers as write_answers does in
// worksheets/attempts/answers.py.
import { pathToFileURL } from "node:url";

import { World } from "./world.mjs";

const [, , script, firstSeed, lives, told] = process.argv;

/** @type {World} */
let world;

globalThis.document = {
  getElementById: () => null,
  querySelector: () => null,
  createElement: () => {
    const element = {
      children: [],
      dataset: {},
      append: (...added) => element.children.push(...added),
      addEventListener: (_kind, run) => (element.press = run),
      remove() {},
    };
    return element;
  },
};
globalThis.CSS = { escape: (text) => text };
globalThis.HTMLInputElement = class {};
globalThis.location = { reload() {} };
const methods = {
  getItem: (key) => world.page.storage.get(key) ?? null,
  setItem: (key, value) => world.page.storage.set(key, value),
  removeItem: (key) => world.page.storage.delete(key),
};
globalThis.localStorage = new Proxy(methods, {
  ownKeys: () => [...world.page.storage.keys()],
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
});
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
Date.now = () => world.now;
Math.random = () => world.random();
globalThis.setTimeout = (run, pause) => world.at(world.now + Math.max(pause, 0), run, world.page);
globalThis.clearTimeout = (number) => world.forget(number);
AbortSignal.timeout = (milliseconds) => ({ milliseconds });
globalThis.fetch = (url, options = {}) => world.send(world.page, url, options);

const { Autosave, Draft } = await import(pathToFileURL(script));

/** The answers, as the server keeps them. */
class Server {
  answers = {};
  savedAt = 0;
  isAway = false;
  visit = 1; // of pages that were made since the last restore
  #backup = null;

  backUp() {
    this.#backup = structuredClone({ answers: this.answers, savedAt: this.savedAt });
  }

  /** Go back to the backup: pages that were made before have closed. */
  restore() {
    Object.assign(this, structuredClone(this.#backup));
    this.visit++;
  }

  reply(method, url, fields, now) {
    if (this.isAway) return { status: 503, body: { error: "away" } };
    if (!url.startsWith(`/${this.visit}/`)) {
      return { status: 403, body: { error: "closed", ended: true, saved: false } };
    }
    return { status: 200, body: method === "POST" ? this.#save(fields, now) : this.#tell(url) };
  }

  #tell(url) {
    const device = url.split("device=")[1];
    const each = (part) =>
      Object.fromEntries(Object.entries(this.answers).map(([item, one]) => [item, part(one)]));
    return {
      fields: each((one) => one.text),
      seen: `${this.savedAt}`,
      state: "open",
      received: each((one) => one.received[device] ?? 0),
      written: each((one) => `${one.savedAt}`),
    };
  }

  #save({ device, sent, seen, ...fields }, now) {
    let late = 0;
    for (const [item, text] of Object.entries(fields)) {
      if (!item.startsWith("q")) continue;
      const isNew = !(item in this.answers);
      const one = this.answers[item] ?? { text: "", device: "", received: {}, savedAt: 0 };
      const isSame = one.text === text && !(isNew && text);
      const newest = one.received[device] ?? 0;
      const isUnseen = !isNew && one.device !== device && one.savedAt > Number(seen || -1);
      const count = newest > Number(sent) ? newest : isUnseen ? Number(sent) : 0;
      if (count && !isSame) {
        late = Math.max(late, count);
        continue;
      }
      if (newest > Number(sent)) continue;
      if (!isSame) this.savedAt = one.savedAt = now;
      this.answers[item] = one;
      one.text = text;
      one.device = device;
      one.received[device] = Number(sent);
    }
    return { errors: {}, late, kept: {}, seen: `${this.savedAt}` };
  }
}

/** Return 'Saved' for saysSaved, and nothing for what is not there. */
function words(name) {
  return name.startsWith("says") ? name.slice("says".length) : undefined;
}

const ITEMS = ["q1", "q2", "q3"];

/** As much of a page's form as the script asks for. */
function makeForm({ answers, savedAt, visit }) {
  const status = {
    textContent: "Not saved by itself.",
    classList: { toggle: (_name, on) => (status.failed = on), contains: () => status.failed },
  };
  const items = ITEMS.map((key) => {
    const field = { name: key, type: "textarea", value: answers[key]?.text ?? "" };
    const item = {
      dataset: { item: key },
      offers: [],
      field,
      closest: () => item,
      querySelector: () => null,
      querySelectorAll: (selector) =>
        selector.startsWith("input") ? [field] : item.offers.splice(0),
      append: (box) => item.offers.push(box),
      classList: { toggle() {} },
    };
    field.closest = item.closest;
    field.toggleAttribute = (_name, on) => (form.isEnded ||= on);
    return item;
  });
  const hidden = { edition: { value: "1" }, attempt: { value: "1" } };
  hidden.seen = { value: savedAt ? `${savedAt}` : "" };
  const form = {
    items,
    status,
    isEnded: false,
    action: `/${visit}/answers/`,
    // What the page says, each in its own word.
    dataset: new Proxy({ state: "open" }, { get: (known, name) => known[name] ?? words(name) }),
    elements: { namedItem: (name) => hidden[name] },
    dispatchEvent() {},
    querySelector: (selector) => (selector === "[data-save-state]" ? status : null),
    querySelectorAll: (selector) =>
      selector === "[data-item]" ? items : items.map((item) => item.field),
  };
  return form;
}

/** Return whether a page offers a text at an item. */
function offers(page, key, text) {
  const boxes = page?.form.items[ITEMS.indexOf(key)].offers ?? [];
  return boxes.some((box) => box.textContent.includes(text));
}

class Pupil {
  typed = {};
  typedAt = {}; // the device, by item
  faults = [];
  // `unsaved` are items of which the newest may be on that device alone: perhaps `lost` by a restore,
  // which the device then `shows` by itself if it was told that they were saved. `former` answers are
  // such ones in whose place something else was written at the other device since.
  devices = ["device 1", "device 2"].map((name) => ({
    name,
    storage: new Map(),
    page: null,
    unsaved: new Set(),
    lost: new Set(),
    shows: new Map(),
    former: new Map(),
  }));
  device = this.devices[0];
  #restoredAt = 0;
  #signs = 0x4e00;

  async live() {
    await this.#open();
    world.at(world.now + 5000, () => world.disturb(), null);
    if (world.random() < 0.6) this.#plan();
    for (let step = 0; step < 40 && !this.faults.length; step++) {
      if (this.device.page.form.isEnded) await this.#reload();
      const kind = world.random();
      if (kind < 0.6) await this.#type();
      else if (kind < 0.7) await this.#disconnect();
      else if (kind < 0.82) await this.#reload();
      else await this.#changeDevice();
    }
    if (!this.faults.length) await this.#finish();
  }

  get #other() {
    return this.devices.find((one) => one !== this.device);
  }

  /** Let there be a backup, and a restore from it later. */
  #plan() {
    const { server } = world;
    const made = world.now + world.random() * 60_000;
    const used = made + 1000 + world.random() * 60_000;
    const back = used + 2000 + world.random() * 10_000;
    this.#restoredAt = back;
    world.at(made, () => server.backUp(), null);
    world.at(used, () => (server.isAway = true), null);
    world.at(back, () => this.#restore(), null);
  }

  #restore() {
    const { server } = world;
    for (const device of this.devices) device.shows = new Map();
    for (const [key, text] of Object.entries(this.typed)) {
      const device = this.typedAt[key];
      const { page } = device;
      const isToldOf = page?.typed.has(key) && page.form.status.textContent === "Saved";
      if (isToldOf && page.visit === server.visit) device.shows.set(key, text);
    }
    server.restore();
    server.isAway = false;
    for (const [key, text] of Object.entries(this.typed)) {
      if (server.answers[key]?.text === text) continue;
      this.typedAt[key].unsaved.add(key);
      this.typedAt[key].lost.add(key);
    }
    world.tell(`restored: ${ITEMS.map((key) => server.answers[key]?.text)}`);
  }

  async #open() {
    const { server } = world;
    await world.pass(100 + world.random() * 1500);
    while (server.isAway) await world.pass(500);
    const { answers, savedAt, visit } = server;
    const made = structuredClone({ answers, savedAt, visit });
    await world.pass(50 + world.random() * (world.random() < 0.2 ? 3000 : 200));
    const { name, storage } = this.device;
    const opened = { name, storage, isOnline: true, isClosed: false, form: makeForm(made) };
    opened.typed = new Set();
    opened.visit = visit;
    this.device.page = opened;
    await world.on(opened, () => {
      opened.autosave = new Autosave(opened.form, new Draft("worksheet-1", 0, "pupil-1"));
      opened.autosave.restore();
    });
    world.tell(`${name} opened: ${opened.form.items.map((item) => item.field.value)}`);
  }

  async #close() {
    const closed = this.device.page;
    world.tell(`${closed.name} closes`);
    await world.on(closed, () => closed.autosave.leave());
    if (world.random() < 0.3) await world.pass(world.random() * 2000);
    await world.on(closed, () => closed.autosave.flush());
    closed.isClosed = true;
    this.device.page = null;
  }

  /**
   * Type into an item of which this device shows the newest, or now and then into one of which a
   * restore has taken that. Each sign is typed once in a life.
   */
  async #type() {
    const { unsaved, lost, former } = this.#other;
    const isFree = (item) => !unsaved.has(item) || (lost.has(item) && world.random() < 0.2);
    const free = ITEMS.filter(isFree);
    const { page: shown } = this.device;
    if (!free.length || shown.form.isEnded) return;
    const key = free[Math.floor(world.random() * free.length)];
    if (unsaved.delete(key)) former.set(key, this.typed[key]);
    for (const device of this.devices) {
      device.lost.delete(key);
      device.shows.delete(key);
    }
    const { field } = shown.form.items[ITEMS.indexOf(key)];
    this.device.unsaved.add(key);
    shown.typed.add(key);
    for (let n = Math.floor(world.random() * 5); n >= 0 && !shown.form.isEnded; n--) {
      const kept = world.random() < 0.25 ? field.value.slice(0, -1) : field.value;
      field.value = (kept.length > 6 ? "" : kept) + String.fromCharCode(this.#signs++);
      this.typed[key] = field.value;
      this.typedAt[key] = this.device;
      await world.on(shown, () => shown.autosave.change(field));
      await world.pass(10 + world.random() * (world.random() < 0.1 ? 1500 : 100));
    }
    world.tell(`${this.device.name} left ${key} as ${field.value}`);
    await world.pass([0, 200, 800, 2000, 4000][Math.floor(world.random() * 5)]);
  }

  async #disconnect() {
    this.device.page.isOnline = false;
    for (let n = world.random() * 2; n >= 0; n--) await this.#type();
    const how = world.random();
    if (how < 0.5) {
      const { page: shown } = this.device;
      shown.isOnline = true;
      await world.on(shown, () => shown.autosave.cameOnline());
      await this.#wait();
      return;
    }
    await this.#close();
    if (how < 0.75) await this.#open();
    else await this.#goTo(this.#other);
    await this.#look("after it was offline");
  }

  async #reload() {
    await this.#close();
    await this.#open();
    await this.#look("opened again");
  }

  async #changeDevice() {
    if (world.random() < 0.5) await this.#wait();
    const { page: left } = this.device;
    if (world.random() < 0.5) await this.#close();
    else await world.on(left, () => left.autosave.flush());
    await this.#goTo(this.#other);
    await this.#look("at the other device");
  }

  async #goTo(device) {
    this.device = device;
    const { page: shown } = device;
    world.tell(`goes to ${device.name}`);
    if (shown) await world.on(shown, () => shown.autosave.refresh());
    else await this.#open();
  }

  /** Wait until the page says that all is saved. */
  async #wait() {
    await world.pass(1000);
    for (let waited = 0; !this.#isSaved(); waited += 200) {
      if (this.device.page.form.isEnded) await this.#reload();
      if (waited > 120_000) {
        this.#complain(`${this.device.name} does not say that all is saved`);
        return;
      }
      await world.pass(200);
    }
    // A page from before a restore knows nothing of it.
    if (this.device.page.visit === world.server.visit) this.device.unsaved.clear();
  }

  #isSaved() {
    return ["Saved", ""].includes(this.device.page.form.status.textContent);
  }

  /** Compare what the page shows; what the other device has not saved may be late. */
  async #look(when) {
    const { unsaved: late } = this.#other;
    const wrong = () =>
      this.device.page.form.items.filter(
        ({ dataset: { item }, field }) => item in this.typed && field.value !== this.typed[item],
      );
    const bad = () => wrong().filter(({ dataset }) => !late.has(dataset.item));
    const isDone = () => !bad().length && !this.#formerMissing().length;
    for (let waited = 0; !isDone() && waited < 90_000; waited += 500) {
      await world.pass(500);
      if (this.device.page.form.isEnded) {
        await this.#close();
        await this.#open();
      }
      await this.#take(bad());
    }
    const left = wrong();
    const { page: shown, former } = this.device;
    for (const item of shown.form.items) {
      const { item: key } = item.dataset;
      if (left.includes(item) && late.has(key)) continue;
      if (left.includes(item)) {
        const words = `${key} is ${this.typed[key]}, ${this.device.name} shows ${item.field.value}`;
        this.#complain(`${when}: ${words}`);
      }
      if (shown.visit === world.server.visit) late.delete(key);
    }
    for (const text of this.#formerMissing()) this.#complain(`${when}: ${text} is not offered`);
    if (shown.visit === world.server.visit) {
      former.clear();
      this.device.lost.clear();
    }
  }

  /**
   * Take what the page offers and the pupil has typed. What it was told is saved needs no press,
   * unless the other device has put back something older since.
   */
  async #take(items) {
    const { page: shown, shows } = this.device;
    for (const { dataset, offers } of items) {
      const text = this.typed[dataset.item];
      const isWritten = world.server.answers[dataset.item]?.savedAt > this.#restoredAt;
      if (shows.get(dataset.item) === text && !isWritten) continue;
      const box = offers.find((offer) => offer.textContent.includes(text));
      if (!box) continue;
      world.tell(`${shown.name} takes ${text}`);
      shown.typed.add(dataset.item);
      await world.on(shown, () => box.children[0].press());
    }
  }

  /** Return the former answers that are not offered on a page that knows of the restore. */
  #formerMissing() {
    const { page: shown, former } = this.device;
    if (shown.visit !== world.server.visit) return [];
    return [...former]
      .filter(([key, text]) => {
        const { field } = shown.form.items[ITEMS.indexOf(key)];
        return !offers(shown, key, text) && !field.value.includes(text);
      })
      .map(([, text]) => text);
  }

  async #finish() {
    await world.pass(Math.max(this.#restoredAt - world.now, 0) + 1000);
    for (const device of [this.device, this.#other]) {
      const isOld = device.page && device.page.visit !== world.server.visit;
      const isDone = !device.unsaved.size && !device.former.size && !isOld;
      if (device !== this.device && isDone) continue;
      await this.#goTo(device);
      if (isOld) await this.#reload();
      await this.#look("in the end");
      await this.#wait();
    }
    await world.pass(60_000);
    for (const [key, text] of Object.entries(this.typed)) {
      const there = world.server.answers[key]?.text ?? "";
      // Both devices may put back what they know at the same time: then the newer is offered.
      const isOffered = this.#restoredAt && this.devices.some((one) => offers(one.page, key, text));
      if (there !== text && !isOffered) {
        this.#complain(`${key} is ${text}, the server has ${there}`);
      }
    }
  }

  #complain(words) {
    this.faults.push(words);
    world.tell(words);
  }
}

let faults = 0;
for (let seed = Number(firstSeed); seed < Number(firstSeed) + Number(lives); seed++) {
  world = new World(seed, new Server());
  const pupil = new Pupil();
  await pupil.live();
  for (const fault of pupil.faults) console.log(`life ${seed}: ${fault}`);
  if (`${seed}` === told) console.log(world.log.join("\n"));
  faults += pupil.faults.length;
}
console.log(`${lives} lives, ${faults} faults`);
