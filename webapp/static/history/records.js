/** Conversations as plain data, for the store and for files, and back. */

import { freshId } from "../turns/conversation.js";
import { Answer, Conversation } from "../turns/turns.js";

/** @typedef {import("../turns/conversation.js").Head} Head */
/** @typedef {import("../turns/conversation.js").Node} Node */
/** @typedef {import("./store.js").Row} Row */

/** How old a record of what is being written, once a second, may be before its writer is taken for gone. */
const LATE_MILLISECONDS = 5000;
const TAB = tab();

/**
 * @param {Head} head
 * @param {Node} node
 * @param {number} at
 * @returns {Row}
 */
export function rowOf(head, node, at) {
  const { id, parent, role, at: written } = node;
  const row = { id, conversation: head.id, parent, role, at: written };
  if (node.role === "user") return { ...row, text: node.text };
  const writing = node.answer.ending ? {} : { writer: TAB, writtenAt: Date.now() };
  return { ...row, answer: node.answer.saved(at), ...writing };
}

/**
 * @param {Row} head
 * @param {Row[]} rows
 */
export function conversationOf(head, rows) {
  return new Conversation(/** @type {any} */ (head), rows.map(nodeOf));
}

/** @param {Row} row @returns {Node} */
function nodeOf({ id, parent, role, at, text, answer: saved, writer, writtenAt }) {
  if (role === "user") return { id, parent, role, at, text };
  const answer = Answer.from(saved);
  const isElsewhere = writer && writer !== TAB && Date.now() - writtenAt < LATE_MILLISECONDS;
  if (isElsewhere) answer.ending = { type: "elsewhere" };
  return { id, parent, role, at, answer };
}

/** What this tab is called, through its reloads. */
function tab() {
  const name = freshId();
  try {
    const known = sessionStorage.getItem("tab") ?? name;
    sessionStorage.setItem("tab", known);
    return known;
  } catch {
    return name;
  }
}
