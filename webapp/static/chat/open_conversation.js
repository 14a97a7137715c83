/** The conversation that is open, how it is kept, and shown in the list. */

import { openHistory } from "../history/history.js";
import { showHeads } from "../history/list_view.js";
import { Conversation } from "../turns/conversation.js";
import { now } from "./answering.js";

/** @type {{ conversation: Conversation, running: Task | null }} */
export const open = { conversation: Conversation.empty(), running: null };

export const history = openHistory();

/** Whose draft it is: all that have not begun have one in common. */
export const keyOfDraft = () => (open.conversation.turns.length > 0 ? open.conversation.head.id : "");

export function goTo(address = "") {
	if (location.hash !== new URL(address, location.href).hash) window.history.pushState(null, "", address);
}

/** @param {TreeNode[]} nodes */
export async function keep(nodes, conversation = open.conversation) {
	const saving = history.save(conversation, nodes, now());
	void showList();
	await saving;
}

let listings = 0;

export async function showList() {
	const listing = (listings += 1);
	const { id, title } = open.conversation.head;
	document.title = keyOfDraft() && title ? `${title} · First Token` : "First Token";
	// A slow disk must not hold back what is being written, nor a lost one take away what was listed.
	showHeads(history.known(), id);
	const heads = await history.heads();
	if (listing === listings) showHeads(heads, id);
}
