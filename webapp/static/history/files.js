/** Conversations as files: JSON keeps everything, Markdown the branch that is shown. */

import { freshId } from "../turns/conversation.js";
import { conversationOf } from "./records.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {{ head: Row, messages: Row[] }} Kept */

const FORMAT = "first-token";
/** Invisible where Markdown is shown, and where a message begins when it is read back. */
const MARK = /^<!-- (user|assistant)(?: ([^\n]*?))? -->\n(?:\*\*.*\*\*\n)?\n?/m;
const LOOKS_LIKE_MARK = /^(\\*<!-- (?:user|assistant)\b)/gm;
const ESCAPED_MARK = /^\\(\\*<!-- (?:user|assistant)\b)/gm;

export class ImportError extends Error {
  /** @param {string} field @param {string} expected @param {unknown} got */
  constructor(field, expected, got) {
    super(`${field}: expected ${expected}`);
    this.places = { field, expected, got: got === null ? "null" : typeof got };
  }
}

/**
 * @param {Kept[]} conversations
 * @param {{ user: string, assistant: string }} names
 */
export function exported(conversations, format = "json", names = { user: "You", assistant: "Answer" }) {
  if (format === "md") return conversations.map((each) => markdown(each, names)).join("\n");
  return JSON.stringify({ format: FORMAT, version: 1, conversations }, null, 1);
}

/**
 * Reads a file of either kind back.
 * @param {string} text
 * @returns {Kept[] | null} null if it is neither. Raises ImportError, which names the field
 */
export function imported(text) {
  if (!text.trimStart().startsWith("{")) return MARK.test(text) ? [fromMarkdown(text)] : null;
  const file = parsed(text);
  if (file?.format !== FORMAT) return null;
  return list(file.conversations, "conversations").map((each, index) => checked(each, `conversations[${index}]`));
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {Kept} kept @param {{ user: string, assistant: string }} names */
function markdown({ head, messages }, names) {
  const parts = [`# ${head["title"]}\n`];
  const escaped = (/** @type {string} */ text) => text.replace(LOOKS_LIKE_MARK, "\\$1");
  for (const { question, reply } of conversationOf(head, messages).turns) {
    parts.push(`<!-- user -->\n**${names.user}**\n\n${escaped(question.text)}\n`);
    parts.push(`<!-- assistant ${reply.answer.model} -->\n**${names.assistant}**\n\n${escaped(reply.answer.text)}\n`);
  }
  return `${parts.join("\n")}\n`;
}

/** @param {string} text @returns {Kept} */
function fromMarkdown(text) {
  const id = freshId();
  const at = Date.now();
  const title = /^# (.+)$/m.exec(text.slice(0, text.search(MARK)))?.[1] ?? "";
  /** @type {Row[]} */
  const messages = [];
  const [, ...parts] = text.replace(/\r\n/g, "\n").split(new RegExp(MARK, "gm"));
  for (let index = 0; index + 2 < parts.length; index += 3) {
    const [role = "", model = "", written = ""] = parts.slice(index);
    const content = written.replace(/\n{1,2}$/, "").replace(ESCAPED_MARK, "$1");
    const row = { id: freshId(), conversation: id, parent: messages.at(-1)?.id ?? "", role, at: at + index };
    const ending = { type: "done", finish_reason: "stop" };
    messages.push(role === "user" ? { ...row, text: content } : { ...row, answer: { text: content, model, ending } });
  }
  return { head: { id, title, created: at, updated: at, chosen: {} }, messages };
}

/**
 * A file may have been edited by hand: what the page relies on is looked at, field by field.
 * @param {any} kept
 * @param {string} path
 * @returns {Kept}
 */
function checked(kept, path) {
  const { head, messages } = is(kept, "object", path);
  for (const name of ["id", "title"]) is(is(head, "object", `${path}.head`)[name], "string", `${path}.head.${name}`);
  for (const name of ["created", "updated"]) is(head[name], "number", `${path}.head.${name}`);
  is(head.chosen, "object", `${path}.head.chosen`);
  list(messages, `${path}.messages`).forEach((row, index) => {
    const place = `${path}.messages[${index}]`;
    for (const name of ["id", "parent"]) is(is(row, "object", place)[name], "string", `${place}.${name}`);
    is(row.at, "number", `${place}.at`);
    if (row.role === "user") is(row.text, "string", `${place}.text`);
    else if (row.role !== "assistant") throw new ImportError(`${place}.role`, "user | assistant", row.role);
    else is(is(row.answer, "object", `${place}.answer`).text, "string", `${place}.answer.text`);
    row.conversation = head.id;
  });
  return { head, messages };
}

/** @param {any} value @param {string} kind @param {string} field */
function is(value, kind, field) {
  if (typeof value !== kind || value === null) throw new ImportError(field, kind, value);
  return value;
}

/** @param {any} value @param {string} field @returns {any[]} */
function list(value, field) {
  if (!Array.isArray(value)) throw new ImportError(field, "array", value);
  return value;
}
