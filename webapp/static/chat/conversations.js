/** What is done with a conversation as a whole. */

import * as composer from "../composer/composer.js";
import * as drafts from "../history/drafts.js";
import { exported, imported } from "../history/files.js";
import { closeIfOver, complain } from "../history/list_view.js";
import { save } from "../page/handing_out.js";
import * as notes from "../page/notes.js";
import * as speaker from "../page/speaker.js";
import { Conversation } from "../turns/conversation.js";
import { say } from "../words/words.js";
import { setRunning, stop } from "./asking.js";
import * as log from "./log_view.js";
import { goTo, history, keyOfDraft, open, showList } from "./open_conversation.js";

/** What is being written in the one before is stopped, and kept as far as it came. @param {Conversation} conversation */
function show(conversation, address = `#${conversation.head.id}`) {
	void stop();
	setRunning(null);
	notes.status("");
	speaker.begin();
	drafts.keep(keyOfDraft(), composer.draft());
	open.conversation = conversation;
	log.show(conversation);
	log.sayLeftOut();
	composer.setDraft(drafts.of(keyOfDraft()));
	goTo(address);
	closeIfOver();
	void showList();
}

export function newChat() {
	show(Conversation.empty(), location.pathname + location.search);
	composer.focus();
}

export async function openConversation(id = "") {
	if (id === open.conversation.head.id) return closeIfOver();
	const found = await history.load(id);
	if (!found) return;
	show(found);
	log.toEnd();
}

export async function changedElsewhere(id = "") {
	const head = (await history.heads()).find((each) => each.id === id);
	const isShown = () => id === open.conversation.head.id;
	if (head && isShown()) open.conversation.head.title = head.title;
	else if (isShown()) {
		await stop();
		newChat();
		// What came after it was deleted has nothing to hang on.
		await history.remove(id);
	}
	await showList();
	const found = isShown() && !open.running && (await history.load(id));
	if (!found || open.running || !isShown()) return;
	open.conversation.update(found);
	log.show(open.conversation);
}

/** @param {Head} head */
export function rename(head, title = "") {
	const { conversation } = open;
	if (head.id === conversation.head.id) conversation.head.title = title;
	void history.rename(head, title);
	void showList();
}

/** @param {Head} head */
export async function remove({ id, title }) {
	if (id === open.conversation.head.id) {
		await stop();
		newChat();
	}
	const undo = await history.remove(id);
	void showList();
	if (!undo) return;
	closeIfOver();
	notes.toast(say("removed", { title: title || say("untitled") }), () => {
		undo();
		void showList();
	});
}

/** @param {string} [id] */
export async function exportFiles(id) {
	const rows = await history.rows(id);
	const title = id ? (rows[0]?.head["title"] ?? "") : "conversations";
	if (id) save(`${title}.md`, "text/markdown", exported(rows, "md"));
	save(`${title}.json`, "application/json", exported(rows));
}

/** @param {Iterable<File>} files */
export async function importFiles(files) {
	let count = 0;
	complain();
	for (const file of files) {
		try {
			const found = imported(await file.text());
			await history.add(found);
			count += found.length;
		} catch (error) {
			const places = Object(error).places;
			complain(say(places ? "import.field" : "import.not_json", { name: file.name, ...places }));
		}
	}
	void showList();
	if (count === 0) return;
	closeIfOver();
	notes.toast(say("imported", { n: count }));
}
