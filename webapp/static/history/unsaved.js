/** What a store was given and does not have yet: read as if it were there, and tried again with what comes next. */

import { NoStore, PATIENCE_MILLISECONDS } from "./store.js";

/**
 * One write is under way at a time; what comes meanwhile goes together with the next.
 * @param {Store} store
 * @param {(trouble: Trouble | "") => void} tell what went wrong; nothing, once all is kept after all
 */
export function withUnsaved(store, tell, patience = PATIENCE_MILLISECONDS) {
	/** @type {Map<string, Entry>} */
	const unsaved = new Map();
	/** @type {Row[]} the conversations as they were last read */
	let listed = [];
	let writing = Promise.resolve(true);

	const placeOf = (/** @type {Entry} */ { table, id }) => `${table} ${id}`;
	const isUnsaved = (/** @type {Entry} */ entry) => unsaved.get(placeOf(entry)) === entry;

	/** @param {Row[]} rows @param {Table} table */
	function merged(rows, table, conversation = "") {
		const found = new Map(rows.map((row) => [row.id, row]));
		for (const { table: its, id, row } of unsaved.values()) {
			if (its !== table) continue;
			if (!row) found.delete(id);
			else if (!conversation || row["conversation"] === conversation) found.set(id, row);
		}
		return [...found.values()];
	}

	/** @param {Entry[]} entries */
	async function attempt(entries) {
		await store.write(entries);
		for (const entry of entries) if (isUnsaved(entry)) unsaved.delete(placeOf(entry));
		if (unsaved.size === 0) tell("");
	}

	/** @param {Entry[]} own */
	async function flush(own) {
		const left = own.filter(isUnsaved);
		if (left.length === 0) return true;
		const all = [...unsaved.values()];
		try {
			await attempt(all).catch((error) => {
				// What is too large for the disk must not keep out what is not.
				if (left.length === all.length || troubleOf(error) !== "store.full") throw error;
				return attempt(left);
			});
			return true;
		} catch (error) {
			tell(troubleOf(error) ?? "store.failed");
			return false;
		}
	}

	/** @param {Promise<Row[]>} reading @param {Row[] | null} without what there is where there is no store */
	const read = async (reading, without) => {
		// Said, but waited for: what was kept is worth it.
		const late = setTimeout(() => tell("store.unread"), patience);
		try {
			const rows = await reading;
			if (unsaved.size === 0) tell("");
			return rows;
		} catch (error) {
			const trouble = troubleOf(error) ?? "store.unread";
			tell(trouble);
			return trouble === "store.none" ? without : null;
		} finally {
			clearTimeout(late);
		}
	};

	return {
		all: () => [...unsaved.values()],

		/** The conversations as far as they are known without asking the store. */
		known: () => merged(listed, "conversations"),

		/** Where they cannot be read, those that are known. */
		async conversations() {
			listed = (await read(store.all("conversations"), null)) ?? listed;
			return merged(listed, "conversations");
		},

		/** The messages of a conversation; null where they cannot be read. */
		async of(conversation = "") {
			const rows = await read(store.of(conversation), []);
			return rows && merged(rows, "messages", conversation);
		},

		/** @param {Entry[]} entries @returns {Promise<boolean>} whether they are kept */
		write(entries) {
			const own = structuredClone(entries);
			for (const entry of own) unsaved.set(placeOf(entry), entry);
			return (writing = writing.then(() => flush(own)));
		},
	};
}

/** @param {unknown} error @returns {Trouble | null} null where it may be anything */
function troubleOf(error) {
	if (error instanceof NoStore) return "store.none";
	return Object(error).name === "QuotaExceededError" ? "store.full" : null;
}
