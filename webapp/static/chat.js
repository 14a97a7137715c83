/** The chat page: what its user does, and what that sets going. */

import { now } from "./chat/answering.js";
import { act } from "./chat/acts.js";
import { send, stop } from "./chat/asking.js";
import * as conversations from "./chat/conversations.js";
import { history, keyOfDraft, open, showList } from "./chat/open_conversation.js";
import { startComposer } from "./composer/composer.js";
import * as drafts from "./history/drafts.js";
import { complain, startList, toggleList } from "./history/list_view.js";
import { button, element, facts, html, onActions, part } from "./page/elements.js";
import { listenToKeys } from "./page/keyboard.js";
import * as notes from "./page/notes.js";
import { openSettings, settings, startSettings } from "./settings/settings_view.js";
import { figuresAsMarkdown, showFigures } from "./view/figures_view.js";
import { say, speak } from "./words/words.js";

const { words, language, limits } = facts();
speak(words, language);

const { newChat } = conversations;
const does = {
	newChat,
	stop,
	toggleList,
	openSettings,
	help: () => element("#help", HTMLDialogElement).showModal(),
	showFigures: () => showFigures(open.conversation.turns),
	write: () => html("#prompt").focus(),
	copyLast() {
		const last = open.conversation.turns.at(-1);
		if (last) void notes.copy(last.reply.answer.text);
	},
};

const sendsOn = () => settings.values.sendKey;
startSettings(() => (part("keys").textContent = say(`keys.${sendsOn()}`)));
const changed = (draft = "") => drafts.keep(keyOfDraft(), draft);
startComposer({ send, stop, changed, sendsOn, mostCharacters: limits.characters }, drafts.of(""));
startList({ ...conversations, matching: history.matching });
history.listen({
	elsewhere: conversations.changedElsewhere,
	trouble: (trouble) => [complain, notes.trouble].forEach((tell) => tell(say(trouble))),
});

button("#new-chat").onclick = newChat;
onActions(document, does);
part("copy", html("#figures")).onclick = () => notes.copy(figuresAsMarkdown());
html("#suggestions").onclick = ({ target }) => target instanceof HTMLButtonElement && send(target.textContent ?? "");
html("#turns").addEventListener("act", (event) => {
	const { detail } = /** @type {CustomEvent<Act>} */ (event);
	if (detail.does === "copy") void notes.copy(detail.text);
	else if (detail.does === "new_chat") newChat();
	else if (detail.does === "settings") openSettings();
	else void act(detail);
});
listenToKeys(does);
const openAddressed = () => {
	const id = location.hash.slice(1);
	if (id) void conversations.openConversation(id);
	else if (open.conversation.turns.length > 0) newChat();
};
addEventListener("popstate", openAddressed);
addEventListener("pagehide", () => history.leave(open.conversation.head, open.running?.turn.reply, now()));
notes.watchLine();
html("#unready").remove();
openAddressed();
void showList();
