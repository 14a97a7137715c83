/** Where conversations are kept: the browser's IndexedDB, or memory where it gives none. No meaning, only records. */

/** @typedef {{ id: string } & Record<string, any>} Row */
/** @typedef {"conversations" | "messages"} Table */
/**
 * @typedef {{ all: (table: Table) => Promise<Row[]>, of: (conversation: string) => Promise<Row[]>,
 *   write: (change: Change) => Promise<void>, isLasting: boolean }} Store
 */
/** @typedef {{ put?: Partial<Record<Table, Row[]>>, remove?: Partial<Record<Table, string[]>> }} Change */

const NAME = "first-token";
const OPEN_MILLISECONDS = 3000;
/** @type {Table[]} */
const TABLES = ["conversations", "messages"];

/** @returns {Promise<Store>} */
export async function openStore() {
  try {
    return new IndexedStore(await open());
  } catch {
    return new MemoryStore();
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    // Some browsers neither open nor refuse.
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

class IndexedStore {
  isLasting = true;
  #database;

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.#database = database;
    // A later version of this page in another tab must not wait for this one.
    database.onversionchange = () => database.close();
  }

  /** @param {Table} table @returns {Promise<Row[]>} */
  async all(table) {
    return result(this.#database.transaction(table).objectStore(table).getAll());
  }

  /** @param {string} conversation @returns {Promise<Row[]>} */
  async of(conversation) {
    const messages = this.#database.transaction("messages").objectStore("messages");
    return result(messages.index("conversation").getAll(conversation));
  }

  /** All of a change or nothing. @param {Change} change @returns {Promise<void>} */
  async write({ put = {}, remove = {} }) {
    const transaction = this.#database.transaction(TABLES, "readwrite");
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
  }
}

class MemoryStore {
  isLasting = false;
  /** @type {Record<Table, Map<string, Row>>} */
  #tables = { conversations: new Map(), messages: new Map() };

  /** @param {Table} table */
  async all(table) {
    return [...this.#tables[table].values()];
  }

  /** @param {string} conversation */
  async of(conversation) {
    return (await this.all("messages")).filter((row) => row["conversation"] === conversation);
  }

  /** @param {Change} change */
  async write({ put = {}, remove = {} }) {
    for (const table of TABLES) {
      for (const row of put[table] ?? []) this.#tables[table].set(row.id, structuredClone(row));
      for (const id of remove[table] ?? []) this.#tables[table].delete(id);
    }
  }
}
