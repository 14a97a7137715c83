import assert from "node:assert/strict";
import { test } from "node:test";

import { NoStore } from "../../../webapp/static/history/store.js";
import { withUnsaved } from "../../../webapp/static/history/unsaved.js";

const entry = (id, more = {}) => ({ table: "conversations", id, row: { id, ...more } });
const message = (id, conversation) => ({ table: "messages", id, row: { id, conversation } });
const named = (name) => Object.assign(new Error(name), { name });
const ids = (rows) => rows.map(({ id }) => id).sort();

/** A store whose next readings and writes go as `fate` says: an error, a promise to wait for, or nothing. */
function fakeStore() {
  const rows = { conversations: new Map(), messages: new Map() };
  const meet = async () => {
    const fate = store.fate.length > 1 ? store.fate.shift() : store.fate[0];
    if (fate instanceof Error) throw fate;
    await fate;
  };
  const store = {
    fate: [undefined],
    writes: [],
    all: async (table) => (await meet(), [...rows[table].values()]),
    of: async (id) => (await meet(), [...rows.messages.values()].filter(({ conversation }) => conversation === id)),
    async write(entries) {
      store.writes.push(entries.map(({ id }) => id));
      await meet();
      for (const { table, id, row } of entries) row ? rows[table].set(id, row) : rows[table].delete(id);
    },
  };
  return store;
}

function kept() {
  const store = fakeStore();
  const told = [];
  return { store, told, history: withUnsaved(store, (trouble) => told.push(trouble), 20) };
}

test("what is being written is there at once, and what is being deleted is gone", async () => {
  const { store, history } = kept();
  await history.write([entry("old"), message("m", "old")]);
  await history.conversations();
  store.fate = [new Promise(() => {})];
  void history.write([entry("fresh"), message("n", "fresh")]);
  void history.write([{ table: "conversations", id: "old" }, { table: "messages", id: "m" }]);
  // By then the first of them hangs.
  await new Promise(setImmediate);
  store.fate = [undefined];
  assert.deepEqual(ids(history.known()), ["fresh"]);
  assert.deepEqual(ids(await history.conversations()), ["fresh"]);
  assert.deepEqual(ids(await history.of("fresh")), ["n"]);
  assert.deepEqual(ids(await history.of("old")), []);
});

test("one write is under way; what comes meanwhile goes together, the newest of each", async () => {
  const { store, history } = kept();
  let release;
  store.fate = [new Promise((resolve) => (release = resolve)), undefined];
  const writes = [entry("a"), entry("b", { text: 1 }), entry("b", { text: 2 }), entry("c")].map((each) => history.write([each]));
  await Promise.resolve();
  release();
  assert.deepEqual(await Promise.all(writes), [true, true, true, true]);
  assert.deepEqual(store.writes, [["a", "b", "c"]]);
  assert.equal((await history.conversations()).find(({ id }) => id === "b").text, 2);
});

test("what failed is said, still shown, and written with what comes next", async () => {
  const { store, told, history } = kept();
  store.fate = [named("TimeoutError"), undefined];
  assert.equal(await history.write([entry("a")]), false);
  assert.deepEqual(told, ["store.failed"]);
  assert.deepEqual(ids(history.known()), ["a"]);
  assert.equal(await history.write([entry("b")]), true);
  assert.deepEqual(store.writes.at(-1), ["a", "b"]);
  assert.deepEqual(told, ["store.failed", ""]);
  assert.deepEqual(history.all(), []);
});

test("what is too large for the disk does not keep out what is not", async () => {
  const { store, told, history } = kept();
  const full = named("QuotaExceededError");
  store.fate = [full, full, undefined];
  await history.write([entry("large")]);
  assert.equal(await history.write([entry("small")]), true);
  assert.deepEqual(store.writes, [["large"], ["large", "small"], ["small"]]);
  assert.deepEqual(told, ["store.full"]);
  assert.deepEqual(ids(history.all()), ["large"]);
});

test("what cannot be read empties no list", async () => {
  const { store, told, history } = kept();
  await history.write([entry("a")]);
  await history.conversations();
  store.fate = [named("UnknownError")];
  assert.deepEqual(ids(await history.conversations()), ["a"]);
  assert.equal(await history.of("a"), null);
  assert.deepEqual(told.filter(Boolean), ["store.unread", "store.unread"]);
});

test("a reading that takes long is said, and waited for", async () => {
  const { store, told, history } = kept();
  await history.write([entry("a")]);
  store.fate = [new Promise((resolve) => setTimeout(resolve, 60))];
  assert.deepEqual(ids(await history.conversations()), ["a"]);
  assert.deepEqual(told, ["", "store.unread", ""]);
});

test("without a store it lives as long as the page", async () => {
  const { store, told, history } = kept();
  store.fate = [new NoStore("SecurityError")];
  await history.write([entry("a"), message("m", "a"), message("n", "b")]);
  assert.deepEqual(ids(await history.conversations()), ["a"]);
  assert.deepEqual(ids(await history.of("a")), ["m"]);
  assert.deepEqual(new Set(told), new Set(["store.none"]));
});

test("what is changed after it was given is not what was given", async () => {
  const { history } = kept();
  const given = entry("a", { chosen: {} });
  const writing = history.write([given]);
  given.row.chosen.x = "y";
  assert.deepEqual(history.known()[0].chosen, {});
  await writing;
});
