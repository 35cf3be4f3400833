// mark-outbox.js before a server that we are, one case after its name.
//
//     node outbox_cases.mjs OUTBOX CASE
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const [, , script, name] = process.argv;
const { MarkOutbox } = await import(pathToFileURL(script));

/** @type {Map<string, string>} */
const kept = new Map();
globalThis.localStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};

/** @type {{ item: string, marks: { attempt: number }[] }[]} */
const requests = [];
let serve = (_request) => 200;
globalThis.fetch = async (item, { body }) => {
  const request = { item, ...JSON.parse(body) };
  requests.push(request);
  const status = serve(request);
  const marks = request.marks.map(({ attempt }) => ({ attempt, state: "saved", seen: "3|" }));
  return { status, json: async () => (status === 200 ? { marks } : {}) };
};

const settled = [];
const outbox = new MarkOutbox(
  "marks",
  (item) => item,
  ({ item, attempt }, { state }) => settled.push(`${item}/${attempt} ${state}`),
  () => {},
);
const mark = (item, attempt, more) => ({
  ...{ item, attempt, points: "3", comment: "", seen: [""], read: "then", confirmed: false },
  ...more,
});
const numbers = (count) => Array.from({ length: count }, (_, n) => n + 1);
const rest = () => new Promise((resolve) => setTimeout(resolve, 20));

const cases = {
  async "a question that is gone holds up no other one"() {
    serve = ({ item }) => (item === "gone" ? 404 : 200);
    outbox.put([mark("gone", 1), mark("gone", 2), mark("q1", 3)]);
    await rest();
    assert.deepEqual(settled, ["gone/1 refused", "gone/2 refused", "q1/3 saved"]);
    assert.deepEqual([outbox.unsent, outbox.isStuck, requests.length], [0, false, 2]);
    assert.equal(outbox.find("gone", 1).points, "3");
    await outbox.send();
    assert.equal(requests.length, 2);
  },
  async "one that is refused holds up no other one of its question"() {
    for (const status of [400, 413]) {
      serve = ({ marks }) => (marks.some(({ attempt }) => attempt === 3) ? status : 200);
      settled.length = 0;
      outbox.put(numbers(5).map((n) => mark("q1", n)));
      await rest();
      assert.deepEqual(
        settled.toSorted(),
        numbers(5).map((n) => `q1/${n} ${n === 3 ? "refused" : "saved"}`),
      );
    }
  },
  async "what may succeed later is sent again"() {
    for (const status of [429, 500, 503]) {
      serve = () => status;
      outbox.put([mark("q1", 1)]);
      await rest();
      assert.deepEqual([outbox.unsent, outbox.isStuck, settled], [1, true, []]);
    }
    serve = () => 200;
    await outbox.send();
    assert.deepEqual([outbox.unsent, outbox.isStuck, settled], [0, false, ["q1/1 saved"]]);
  },
  async "few released marks are changed by one request"() {
    outbox.put(numbers(45).map((n) => mark("q1", n, { confirmed: n !== 1 })));
    await rest();
    assert.deepEqual(
      requests.map(({ marks }) => marks.length),
      [21, 20, 4],
    );
    assert.equal(settled.length, 45);
  },
  async "the answer that was read is sent along"() {
    outbox.put([mark("q1", 1)]);
    await rest();
    assert.equal(requests[0].marks[0].read, "then");
  },
};

await cases[name]();
console.log("ok");
process.exit(); // without the next attempt of what is stuck
