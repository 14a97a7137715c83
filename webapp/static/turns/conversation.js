/** A tree of questions and answers, of which one path is shown. What is edited stands beside what it replaces. */

import { Answer } from "./answer.js";

const ROOT = "";
const TITLE_CHARACTERS = 60;

export class Conversation {
	/** @type {Map<string, TreeNode>} */
	#nodes = new Map();

	/** @param {Head} head @param {TreeNode[]} nodes */
	constructor(head, nodes = []) {
		this.head = head;
		this.restore(nodes);
	}

	static empty(at = Date.now()) {
		return new Conversation({ id: freshId(), title: "", created: at, updated: at, chosen: {} });
	}

	/** @returns {Turn[]} */
	get turns() {
		const turns = [];
		for (let question = this.#shown(ROOT); question?.role === "user"; ) {
			const reply = this.#shown(question.id);
			if (reply?.role !== "assistant") break;
			turns.push({ question, reply });
			question = this.#shown(reply.id);
		}
		return turns;
	}

	/** @param {string} text @param {QuestionNode} [instead] */
	ask(text, instead, at = Date.now()) {
		const parent = instead ? instead.parent : (this.turns.at(-1)?.reply.id ?? ROOT);
		const question = this.#add(/** @type {QuestionNode} */ ({ id: freshId(), parent, role: "user", at, text }));
		this.head.title ||= titleOf(text);
		return this.replyTo(question, at);
	}

	/** @param {QuestionNode} question @returns {Turn} */
	replyTo(question, at = Date.now()) {
		/** @type {ReplyNode} */
		const reply = { id: freshId(), parent: question.id, role: "assistant", at, answer: new Answer() };
		return { question, reply: this.#add(reply) };
	}

	/** @param {TreeNode} node */
	alternatives(node) {
		return this.#below(node.parent);
	}

	/** @param {TreeNode} node */
	choose(node) {
		this.head.chosen[node.parent] = node.id;
		this.head.updated = Date.now();
	}

	/** Takes a question out with all that follows it, and gives back what that was. @param {QuestionNode} question */
	remove(question) {
		/** @type {TreeNode[]} */
		const removed = [question];
		for (const node of removed) removed.push(...this.#below(node.id));
		for (const { id } of removed) this.#nodes.delete(id);
		delete this.head.chosen[question.parent];
		return removed;
	}

	/** @param {TreeNode[]} nodes */
	restore(nodes) {
		for (const node of nodes) this.#nodes.set(node.id, node);
	}

	/** What another tab made of it; what is the same stays. @param {Conversation} other */
	update(other) {
		this.head = other.head;
		for (const [id, node] of this.#nodes) if (JSON.stringify(node) === JSON.stringify(other.#nodes.get(id))) other.#nodes.set(id, node);
		this.#nodes = other.#nodes;
	}

	/** @template {TreeNode} N @param {N} node */
	#add(node) {
		// Two that come in one millisecond keep their order.
		for (const { at } of this.#nodes.values()) node.at = Math.max(node.at, at + 1);
		this.#nodes.set(node.id, node);
		this.choose(node);
		return node;
	}

	#shown(parent = "") {
		const chosen = this.#nodes.get(this.head.chosen[parent] ?? "");
		// An edited file might lead round and round.
		return chosen?.parent === parent ? chosen : this.#below(parent).at(-1);
	}

	#below(parent = "") {
		return [...this.#nodes.values()].filter((node) => node.parent === parent).sort((one, other) => one.at - other.at);
	}
}

/** `crypto.randomUUID` is missing where a page came by plain HTTP from another machine. */
export function freshId() {
	return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");
}

export function titleOf(text = "") {
	const words = text.trim().replace(/\s+/g, " ");
	return words.length <= TITLE_CHARACTERS ? words : `${[...words].slice(0, TITLE_CHARACTERS).join("").replace(/\s\S*$/, "")} …`;
}
