/** Conversations opened, begun, named, deleted, taken out and in: what is done with one as a whole. */

import * as composer from "../composer/composer.js";
import * as drafts from "../history/drafts.js";
import { exported, imported } from "../history/files.js";
import { closeIfOver, complain } from "../history/list_view.js";
import { save } from "../page/files.js";
import * as notes from "../page/notes.js";
import { Conversation } from "../turns/conversation.js";
import { say } from "../words/words.js";
import { setRunning, stop } from "./asking.js";
import * as log from "./log_view.js";
import { history, keyOfDraft, open, showList } from "./open_conversation.js";

/** What is being written in the one before is stopped, and kept as far as it came. @param {Conversation} conversation */
function show(conversation, address = `#${conversation.head.id}`) {
  stop();
  setRunning(null);
  notes.status("");
  drafts.keep(keyOfDraft(), composer.draft());
  open.conversation = conversation;
  log.show(conversation);
  log.sayLeftOut();
  composer.setDraft(drafts.of(keyOfDraft()));
  if (location.hash !== new URL(address, location.href).hash) window.history.pushState(null, "", address);
  closeIfOver();
  void showList();
}

export function newChat() {
  show(Conversation.empty(), location.pathname + location.search);
  composer.focus();
}

export async function openConversation(id = "") {
  if (id === open.conversation.head.id) return closeIfOver();
  const found = await history.load(id);
  if (!found) return;
  show(found);
  log.toEnd();
}

/** Another tab has added to a conversation, renamed or deleted it. */
export async function changedElsewhere(id = "") {
  await showList();
  const isShown = () => id === open.conversation.head.id && !open.running;
  const found = isShown() && (await history.load(id));
  if (!found || !isShown()) return;
  open.conversation = found;
  log.show(found);
}

export async function rename(id = "", title = "") {
  const { head } = open.conversation;
  if (id === head.id) Object.assign(head, { title, named: true });
  await history.rename(id, title);
  await showList();
}

/** @param {Head} head */
export async function remove({ id, title }) {
  if (id === open.conversation.head.id) newChat();
  const undo = await history.remove(id);
  await showList();
  notes.toast(say("removed", { title: title || say("untitled") }), () => void undo().then(showList));
}

/** One conversation in both formats, or all as JSON. @param {string} [id] */
export async function exportFiles(id) {
  const rows = await history.rows(id);
  const title = id ? (rows[0]?.head["title"] ?? "") : "conversations";
  if (id) save(`${title}.md`, "text/markdown", exported(rows, "md"));
  save(`${title}.json`, "application/json", exported(rows));
}

/** @param {Iterable<File>} files */
export async function importFiles(files) {
  let count = 0;
  for (const file of files) {
    try {
      const found = imported(await file.text());
      await history.add(found);
      count += found.length;
    } catch (error) {
      const places = Object(error).places;
      complain(say(places ? "import.field" : "import.not_json", { name: file.name, ...places }));
    }
  }
  await showList();
  if (count > 0) notes.toast(say("imported", { n: count }));
}
