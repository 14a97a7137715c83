/** Conversations as files: JSON keeps everything, Markdown the branch that is shown. */

import { freshId } from "../turns/conversation.js";
import { say } from "../words/words.js";
import { conversationOf } from "./records.js";

const FORMAT = "first-token";
/** Invisible where Markdown is shown, and where a message begins when it is read back. */
const MARK = /^<!-- (user|assistant)(?: ([^\n]*?))? -->\n(?:\n?\*\*.*\*\*\n)?\n?/m;
const LOOKS_LIKE_MARK = /^(\\*<!-- (?:user|assistant)\b)/gm;
const ESCAPED_MARK = /^\\(\\*<!-- (?:user|assistant)\b)/gm;

class ImportError extends Error {
	/** @param {unknown} got */
	constructor(field = "", expected = "", got) {
		super(field);
		this.places = { field, expected, got: kindOf(got) };
	}
}

/** @param {Kept[]} conversations */
export function exported(conversations, format = "json") {
	if (format === "md") return conversations.map(markdown).join("\n");
	return JSON.stringify({ format: FORMAT, version: 1, conversations }, null, 1);
}

/** @returns {Kept[]} */
export function imported(written = "") {
	const text = written.replace(/\r\n?/g, "\n");
	if (MARK.test(text) && !text.trimStart().startsWith("{")) return [fromMarkdown(text)];
	const file = JSON.parse(text);
	if (file?.format !== FORMAT) throw new Error("none of ours");
	return is("array", file.conversations, "conversations").map((/** @type {any} */ each, index = 0) => checked(each, `conversations[${index}]`));
}

/** @param {Kept} kept */
function markdown({ head, messages }) {
	const parts = [`# ${head["title"]}\n`];
	const add = (mark = "", name = "", text = "") =>
		parts.push(`<!-- ${mark} -->\n**${name}**\n\n${text.replace(LOOKS_LIKE_MARK, "\\$1")}\n`);
	for (const { question, reply } of conversationOf(head, messages).turns) {
		add("user", say("you"), question.text);
		add(`assistant ${reply.answer.model}`, say("answer"), reply.answer.text);
	}
	return `${parts.join("\n")}\n`;
}

/** @returns {Kept} */
function fromMarkdown(text = "") {
	const id = freshId();
	const at = Date.now();
	const title = /^# (.+)$/m.exec(text.slice(0, text.search(MARK)))?.[1] ?? "";
	/** @type {Row[]} */
	const messages = [];
	const [, ...parts] = text.split(new RegExp(MARK, "gm"));
	for (let index = 0; index + 2 < parts.length; index += 3) {
		const [role = "", model = "", written = ""] = parts.slice(index);
		const content = written.replace(/\n{1,2}$/, "").replace(ESCAPED_MARK, "$1");
		const row = { id: freshId(), conversation: id, parent: messages.at(-1)?.id ?? "", role, at: at + index };
		const answer = { text: content, model, ending: { type: "done", finish_reason: "stop" } };
		messages.push({ ...row, ...(role === "user" ? { text: content } : { answer }) });
	}
	return { head: { id, title, created: at, updated: at, chosen: {} }, messages };
}

/** @param {any} kept @returns {Kept} */
function checked(kept, path = "") {
	const { head, messages } = is("object", kept, path);
	has(head, `${path}.head`, { id: "string", title: "string", created: "number", updated: "number", chosen: "object" });
	const ids = new Set([""]);
	is("array", messages, `${path}.messages`).forEach((/** @type {any} */ row, index = 0) => {
		const place = `${path}.messages[${index}]`;
		has(row, place, { id: "string", parent: "string", at: "number" });
		if (row.role === "user") has(row, place, { text: "string" });
		else if (row.role === "assistant") has(row.answer, `${place}.answer`, { text: "string" });
		else throw new ImportError(`${place}.role`, "user | assistant", row.role);
		if (ids.has(row.id)) throw new ImportError(`${place}.id`, "unique", row.id);
		ids.add(row.id);
		row.conversation = head.id;
	});
	return { head, messages };
}

/** @param {any} value @param {Record<string, string>} fields their kinds by their names */
function has(value, path = "", fields) {
	is("object", value, path);
	for (const [name, kind] of Object.entries(fields)) is(kind, value[name], `${path}.${name}`);
}

/** @param {any} value */
function is(kind = "", value, field = "") {
	if (kindOf(value) !== kind) throw new ImportError(field, kind, value);
	return value;
}

/** @param {unknown} value */
function kindOf(value) {
	return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}
