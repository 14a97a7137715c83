/** Where conversations are kept: the browser's IndexedDB. No meaning, only records. */

const NAME = "first-token";
/** A busy disk takes seconds. What takes longer may still be written, but nothing waits for it. */
export const PATIENCE_MILLISECONDS = 10_000;
/** How browsers call a connection that is closed or broken; a transaction that it took along has no name. */
const LOST = ["InvalidStateError", "UnknownError", "AbortError", undefined];
/** @type {Table[]} */
const TABLES = ["conversations", "messages"];

/** The browser gives this page no database. */
export class NoStore extends Error {}

/** @returns {Store} */
export function openStore(patience = PATIENCE_MILLISECONDS) {
	/** @type {Promise<IDBDatabase> | null} */
	let connection = null;
	const lose = () => void (connection = null);
	const refused = (/** @type {unknown} */ error) => {
		lose();
		throw new NoStore(String(error));
	};

	/** @param {IDBTransactionMode} mode @param {Work} work @returns {Promise<any>} */
	async function use(mode, work, isSecondTime = false) {
		const database = await (connection ??= openDatabase(lose).catch(refused));
		try {
			return await done(database, mode, work);
		} catch (error) {
			if (!LOST.includes(Object(error).name) || isSecondTime) throw error;
			lose();
			return use(mode, work, true);
		}
	}

	return {
		all: (table) => use("readonly", (begun) => begun.objectStore(table).getAll()),
		of: (id) => use("readonly", (begun) => begun.objectStore("messages").index("conversation").getAll(id)),
		write(entries) {
			const writing = use("readwrite", (begun) => {
				for (const { table, id, row } of entries) {
					const store = begun.objectStore(table);
					if (row) store.put(row);
					else store.delete(id);
				}
			});
			const late = new Promise((_, reject) => setTimeout(() => reject(new DOMException("", "TimeoutError")), patience));
			return Promise.race([writing, late]);
		},
	};
}

/** @param {() => void} onLost @returns {Promise<IDBDatabase>} */
function openDatabase(onLost) {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open(NAME, 1);
		opening.onupgradeneeded = () => {
			opening.result.createObjectStore("conversations", { keyPath: "id" });
			opening.result.createObjectStore("messages", { keyPath: "id" }).createIndex("conversation", "conversation");
		};
		opening.onerror = () => reject(opening.error);
		opening.onsuccess = () => {
			const database = opening.result;
			database.onclose = onLost;
			// A later version of this page in another tab must not wait for this one.
			database.onversionchange = () => database.close();
			resolve(database);
		};
	});
}

/** @param {IDBDatabase} database @param {IDBTransactionMode} mode @param {Work} work */
function done(database, mode, work) {
	// To wait for the disk itself takes seconds where others write too.
	const transaction = database.transaction(TABLES, mode, { durability: "relaxed" });
	const request = work(transaction);
	// A page that WebKit keeps for going back to ends no transaction by itself, and nobody else could use the database.
	transaction.commit();
	return new Promise((resolve, reject) => {
		transaction.oncomplete = () => resolve(request?.result);
		transaction.onabort = transaction.onerror = () => reject(transaction.error);
	});
}
