/**
 * The door of what is kept: conversations in this browser, and nowhere else. Each message is a record of its own, written
 * once a second while it grows: tabs that have a conversation open add to it and destroy nothing of each other's.
 */

import { keep, kept, ofTab } from "../page/storage.js";
import { conversationOf, rowOf } from "./records.js";
import { openStore } from "./store.js";

/** What a page that is left in the middle has not kept yet: the one thing that can be written before it goes. */
const UNSAVED = "unsaved";

export function openHistory() {
  /** @type {{ trouble: (trouble: Trouble) => void, elsewhere: (conversation: string) => void }} */
  let told = { trouble: () => {}, elsewhere: () => {} };
  // Opened while the page can be used already.
  const opening = openStore();
  const rescued = opening.then(rescue);
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("first-token") : null;
  /** @type {Map<string, string>} what is written in each conversation, for searching: made when it is first searched */
  const texts = new Map();

  const store = async () => (await rescued, opening);
  const of = async (id = "") => (await store()).of(id);
  const all = async (/** @type {Table} */ table) => (await store()).all(table).catch(() => []);
  const headOf = async (id = "") => (await heads()).find((head) => head.id === id);

  /** What there is, the latest first. @returns {Promise<Head[]>} */
  async function heads() {
    const found = /** @type {any[]} */ (await all("conversations"));
    return found.sort((one, other) => other.updated - one.updated);
  }

  /** A failure is told, and the page goes on. @param {Change} change */
  async function write(change, conversation = "", isNews = true) {
    texts.delete(conversation);
    try {
      await (await store()).write(change);
      if (isNews) channel?.postMessage(conversation);
    } catch (error) {
      told.trouble(Object(error).name === "QuotaExceededError" ? "store.full" : "store.failed");
    }
  }

  async function rescue(/** @type {Store} */ store) {
    if (!store.isLasting) told.trouble("store.none");
    const unsaved = kept(ofTab, UNSAVED);
    keep(ofTab, UNSAVED, "");
    if (unsaved) await store.write({ put: { messages: [JSON.parse(unsaved)] } }).catch(() => {});
  }

  async function textOf(id = "") {
    const known = texts.get(id);
    if (known !== undefined) return known;
    const text = (await of(id)).map((row) => row["text"] ?? row["answer"].text).join("\n").toLowerCase();
    texts.set(id, text);
    return text;
  }

  channel?.addEventListener("message", ({ data }) => {
    texts.delete(data);
    told.elsewhere(data);
  });

  return {
    heads,

    /** @param {typeof told} listeners elsewhere: another tab has changed a conversation */
    listen(listeners) {
      told = listeners;
    },

    async load(id = "") {
      const head = await headOf(id);
      return head ? conversationOf(head, await of(id)) : null;
    },

    /** The conversations that hold all of these words, in their name or in what was written. */
    async matching(words = "") {
      const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
      const found = new Set();
      for (const { id, title } of await heads()) {
        const texts = [title.toLowerCase(), await textOf(id)];
        if (wanted.every((word) => texts.some((text) => text.includes(word)))) found.add(id);
      }
      return found;
    },

    /** Keeps a conversation's head and these of its messages. @param {Conversation} of @param {TreeNode[]} nodes */
    save({ head }, nodes, at = 0) {
      return write({ put: { conversations: [{ ...head }], messages: nodes.map((node) => rowOf(head, node, at)) } }, head.id);
    },

    /** One message as it grows: the others need not know. @param {Head} head @param {TreeNode} node */
    saveGrowing(head, node, at = 0) {
      return write({ put: { messages: [rowOf(head, node, at)] } }, head.id, false);
    },

    /** @param {Conversation} of @param {TreeNode[]} nodes */
    forget({ head }, nodes) {
      return write({ put: { conversations: [{ ...head }] }, remove: { messages: nodes.map(({ id }) => id) } }, head.id);
    },

    async rename(id = "", title = "") {
      const head = await headOf(id);
      if (head) await write({ put: { conversations: [{ ...head, title, named: true }] } }, id);
    },

    /** Returns what takes the deletion back. */
    async remove(id = "") {
      const head = await headOf(id);
      const messages = await of(id);
      await write({ remove: { conversations: [id], messages: messages.map((row) => row.id) } }, id);
      return () => write({ put: { conversations: head ? [head] : [], messages } }, id);
    },

    /** One conversation, or all. @param {string} [id] @returns {Promise<Kept[]>} */
    async rows(id) {
      const wanted = (await heads()).filter((head) => id === undefined || head.id === id);
      return Promise.all(wanted.map(async (head) => ({ head, messages: await of(head.id) })));
    },

    /** What is here already stays as it is. @param {Kept[]} conversations */
    async add(conversations) {
      for (const { head, messages } of conversations) {
        const known = new Set((await of(head.id)).map(({ id }) => id));
        const put = { conversations: (await headOf(head.id)) ? [] : [head], messages: messages.filter(({ id }) => !known.has(id)) };
        await write({ put }, head.id);
      }
    },

    /** The page is being left: there is time for no more than this. @param {Head} head @param {TreeNode} node */
    leave(head, node, at = 0) {
      keep(ofTab, UNSAVED, JSON.stringify(rowOf(head, node, at)));
    },
  };
}
