/**
 * A conversation: a tree of questions and answers, of which one path is shown.
 *
 * A question that is edited and an answer that is written anew stand beside what they replace; nothing is overwritten.
 */

import { Answer } from "./answer.js";

/** @typedef {{ id: string, parent: string, role: "user", at: number, text: string }} Question */
/** @typedef {{ id: string, parent: string, role: "assistant", at: number, answer: Answer }} Reply */
/** @typedef {Question | Reply} Node */
/** @typedef {{ question: Question, reply: Reply }} Turn */
/** @typedef {{ id: string, title: string, named?: boolean, created: number, updated: number,
 *   chosen: Record<string, string> }} Head what a list of conversations knows of one */

/** The parent of a first question. */
const ROOT = "";
const TITLE_CHARACTERS = 60;

export class Conversation {
  /** @type {Head} */
  head;
  /** @type {Map<string, Node>} */
  #nodes = new Map();

  /**
   * @param {Head} head
   * @param {Node[]} nodes
   */
  constructor(head, nodes) {
    this.head = head;
    this.restore(nodes);
  }

  /** One that has not begun. */
  static empty(at = Date.now()) {
    return new Conversation({ id: freshId(), title: "", created: at, updated: at, chosen: {} }, []);
  }

  /** The turns of the path that is shown. @returns {Turn[]} */
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

  get nodes() {
    return [...this.#nodes.values()];
  }

  /**
   * A question at the end of the path, or in place of another one.
   * @param {string} text
   * @param {Question} [instead]
   * @returns {Turn}
   */
  ask(text, instead, at = Date.now()) {
    const parent = instead ? instead.parent : (this.turns.at(-1)?.reply.id ?? ROOT);
    const question = this.#add({ id: freshId(), parent, role: "user", at, text });
    if (!this.head.title) this.head.title = titleOf(text);
    return this.replyTo(/** @type {Question} */ (question), at);
  }

  /**
   * Another answer to a question.
   * @param {Question} question
   * @returns {Turn}
   */
  replyTo(question, at = Date.now()) {
    const reply = this.#add({ id: freshId(), parent: question.id, role: "assistant", at, answer: new Answer() });
    return { question, reply: /** @type {Reply} */ (reply) };
  }

  /**
   * What stands in the same place, in the order in which it came.
   * @param {Node} node
   */
  alternatives(node) {
    return this.nodes.filter((each) => each.parent === node.parent).sort((one, other) => one.at - other.at);
  }

  /** @param {Node} node */
  choose(node) {
    this.head.chosen[node.parent] = node.id;
    this.head.updated = Date.now();
  }

  /**
   * Takes a question out with all that follows it, and gives back what that was.
   * @param {Question} question
   */
  remove(question) {
    /** @type {Node[]} */
    const removed = [question];
    for (const node of removed) removed.push(...this.nodes.filter((each) => each.parent === node.id));
    for (const { id } of removed) this.#nodes.delete(id);
    delete this.head.chosen[question.parent];
    return removed;
  }

  /** @param {Node[]} nodes */
  restore(nodes) {
    for (const node of nodes) this.#nodes.set(node.id, node);
  }

  #add(/** @type {Node} */ node) {
    // Two that come in one millisecond keep their order.
    node.at = Math.max(node.at, ...this.nodes.map(({ at }) => at + 1));
    this.#nodes.set(node.id, node);
    this.choose(node);
    return node;
  }

  #shown(/** @type {string} */ parent) {
    const chosen = this.#nodes.get(this.head.chosen[parent] ?? "");
    return chosen ?? this.nodes.filter((each) => each.parent === parent).sort((one, other) => one.at - other.at).at(-1);
  }
}

/** `crypto.randomUUID` is missing where a page came by plain HTTP from another machine. */
export function freshId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");
}

/** The first words of a question. @param {string} text */
function titleOf(text) {
  const words = text.trim().replace(/\s+/g, " ");
  return words.length <= TITLE_CHARACTERS ? words : `${words.slice(0, TITLE_CHARACTERS).replace(/\s\S*$/, "")} …`;
}
