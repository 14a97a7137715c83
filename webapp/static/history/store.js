/** Where conversations are kept: the browser's IndexedDB, or memory where it gives none. No meaning, only records. */

const NAME = "first-token";
const OPEN_MILLISECONDS = 10_000;
/** @type {Table[]} */
const TABLES = ["conversations", "messages"];

/** @returns {Promise<Store>} */
export async function openStore() {
  try {
    return indexed(await openDatabase());
  } catch {
    return inMemory();
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    // Some browsers neither open nor refuse; others take seconds of a busy machine, and have what was kept.
    setTimeout(() => reject(new Error("timeout")), OPEN_MILLISECONDS);
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("conversations", { keyPath: "id" });
      opening.result.createObjectStore("messages", { keyPath: "id" }).createIndex("conversation", "conversation");
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBDatabase} database @returns {Store} */
function indexed(database) {
  // A later version of this page in another tab must not wait for this one.
  database.onversionchange = () => database.close();
  const reading = (/** @type {Table} */ table) => database.transaction(table).objectStore(table);
  return {
    isLasting: true,
    all: async (table) => result(reading(table).getAll()),
    of: async (conversation) => result(reading("messages").index("conversation").getAll(conversation)),
    async write({ put = {}, remove = {} }) {
      const transaction = database.transaction(TABLES, "readwrite");
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
      for (const table of TABLES) {
        const store = transaction.objectStore(table);
        for (const row of put[table] ?? []) store.put(row);
        for (const id of remove[table] ?? []) store.delete(id);
      }
      await done;
    },
  };
}

/** @returns {Store} */
function inMemory() {
  /** @type {Record<Table, Map<string, Row>>} */
  const tables = { conversations: new Map(), messages: new Map() };
  return {
    isLasting: false,
    all: async (table) => [...tables[table].values()],
    of: async (id) => [...tables.messages.values()].filter((row) => row["conversation"] === id),
    async write({ put = {}, remove = {} }) {
      for (const table of TABLES) {
        for (const row of put[table] ?? []) tables[table].set(row.id, structuredClone(row));
        for (const id of remove[table] ?? []) tables[table].delete(id);
      }
    },
  };
}
