/** What was typed and not sent: in the tab, so that two keep apart, and in the browser, for the day after a crash. */

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
