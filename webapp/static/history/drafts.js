/**
 * What was typed and not sent, for each conversation: it survives a reload, and the tab. The tab's own storage comes first,
 * so that two tabs do not overwrite what is typed in the other; the browser's is for the day after a crash.
 */

import * as storage from "../page/storage.js";

const PREFIX = "draft:";

/** @param {string} conversation empty for a chat that has not begun */
export function of(conversation) {
  const key = PREFIX + conversation;
  return storage.kept(storage.ofTab, key) || storage.kept(storage.ofBrowser, key);
}

export function keep(conversation = "", text = "") {
  for (const each of [storage.ofTab, storage.ofBrowser]) storage.keep(each, PREFIX + conversation, text);
}
