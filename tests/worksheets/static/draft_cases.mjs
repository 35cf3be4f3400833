// What drafts.js did wrong once, in lives of a teacher: one case each.
//
//     node draft_cases.mjs DRAFTS [CASE]
//
// Tell 'ok', or the names of all cases.
import assert from "node:assert/strict";

import { Device, FIELDS, Server, enter, world } from "./draft_browser.mjs";
import { World } from "./world.mjs";

const KEPT = 5000; // milliseconds until the server has what was typed
const [Q1, Q2, Q3] = FIELDS;

/** Open the form's page at a device. */
async function open(device) {
  device.navigate("navigate");
  await world.pass(1000);
}

/** Type into a field, and wait until the server has it. */
async function type(device, name, text, wait = KEPT) {
  const { form } = device.page;
  const field = form.elements.find((one) => one.name === name);
  field.value = text;
  await world.on(device.page, () => form.fire("input", { target: field }));
  await world.pass(wait);
}

async function press(device, name) {
  const button = device.page.form.notice.button(name);
  assert.ok(button, `no button ${name}: ${device.page.form.notice.textContent}`);
  await world.on(device.page, () => button.listeners.click());
  await world.pass(KEPT);
}

async function save(device, isWrong = false) {
  device.page.isWrong = isWrong;
  await world.on(device.page, () => device.page.submit());
  await world.pass(KEPT);
}

/** Go online again: what waits is sent. */
async function connect(device) {
  device.isOnline = true;
  await device.page.fire("online");
  await world.pass(KEPT);
}

/** Check what stands in fields, and that nothing is asked. */
function shows(device, expected, isAsked = false) {
  const { form } = device.page;
  const found = form.values();
  for (const [name, text] of Object.entries(expected)) assert.equal(found[name], text, name);
  const asks = ["UseThat", "KeepMine", "PutBack"].some((name) => form.notice.button(name));
  assert.equal(asks, isAsked, form.notice.textContent);
}

const CASES = {
  async "what was typed elsewhere meanwhile comes though a reply was lost"(one, two) {
    await open(one);
    world.fate = () => ({ isInVain: true });
    await type(one, Q1, "a", 3000);
    world.fate = null;
    one.isOnline = false;
    await open(two);
    shows(two, { [Q1]: "a" });
    await type(two, Q1, "ab");
    await connect(one);
    shows(one, { [Q1]: "ab" });
    assert.deepEqual(world.server.draft.fields, { [Q1]: "ab" });
  },

  async "both stand where a last request met the draft of another device"(one, two) {
    await open(one);
    await open(two);
    await type(one, Q1, "a");
    await type(two, Q2, "b", 0);
    await two.close(); // its last request is kept beside
    await type(one, Q3, "c");
    await one.close();
    await open(two);
    shows(two, { [Q1]: "a", [Q2]: "b", [Q3]: "c" });
    await world.pass(KEPT);
    await open(one);
    shows(one, { [Q1]: "a", [Q2]: "b", [Q3]: "c" });
    assert.equal(world.server.draft.beside, null);
  },

  async "one field that two have typed in holds up no other field"(one, two) {
    await open(one);
    await open(two);
    two.isOnline = false;
    await type(one, Q1, "a");
    await type(one, Q3, "c");
    await type(two, Q1, "x");
    await type(two, Q2, "y");
    await connect(two);
    shows(two, { [Q1]: "x", [Q2]: "y", [Q3]: "c" }, true);
    await press(two, "UseThat");
    shows(two, { [Q1]: "a", [Q2]: "y", [Q3]: "c" }, true); // the way back
    assert.deepEqual({ ...world.server.draft.fields }, { [Q1]: "a", [Q3]: "c", [Q2]: "y" });
  },

  async "saving with a question open keeps what was asked about"(one, two) {
    await open(one);
    await open(two);
    two.isOnline = false;
    await type(one, Q1, "a");
    await type(two, Q1, "x");
    await connect(two);
    await two.close();
    await open(two); // with the question, as the server and this browser have it
    shows(two, { [Q1]: "x" }, true);
    await save(two);
    assert.equal(world.server.saved[Q1], "x");
    shows(two, { [Q1]: "x" }, true);
    await press(two, "PutBack");
    shows(two, { [Q1]: "a" });
  },

  async "what was saved on one device is put back by no other one"(one, two) {
    await open(one);
    await type(one, Q1, "a");
    await open(two);
    shows(two, { [Q1]: "a" });
    await type(one, Q1, "", 0);
    await save(one);
    assert.equal(world.server.saved[Q1], "");
    await type(two, Q2, "b");
    await two.close();
    for (const device of [one, two]) {
      await open(device);
      shows(device, { [Q1]: "", [Q2]: "b" });
    }
  },

  async "what the browser puts back and was typed over is not typed"(one, two) {
    one.putsBack = true;
    await open(one);
    await type(one, Q1, "a");
    await open(two);
    await type(two, Q1, "ab");
    await save(two);
    assert.equal(one.page.form.values()[Q1], "a");
    one.reload();
    await world.pass(KEPT);
    shows(one, { [Q1]: "ab" });
    assert.deepEqual(world.server.draft.fields, {});
  },

  async "what is wrong is shown with what another device has typed since"(one, two) {
    await open(one);
    await type(one, Q1, "a");
    await open(two);
    await type(two, Q2, "b");
    await type(one, Q3, "c", 0);
    one.isOnline = true;
    world.fate = ({ fields }) => (fields ? { isLost: true } : {});
    await save(one, true);
    world.fate = null;
    await world.pass(20_000);
    shows(one, { [Q1]: "a", [Q2]: "b", [Q3]: "c" });
    assert.deepEqual(world.server.draft.fields, { [Q1]: "a", [Q2]: "b", [Q3]: "c" });
  },

  async "a page that is older than the draft drops nothing of it"(one, two) {
    await open(one);
    await open(two);
    await type(two, Q1, "a");
    await save(two);
    await type(two, Q1, "");
    await type(one, Q2, "b");
    await save(one);
    assert.deepEqual([world.server.saved[Q1], world.server.saved[Q2]], ["a", "b"]);
    shows(one, { [Q1]: "", [Q2]: "b" });
  },

  async "what was discarded does not come back from another device"(one, two) {
    await open(one);
    world.fate = () => ({ isInVain: true });
    await type(one, Q1, "a", 3000);
    await one.close();
    world.fate = null;
    await open(two);
    shows(two, { [Q1]: "a" });
    await press(two, "Discard");
    await open(one);
    await world.pass(KEPT);
    shows(one, { [Q1]: "" });
    assert.deepEqual(world.server.draft.fields, {});
  },

  async "a second text that waits is asked about after the first"(one, two) {
    const three = new Device("device 3");
    for (const device of [one, two, three]) await open(device);
    two.isOnline = false;
    await type(one, Q1, "a");
    await type(two, Q1, "b");
    await type(three, Q1, "c", 0);
    await three.close(); // its last request is kept beside
    await two.close();
    two.isOnline = true;
    await open(two);
    shows(two, { [Q1]: "b" }, true);
    await press(two, "PutBack");
    shows(two, { [Q1]: "a" }, true);
    await press(two, "PutBack");
    shows(two, { [Q1]: "c" });
    assert.equal(world.server.draft.beside, null);
  },

  async "two windows of one browser ask the one that comes later"(one, two) {
    one.share(two);
    await open(one);
    await open(two);
    await type(one, Q1, "a");
    shows(two, { [Q1]: "" });
    await type(two, Q1, "b");
    shows(two, { [Q1]: "b" }, true);
    await press(two, "KeepMine");
    await type(one, Q1, "a!");
    shows(one, { [Q1]: "a!" }, true);
    await one.close();
    await open(one);
    await world.pass(KEPT);
    shows(one, { [Q1]: "a!" }, true);
    await press(one, "PutBack");
    shows(one, { [Q1]: "b" });
    await press(two, "UseThat");
    await press(two, "PutBack");
    shows(two, { [Q1]: "b" });
  },
};

const name = process.argv[3];
if (name) {
  enter(new World(1, new Server()));
  world.isCalm = true;
  let count = 0;
  world.random = () => 0.5 + (count = (count + 1) % 1000) / 10_000; // nothing by chance
  await CASES[name](new Device("device 1"), new Device("device 2"));
  console.log("ok");
} else {
  console.log(JSON.stringify(Object.keys(CASES)));
}
