/** The door of what is kept. Each message is a record of its own: tabs destroy nothing of each other's. */

import { keep, kept, ofTab } from "../page/storage.js";
import { conversationOf, rowOf } from "./records.js";
import { openStore } from "./store.js";
import { withUnsaved } from "./unsaved.js";

/** What a page that is left has not kept yet: the one thing that can be written before it goes. */
const UNSAVED = "unsaved";

/** @param {Table} table @param {Row[]} rows @returns {Entry[]} */
const put = (table, rows) => rows.map((row) => ({ table, id: row.id, row }));
/** @param {Table} table @param {{ id: string }[]} rows @returns {Entry[]} */
const without = (table, rows) => rows.map(({ id }) => ({ table, id }));

/** @param {any[]} rows @returns {Head[]} */
const latestFirst = (rows) => rows.sort((one, other) => other.updated - one.updated);

export function openHistory() {
	/** @type {HistoryListeners} */
	let told = { trouble: () => {}, elsewhere: () => {} };
	/** @type {Trouble | ""} */
	let trouble = "";
	const store = withUnsaved(openStore(), (found) => {
		if (found !== trouble) told.trouble((trouble = found));
	});
	const channel = new BroadcastChannel("first-token");
	/** @type {Map<string, string>} what is written in each conversation, for searching: made when it is first searched */
	const texts = new Map();

	const heads = async () => latestFirst(await store.conversations());
	const headOf = async (id = "") => (await heads()).find((head) => head.id === id);

	/** @param {Entry[]} entries */
	async function write(entries, conversation = "", isNews = true) {
		texts.delete(conversation);
		if ((await store.write(entries)) && isNews) channel.postMessage(conversation);
	}

	async function textOf(id = "") {
		const rows = texts.has(id) ? null : await store.of(id);
		if (rows) texts.set(id, rows.map((row) => row["text"] ?? row["answer"].text).join("\n").toLowerCase());
		return texts.get(id) ?? "";
	}

	/** Another tab may have gone on with it meanwhile. @param {Entry} entry */
	async function rescue(entry) {
		const { writer, conversation } = Object(entry.row);
		const there = writer && (await store.of(conversation))?.find(({ id }) => id === entry.id);
		if (!there || there["writer"] === writer) void store.write([entry]);
	}

	channel.onmessage = ({ data }) => {
		texts.delete(data);
		told.elsewhere(data);
	};
	const rescuing = Promise.all(JSON.parse(kept(ofTab, UNSAVED) || "[]").map(rescue));
	// Also when the reader comes back to a page that was never closed.
	addEventListener("pageshow", () => keep(ofTab, UNSAVED));

	return {
		/** What there is, the latest first. */
		heads,

		/** The same, as far as it is known at once. */
		known: () => latestFirst(store.known()),

		/** @param {HistoryListeners} listeners */
		listen(listeners) {
			told = listeners;
			if (trouble) told.trouble(trouble);
		},

		async load(id = "") {
			await rescuing;
			const head = await headOf(id);
			const rows = head && (await store.of(id));
			return rows ? conversationOf(structuredClone(head), rows) : null;
		},

		/** The conversations that hold all of these words, in their name or in what was written. */
		async matching(words = "") {
			const wanted = words.toLowerCase().split(/\s+/);
			const found = new Set();
			for (const { id, title } of await heads()) {
				const texts = [title.toLowerCase(), await textOf(id)];
				if (wanted.every((word) => texts.some((text) => text.includes(word)))) found.add(id);
			}
			return found;
		},

		/** @param {Conversation} of @param {TreeNode[]} nodes */
		save({ head }, nodes, at = 0) {
			return write([...put("conversations", [head]), ...put("messages", nodes.map((node) => rowOf(head, node, at)))], head.id);
		},

		/** The other tabs need not know. @param {Head} head @param {TreeNode} node */
		saveGrowing: (head, node, at = 0) => write(put("messages", [rowOf(head, node, at)]), head.id, false),

		/** @param {Conversation} of @param {TreeNode[]} nodes */
		forget: ({ head }, nodes) => write([...put("conversations", [head]), ...without("messages", nodes)], head.id),

		/** @param {Head} head */
		rename: (head, title = "") => write(put("conversations", [{ ...head, title }]), head.id),

		/** Returns what takes the deletion back, and nothing where nothing was deleted. */
		async remove(id = "") {
			const head = await headOf(id);
			const messages = head && (await store.of(id));
			if (!messages) return;
			void write([...without("conversations", [head]), ...without("messages", messages)], id);
			return () => void write([...put("conversations", [head]), ...put("messages", messages)], id);
		},

		/** One conversation, or all that can be read. @param {string} [id] @returns {Promise<Kept[]>} */
		async rows(id) {
			const wanted = (await heads()).filter((head) => !id || head.id === id);
			const found = await Promise.all(wanted.map(async (head) => ({ head, messages: await store.of(head.id) })));
			return found.flatMap(({ head, messages }) => (messages ? { head, messages } : []));
		},

		/** What is here already stays as it is. @param {Kept[]} conversations */
		async add(conversations) {
			const known = new Set((await heads()).map(({ id }) => id));
			const owners = new Map();
			for (const id of known) for (const row of (await store.of(id)) ?? []) owners.set(row.id, id);
			for (const { head, messages } of conversations) {
				if (!(await store.of(head.id))) continue;
				// One id is one message, in whatever conversation: a second is named anew.
				const named = (id = "") => ((owners.get(id) ?? head.id) === head.id ? id : `${head.id} ${id}`);
				const rows = messages.map((row) => ({ ...row, id: named(row.id), parent: named(row["parent"]) }));
				const chosen = Object.fromEntries(Object.entries(head["chosen"]).map(([parent, id]) => [named(parent), named(id)]));
				const added = rows.filter(({ id }) => !owners.has(id));
				for (const { id } of added) owners.set(id, head.id);
				void write([...put("conversations", known.has(head.id) ? [] : [{ ...head, chosen }]), ...put("messages", added)], head.id);
			}
		},

		/** The page is being left: there is time for no more than this. @param {Head} head @param {TreeNode} [growing] */
		leave(head, growing, at = 0) {
			const own = growing ? put("messages", [rowOf(head, growing, at)]) : [];
			// All that is unsaved may be more than fits.
			for (const entries of [own, [...store.all(), ...own]]) if (entries.length > 0) keep(ofTab, UNSAVED, JSON.stringify(entries));
		},
	};
}
