/**
 * The door of what is kept: conversations in this browser, and nowhere else.
 *
 * Each message is a record of its own, written once a second while it grows: tabs that have the same conversation open
 * add to it and destroy nothing of each other's.
 */

import { conversationOf, rowOf } from "./records.js";
import { openStore } from "./store.js";

export { Drafts } from "./drafts.js";
export { exported, imported } from "./files.js";
export { ListView } from "./list_view.js";

/** @typedef {import("../turns/conversation.js").Conversation} Conversation */
/** @typedef {import("../turns/conversation.js").Head} Head */
/** @typedef {import("../turns/conversation.js").Node} Node */
/** @typedef {import("./store.js").Row} Row */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {"store.none" | "store.full" | "store.failed"} Trouble */

/** What a page that is left in the middle has not kept yet: the one thing that can be written before it goes. */
const UNSAVED = "unsaved";

export class History {
  #store;
  #channel;
  #onTrouble;

  /**
   * @param {Promise<Store>} store opened while the page can be used already
   * @param {(trouble: Trouble) => void} onTrouble
   * @param {(conversation: string) => void} onElsewhere another tab has changed this conversation
   */
  constructor(store, onTrouble, onElsewhere) {
    this.#store = store.then((opened) => this.#rescue(opened));
    this.#onTrouble = onTrouble;
    this.#channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("first-token") : null;
    this.#channel?.addEventListener("message", ({ data }) => onElsewhere(data));
  }

  /**
   * @param {(trouble: Trouble) => void} onTrouble
   * @param {(conversation: string) => void} onElsewhere
   */
  static open(onTrouble, onElsewhere) {
    return new History(openStore(), onTrouble, onElsewhere);
  }

  /** What there is, the latest first. @returns {Promise<Head[]>} */
  async heads() {
    const heads = /** @type {any[]} */ (await this.#all("conversations"));
    return heads.sort((one, other) => other.updated - one.updated);
  }

  /** @param {string} id @returns {Promise<Conversation | null>} */
  async load(id) {
    const head = (await this.heads()).find((each) => each.id === id);
    return head ? conversationOf(head, await this.#of(id)) : null;
  }

  /**
   * The conversations that hold all of these words, in their name or in what was written.
   * @param {string} words
   * @returns {Promise<Set<string>>}
   */
  async matching(words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    /** @type {Map<string, string[]>} */
    const texts = new Map();
    for (const head of await this.heads()) texts.set(head.id, [head.title]);
    for (const row of await this.#all("messages")) {
      texts.get(row["conversation"])?.push(row["text"] ?? row["answer"].text);
    }
    const found = [...texts].filter(([, all]) => {
      const text = all.join("\n").toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
    return new Set(found.map(([id]) => id));
  }

  /**
   * Keeps a conversation's head and these of its messages. A failure is told, and the page goes on.
   * @param {Conversation} conversation
   * @param {Node[]} nodes
   * @param {number} at
   */
  async save({ head }, nodes, at) {
    await this.#write({ put: { conversations: [{ ...head }], messages: nodes.map((node) => rowOf(head, node, at)) } }, head.id);
  }

  /** One message as it grows: the others need not know. @param {Head} head @param {Node} node @param {number} at */
  async saveGrowing(head, node, at) {
    await this.#write({ put: { messages: [rowOf(head, node, at)] } }, "");
  }

  /** @param {Conversation} conversation @param {Node[]} nodes */
  async forget({ head }, nodes) {
    const messages = nodes.map(({ id }) => id);
    await this.#write({ put: { conversations: [{ ...head }] }, remove: { messages } }, head.id);
  }

  /** @param {string} id @param {string} title */
  async rename(id, title) {
    const head = (await this.heads()).find((each) => each.id === id);
    if (head) await this.#write({ put: { conversations: [{ ...head, title, named: true }] } }, id);
  }

  /**
   * @param {string} id
   * @returns {Promise<() => Promise<void>>} takes the deletion back
   */
  async remove(id) {
    const head = (await this.heads()).find((each) => each.id === id);
    const messages = await this.#of(id);
    await this.#write({ remove: { conversations: [id], messages: messages.map((row) => row.id) } }, id);
    return () => this.#write({ put: { conversations: head ? [/** @type {Row} */ ({ ...head })] : [], messages } }, id);
  }

  /** @param {string} [id] one conversation, or all @returns {Promise<{ head: Row, messages: Row[] }[]>} */
  async rows(id) {
    const heads = (await this.heads()).filter((head) => id === undefined || head.id === id);
    const all = id === undefined ? await this.#all("messages") : await this.#of(id);
    return heads.map((head) => ({ head, messages: all.filter((row) => row["conversation"] === head.id) }));
  }

  /** What is here already stays as it is. @param {{ head: Row, messages: Row[] }[]} conversations */
  async add(conversations) {
    for (const { head, messages } of conversations) {
      const isKnown = (await this.heads()).some(({ id }) => id === head.id);
      const known = new Set((await this.#of(head.id)).map(({ id }) => id));
      const put = { conversations: isKnown ? [] : [head], messages: messages.filter(({ id }) => !known.has(id)) };
      await this.#write({ put }, head.id);
    }
  }

  /**
   * The page is being left: there is time for no more than this.
   * @param {Head} head
   * @param {Node} node
   * @param {number} at
   */
  leave(head, node, at) {
    try {
      sessionStorage.setItem(UNSAVED, JSON.stringify(rowOf(head, node, at)));
    } catch {
      // Without room there the last second of the answer is lost, and nothing else.
    }
  }

  /** @param {import("./store.js").Table} table */
  async #all(table) {
    return (await this.#store).all(table).catch(() => []);
  }

  /** @param {string} conversation */
  async #of(conversation) {
    return (await this.#store).of(conversation);
  }

  /** @param {Store} store */
  async #rescue(store) {
    if (!store.isLasting) this.#onTrouble("store.none");
    try {
      const unsaved = sessionStorage.getItem(UNSAVED);
      if (unsaved) await store.write({ put: { messages: [JSON.parse(unsaved)] } });
      sessionStorage.removeItem(UNSAVED);
    } catch {
      // Blocked, or not ours.
    }
    return store;
  }

  /**
   * @param {import("./store.js").Change} change
   * @param {string} conversation
   */
  async #write(change, conversation) {
    try {
      await (await this.#store).write(change);
      if (conversation) this.#channel?.postMessage(conversation);
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
      this.#onTrouble(isFull ? "store.full" : "store.failed");
    }
  }
}
