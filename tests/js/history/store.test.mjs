import assert from "node:assert/strict";
import { test } from "node:test";

import { NoStore, openStore } from "../../../webapp/static/history/store.js";

const PATIENCE = 400;
const ENTRY = { table: "conversations", id: "a", row: { id: "a" } };

/** Does something to a request once its listeners are there. */
const later = (request, event, more = {}) => (setTimeout(() => request[event]?.(Object.assign(request, more))), request);

/** As much of IndexedDB as the store uses: each transaction meets the next of these fates, then all go well. */
function plant(...fates) {
  const found = { opened: 0, committed: 0, written: [], options: [], database: null };
  const objectStore = (transaction) => ({
    put: (row) => transaction.puts.push(row),
    delete: () => {},
    getAll: () => ({ result: [...found.written] }),
  });
  globalThis.indexedDB = {
    open() {
      found.opened += 1;
      found.database = {
        transaction(tables, _mode, options) {
          const fate = fates.shift();
          found.options.push(options);
          if (fate === "closed") throw new DOMException("", "InvalidStateError");
          const transaction = { puts: [], error: null, objectStore: () => objectStore(transaction), commit: () => void (found.committed += 1) };
          if (fate === "hangs") return transaction;
          if (fate) return later(transaction, "onabort", { error: fate.error });
          setTimeout(() => found.written.push(...transaction.puts));
          return later(transaction, "oncomplete");
        },
      };
      return later({}, "onsuccess", { result: found.database });
    },
  };
  return found;
}

test("a lost connection is opened again, and the write tried once more", async () => {
  for (const fate of ["closed", { error: null }, { error: new DOMException("", "UnknownError") }]) {
    const found = plant(fate);
    await openStore(PATIENCE).write([ENTRY]);
    assert.deepEqual([found.opened, found.written], [2, [ENTRY.row]]);
  }
});

test("what fails twice has failed", async () => {
  const found = plant("closed", "closed");
  await assert.rejects(openStore(PATIENCE).write([ENTRY]), { name: "InvalidStateError" });
  assert.equal(found.opened, 2);
});

test("a full disk is not asked again", async () => {
  const found = plant({ error: new DOMException("", "QuotaExceededError") });
  await assert.rejects(openStore(PATIENCE).write([ENTRY]), { name: "QuotaExceededError" });
  assert.equal(found.opened, 1);
});

test("a write that does not end is given up, and the next is tried", async () => {
  const found = plant("hangs");
  const store = openStore(PATIENCE);
  await assert.rejects(store.write([ENTRY]), { name: "TimeoutError" });
  await store.write([ENTRY]);
  assert.deepEqual(found.written, [ENTRY.row]);
});

test("a connection that the browser closes is not used again", async () => {
  const found = plant();
  const store = openStore(PATIENCE);
  await store.write([ENTRY]);
  found.database.onclose();
  assert.deepEqual(await store.all("conversations"), [ENTRY.row]);
  assert.equal(found.opened, 2);
});

test("nobody waits for the disk itself, and no transaction for its page to go on", async () => {
  const found = plant();
  await openStore(PATIENCE).write([ENTRY]);
  assert.deepEqual([found.options, found.committed], [[{ durability: "relaxed" }], 1]);
});

test("a browser without a database says so each time, and is asked each time", async () => {
  let asked = 0;
  globalThis.indexedDB = {
    open() {
      asked += 1;
      throw new DOMException("", "SecurityError");
    },
  };
  const store = openStore(PATIENCE);
  await assert.rejects(store.all("messages"), NoStore);
  await assert.rejects(store.all("messages"), NoStore);
  assert.equal(asked, 2);
});
