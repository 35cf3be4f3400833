// The parts of the editor that know no page, one case after its name.
//
//     node editor_cases.mjs FOLDER CASE
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder, name] = process.argv;
const load = (file) => import(pathToFileURL(join(folder, file)));
const { changeBetween, changed, shifted } = await load("text-change.js");
const { TextHistory } = await load("text-history.js");
const { asItems, filled, onLinesOfItsOwn } = await load("text-edit.js");
const { placesOf } = await load("editor-find.js");

/** Return a function that draws numbers below another one: the same in every run. */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

/** Return a text in which one stretch was replaced. */
function edited(text, draw) {
  const at = draw(text.length + 1);
  const end = Math.min(text.length, at + draw(4));
  return text.slice(0, at) + ["", "a", "b\n", "aab", "😀"][draw(5)] + text.slice(end);
}

const cases = {
  "one change makes a text of another"() {
    const draw = dice(1);
    let text = "aabb";
    for (let n = 0; n < 2000; n += 1) {
      const next = edited(text, draw);
      assert.equal(changed(text, changeBetween(text, next)), next);
      text = next.slice(0, 40);
    }
  },
  "what is not touched keeps its words"() {
    const draw = dice(2);
    for (let n = 0; n < 2000; n += 1) {
      const text = "abcdefghij".repeat(3);
      const next = edited(text, draw);
      const change = changeBetween(text, next);
      const start = draw(25);
      const end = start + 1 + draw(5);
      const [from, to] = shifted([start, end], change);
      const isTouched = change.at < end && change.at + change.removed.length > start;
      assert.ok(0 <= from && from <= to && to <= next.length);
      if (!isTouched) {
        // What is written between two of its letters belongs to it.
        const inside = change.at > start && change.at < end ? change.inserted : "";
        const words = text.slice(start, end);
        const cut = change.at - start;
        const expected = inside ? words.slice(0, cut) + inside + words.slice(cut) : words;
        assert.equal(next.slice(from, to), expected);
      }
    }
  },
  "each step is taken back and done again"() {
    const draw = dice(3);
    for (let life = 0; life < 200; life += 1) {
      let text = "one two";
      let history = new TextHistory(text);
      const texts = [text];
      for (let n = 0; n < 30; n += 1) {
        const next = edited(text, draw);
        if (history.note(next, false)) texts.push(next);
        text = next;
        if (!draw(8)) {
          // The page is loaded again.
          const again = new TextHistory(text);
          assert.ok(again.restore(JSON.parse(JSON.stringify(history.kept()))));
          history = again;
        }
      }
      for (let at = texts.length - 1; at > 0; at -= 1) {
        text = changed(text, history.undo());
        assert.equal(text, texts[at - 1]);
      }
      assert.equal(history.undo(), null);
      for (const next of texts.slice(1)) {
        text = changed(text, history.redo());
        assert.equal(text, next);
      }
      assert.equal(history.redo(), null);
    }
  },
  "a word is one step, and so is what deletes it"() {
    const history = new TextHistory("");
    let text = "";
    for (const letter of "two words") history.note((text += letter), true);
    for (const rest of ["two word", "two wor"]) history.note((text = rest), true);
    const seen = [];
    for (let change = history.undo(); change; change = history.undo()) {
      seen.push((text = changed(text, change)));
    }
    assert.deepEqual(seen, ["two words", "two ", ""]);
  },
  "typing after a step that was taken back forgets it"() {
    const history = new TextHistory("a");
    history.note("ab", false);
    history.undo();
    history.note("ac", false);
    assert.ok(!history.canRedo);
    assert.equal(changed("ac", history.undo()), "a");
  },
  "steps of another text are not taken"() {
    const history = new TextHistory("a");
    history.note("ab", false);
    const kept = history.kept();
    assert.ok(!new TextHistory("a").restore(kept));
    assert.ok(!new TextHistory("ax").restore(kept));
    assert.ok(!new TextHistory("ab").restore({ ...kept, undo: [[0, "", "x"]] }));
    assert.ok(!new TextHistory("ab").restore(null));
    assert.ok(new TextHistory("ab").restore(kept));
  },
  "steps have a bound"() {
    const history = new TextHistory("");
    for (let n = 1; n <= 1000; n += 1) history.note("x\n".repeat(n), false);
    assert.equal(history.kept().undo.length, 200);
    for (let n = 0; n < 5; n += 1) history.note(`${n}`.repeat(90_000), false);
    assert.equal(history.kept().undo.length, 1);
  },
  "what is selected stands in the place that is marked"() {
    assert.deepEqual(filled("___«answer»___", ""), { text: "___answer___", selected: [3, 9] });
    assert.deepEqual(filled("___«answer»___", "pact"), { text: "___pact___", selected: [3, 7] });
    assert.deepEqual(filled("«»[^1]", "pact"), { text: "[^1]", selected: [0, 0] });
  },
  "lines of their own have an empty line on each side"() {
    const write = (value, at, text, replaces = false) => {
      const { extent, before, after } = onLinesOfItsOwn(value, at, replaces);
      return value.slice(0, extent[0]) + before + text + after + value.slice(extent[1]);
    };
    assert.equal(write("", [0, 0], "???"), "???");
    assert.equal(write("one", [1, 1], "???"), "one\n\n???");
    assert.equal(write("one\ntwo", [1, 1], "???"), "one\n\n???\n\ntwo");
    assert.equal(write("one\n\n\n\ntwo", [5, 5], "???"), "one\n\n???\n\ntwo");
    assert.equal(write("one two three", [4, 7], "# two", true), "one\n\n# two\n\nthree");
    assert.equal(write("one\n", [4, 4], "???"), "one\n\n???");
  },
  "lines become items"() {
    assert.deepEqual(asItems(["a", " b"], "(a) "), ["(a) a", "(b) b"]);
    assert.deepEqual(asItems(["a", "b"], "1. "), ["1. a", "2. b"]);
    assert.deepEqual(asItems(["a", "b"], "- "), ["- a", "- b"]);
  },
  "what is searched for is found as it stands"() {
    assert.deepEqual(placesOf("A.b a.B acb", "a.b", false), [
      [0, 3],
      [4, 7],
    ]);
    assert.deepEqual(placesOf("A.b a.b", "a.b", true), [[4, 7]]);
    assert.deepEqual(placesOf("abc", "", false), []);
    assert.deepEqual(placesOf("x [[ y ]] \\ {1} ^$", "[[ y ]] \\ {1} ^$", true), [[2, 18]]);
    assert.deepEqual(placesOf("Ünlü ÜNLÜ", "ünlü", false).length, 2);
    assert.equal(placesOf("a".repeat(5000), "a", true).length, 2000);
  },
};

cases[name]();
console.log("ok");
