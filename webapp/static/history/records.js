/** Conversations as plain data, for the store and for files, and back. */

import { Answer, Conversation } from "../turns/turns.js";

/** @typedef {import("../turns/conversation.js").Head} Head */
/** @typedef {import("../turns/conversation.js").Node} Node */
/** @typedef {import("./store.js").Row} Row */

/**
 * @param {Head} head
 * @param {Node} node
 * @param {number} at
 * @returns {Row}
 */
export function rowOf(head, node, at) {
  const { id, parent, role, at: written } = node;
  const row = { id, conversation: head.id, parent, role, at: written };
  return node.role === "user" ? { ...row, text: node.text } : { ...row, answer: node.answer.saved(at) };
}

/**
 * @param {Row} head
 * @param {Row[]} rows
 */
export function conversationOf(head, rows) {
  return new Conversation(/** @type {any} */ (head), rows.map(nodeOf));
}

/** @param {Row} row @returns {Node} */
function nodeOf({ id, parent, role, at, text, answer }) {
  return role === "user" ? { id, parent, role, at, text } : { id, parent, role, at, answer: Answer.from(answer) };
}
