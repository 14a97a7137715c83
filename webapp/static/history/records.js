/** Conversations as plain data, and back. */

import { keep, kept, ofTab } from "../page/storage.js";
import { Answer } from "../turns/answer.js";
import { Conversation, freshId } from "../turns/conversation.js";

/** After so long without a record, which comes once a second, a writer is taken for gone. */
const LATE_MILLISECONDS = 5000;
const TAB = kept(ofTab, "tab") || freshId();
keep(ofTab, "tab", TAB);

/** @param {Head} head @param {TreeNode} node @param {number} at @returns {Row} */
export function rowOf(head, { id, parent, role, at: written, ...content }, at) {
	const row = { id, conversation: head.id, parent, role, at: written };
	if (!("answer" in content)) return { ...row, ...content };
	const { answer } = content;
	return { ...row, answer: answer.saved(at), ...(!answer.ending && { writer: TAB, writtenAt: Date.now() }) };
}

/** @param {Row} head @param {Row[]} rows */
export const conversationOf = (head, rows) => new Conversation(/** @type {any} */ (head), rows.map(nodeOf));

/** @param {Row} row @returns {TreeNode} */
function nodeOf({ id, parent, role, at, text, answer: saved, writer, writtenAt }) {
	if (role === "user") return { id, parent, role, at, text };
	const answer = Answer.from(saved);
	const isElsewhere = writer && writer !== TAB && Date.now() - writtenAt < LATE_MILLISECONDS;
	if (isElsewhere) answer.ending = { type: "elsewhere" };
	return { id, parent, role, at, answer };
}
