/** What a reader does with a turn. What is being written is stopped for it. */

import * as composer from "../composer/composer.js";
import * as notes from "../page/notes.js";
import { say } from "../words/words.js";
import { answer, ask, stop } from "./asking.js";
import * as log from "./log_view.js";
import { history, keep, open, showList } from "./open_conversation.js";

/** @type {Record<string, (act: Act) => void>} by the name of an act */
const DOES = {
	again({ turn }) {
		answer(turn);
		// Other tabs must not ask for it too.
		void keep([turn.reply]);
		// The button that was pressed goes.
		composer.focus();
	},
	regenerate: ({ turn }) => ask(open.conversation.replyTo(turn.question)),
	edit: ({ turn, text = "" }) => ask(open.conversation.ask(text, turn.question)),
	leaf({ turn, of = "reply", by = 0 }) {
		const { conversation } = open;
		const all = conversation.alternatives(turn[of]);
		const next = all[all.findIndex(({ id }) => id === turn[of].id) + by];
		if (!next) return;
		conversation.choose(next);
		log.show(conversation);
		composer.focus();
		void keep([]);
	},
	remove({ turn }) {
		const { conversation } = open;
		const before = conversation.turns.length;
		const chosen = { ...conversation.head.chosen };
		const removed = conversation.remove(turn.question);
		const show = () => open.conversation === conversation && log.show(conversation);
		show();
		composer.focus();
		void history.forget(conversation, removed);
		void showList();
		notes.toast(say("removed_turns", { n: Math.max(1, before - conversation.turns.length) }), () => {
			conversation.restore(removed);
			conversation.head.chosen = chosen;
			show();
			void keep(removed, conversation);
		});
	},
};

/** @param {Act} act */
export async function act(act) {
	// Pressed twice, it is meant once.
	if (act.does === "again" && open.running) return;
	await stop();
	DOES[act.does]?.(act);
}
