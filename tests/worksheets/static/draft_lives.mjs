// Lives of a teacher with two devices, in a time of our own: types into a form that nobody saves for
// a while, leaves, comes back, answers what the page asks, while requests are late, lost, answered
// in vain, and the server is away. What was typed last has to stand in its field in the end, or to
// have been offered; what was typed over must not come back by itself.
//
//     node draft_lives.mjs DRAFTS FIRST_SEED LIVES [SEED_TO_TELL]
//
// All that happens follows from the seed. With 'record' as the last word what the server was asked
// and said is told instead, a line of JSON a life.
import { Device, FIELDS, Server, enter, world } from "./draft_browser.mjs";
import { World } from "./world.mjs";

const [, , , firstSeed, lives, told] = process.argv;

class Teacher {
  /** @type {Map<string, Set<string>>} by field, the texts that must not be lost */
  live = new Map(FIELDS.map((name) => [name, new Set([""])]));
  faults = [];
  vain = 0; // questions about nothing that was not typed over
  asked = 0;
  devices = [new Device("device 1"), new Device("device 2")];
  device = this.devices[0];
  #signs = 0x4e00;

  constructor() {
    // A page that was not saved says what was saved elsewhere meanwhile.
    world.read = ({ others, seen, form }) => {
      for (const name of others) {
        if (this.live.get(name).has(form.values()[name])) this.live.get(name).delete(seen[name]);
      }
    };
  }

  async spend() {
    await this.#open();
    world.at(world.now + 5000, () => world.disturb(), null);
    for (let step = 0; step < 30 && !this.faults.length; step++) {
      const kind = world.random();
      if (kind < 0.58) await this.#type();
      else if (kind < 0.66) await this.#disconnect();
      else if (kind < 0.76) await this.#reload();
      else if (kind < 0.9) await this.#changeDevice();
      else if (kind < 0.95 && !process.env.NOSAVE) await this.#save();
      else await this.#answer();
    }
    if (!this.faults.length) await this.#finish();
  }

  get #other() {
    return this.devices.find((one) => one !== this.device);
  }

  /** Open the page at this device, again and again where it does not open. */
  async #open() {
    this.device.isOnline = true;
    while (!this.device.page) {
      if (!this.device.isLoading) this.device.navigate("navigate");
      await world.pass(500);
    }
    this.device.page.isHidden = false;
    while (this.device.isLoading) await world.pass(500);
    if (!this.device.page) await this.#open();
  }

  /** Type into a field. Each sign is typed once in a life. */
  async #type() {
    if (!this.device.page) await this.#open();
    const { page } = this.device;
    const shows = (field) => this.live.get(field.name).has(field.value);
    const newest = page.form.elements.filter(shows);
    const free = newest.length && world.random() < 0.85 ? newest : page.form.elements;
    const field = free[Math.floor(world.random() * free.length)];
    for (let n = Math.floor(world.random() * 4); n >= 0; n--) {
      if (this.device.page !== page) return;
      const before = field.value;
      const cut = world.random() < 0.25 ? before.slice(0, -1) : before;
      const isCleared = world.random() < 0.06;
      field.value = isCleared && before ? "" : (cut.length > 6 ? "" : cut) + this.#sign();
      this.#replace(field.name, [before], field.value);
      await world.on(page, () => page.form.fire("input", { target: field }));
      world.tell(`${this.device.name} ${field.name} is ${field.value}`);
      await world.pass(10 + world.random() * (world.random() < 0.1 ? 1500 : 100));
    }
    await world.pass([0, 200, 800, 2000, 4000][Math.floor(world.random() * 5)]);
  }

  #sign() {
    return String.fromCharCode(this.#signs++);
  }

  #replace(name, texts, text) {
    for (const before of texts) this.live.get(name).delete(before);
    this.live.get(name).add(text);
    // Nothing is no text of its own beside what somebody has typed elsewhere.
    if (this.live.get(name).size > 1) this.live.get(name).delete("");
  }

  async #disconnect() {
    if (!this.device.page) await this.#open();
    const { device } = this;
    device.isOnline = false;
    for (let n = world.random() * 2; n >= 0 && device.page; n--) await this.#type();
    const how = world.random();
    if (how < 0.5 && device.page) {
      device.isOnline = true;
      await device.page.fire("online");
      await this.#wait();
      return;
    }
    await device.close();
    device.isOnline = true;
    if (how < 0.75) await this.#open();
    else await this.#goTo(this.#other);
  }

  async #reload() {
    if (world.random() < 0.5) await this.device.close();
    else if (this.device.page) this.device.reload();
    await this.#open();
  }

  async #changeDevice() {
    if (world.random() < 0.5) await this.#wait();
    if (world.random() < 0.5) await this.device.close();
    else await this.device.page?.show(true);
    if (world.random() < 0.2) await world.pass(world.random() * 60_000);
    await this.#goTo(this.#other);
  }

  async #goTo(device) {
    this.device = device;
    world.tell(`goes to ${device.name}`);
    if (device.page) await device.page.show(false);
    else await this.#open();
    await world.pass(world.random() * 2000);
  }

  async #save() {
    if (!this.device.page) await this.#open();
    const isOld = (name) => !this.live.get(name).has(this.device.page.form.values()[name]);
    if (this.device.page.others.some(isOld)) {
      await this.device.close(); // what was saved elsewhere is newer
      await this.#open();
    }
    const { page } = this.device;
    page.isWrong = world.random() < 0.2;
    await world.on(page, () => page.submit());
    await world.pass(5000);
    await this.#open();
  }

  /** Answer what the page asks, if it does. */
  async #answer() {
    const { page } = this.device;
    if (!page || this.device.isLoading) return false;
    const { notice } = page.form;
    const use = notice.button("UseThat") ?? notice.button("PutBack");
    if (!use) return false;
    const isOther = Boolean(notice.button("UseThat"));
    const isUndo = !notice.button("KeepMine") && !notice.button("Discard");
    if (isUndo) return false;
    this.asked += 1;
    const mine = page.form.values();
    const press = (button) => world.on(page, () => button.listeners.click());
    await press(use);
    const theirs = page.form.values();
    const isVain = FIELDS.every(
      (name) => theirs[name] === mine[name] || !this.live.get(name).has(theirs[name]),
    );
    if (isVain) this.vain += 1;
    const back = notice.button("PutBack");
    if (isOther && back && world.random() < 0.6) await press(back);
    const now = page.form.values();
    for (const name of FIELDS) {
      if (mine[name] === theirs[name]) continue;
      const live = this.live.get(name);
      for (const text of [mine[name], theirs[name]]) if (text !== now[name]) live.delete(text);
      // What was typed over elsewhere does not become the newest by being chosen here.
      if (!live.size) live.add(now[name]);
    }
    world.tell(`${this.device.name} asked: ${Object.values(mine)} or ${Object.values(theirs)}`);
    world.tell(`chosen: ${Object.values(now)}${isVain ? " (in vain)" : ""}`);
    return true;
  }

  /** Wait until the page says that all is kept. */
  async #wait() {
    await world.pass(2500);
    for (let waited = 0; this.device.page && !this.#isKept(); waited += 200) {
      if (waited > 120_000) {
        this.#complain(`${this.device.name} does not say that all is kept`);
        return;
      }
      await world.pass(200);
      if (waited > 60_000) await this.#answer();
    }
  }

  #isKept() {
    const { state, notice } = this.device.page.form;
    if (notice.button("UseThat")) return true; // waits for an answer
    return ["Kept", ""].includes(state.textContent);
  }

  async #finish() {
    world.tell("the end");
    world.isCalm = true;
    world.server.isAway = false;
    await world.pass(60_000);
    // Until nothing is asked any more: one answer may be a question to the other device.
    for (let turn = 0, quiet = 0; quiet < 4 && turn < 12; turn++) {
      const device = turn ? this.#other : this.device;
      const asked = this.asked;
      await this.device.page?.show(true);
      // A page that says what is wrong is not loaded again by itself.
      if (device.page?.isBound) await device.close();
      await this.#goTo(device);
      await world.pass(20_000);
      for (let n = 0; n < 4 && (await this.#answer()); n++) await world.pass(20_000);
      if (!this.device.page) await this.#open();
      await this.#wait();
      if (this.faults.length) return;
      quiet = this.asked === asked ? quiet + 1 : 0;
    }
    for (const device of this.devices) {
      await this.#goTo(device);
      await world.pass(60_000);
      await this.#open();
      const shown = this.device.page.form.values();
      for (const name of FIELDS) {
        for (const text of this.live.get(name)) {
          if (text !== shown[name]) {
            this.#complain(`${name} is '${text}', ${device.name} shows '${shown[name]}'`);
          }
        }
        if (!this.live.get(name).has(shown[name])) {
          this.#complain(`${name} on ${device.name} shows '${shown[name]}', typed over`);
        }
      }
    }
  }

  #complain(said) {
    this.faults.push(said);
    world.tell(said);
  }
}

let [faults, faulty, vain, asked] = [0, 0, 0, 0];
for (let seed = Number(firstSeed); seed < Number(firstSeed) + Number(lives); seed++) {
  enter(new World(seed, new Server()));
  if (told === "record") world.records = [];
  const teacher = new Teacher();
  await teacher.spend();
  if (world.records) console.log(JSON.stringify(world.records));
  else for (const fault of teacher.faults) console.log(`life ${seed}: ${fault}`);
  if (`${seed}` === told) console.log(world.log.join("\n"));
  faults += teacher.faults.length;
  faulty += teacher.faults.length > 0;
  vain += teacher.vain;
  asked += teacher.asked;
}
console.error(`${asked} questions, ${vain} of them in vain; ${faulty} lives with faults`);
if (told !== "record") console.log(`${lives} lives, ${faults} faults`);
