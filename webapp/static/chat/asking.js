/** What a reader asks, and how it is answered: one at a time. */

import { accessForm } from "../composer/access.js";
import * as composer from "../composer/composer.js";
import { facts } from "../page/elements.js";
import * as notes from "../page/notes.js";
import * as speaker from "../page/speaker.js";
import { chosenModel, settings } from "../settings/settings_view.js";
import { isDenied, isRefused, questionOf } from "../turns/messages.js";
import { announcement } from "../words/notice.js";
import { say, seconds } from "../words/words.js";
import { answering, now } from "./answering.js";
import * as log from "./log_view.js";
import { goTo, history, keep, open } from "./open_conversation.js";

const { limits, heartbeat_seconds } = facts();
const access = accessForm(() => {
	const last = lastDenied();
	if (last) answer(last);
	else composer.focus();
});

export function send(text = "") {
	if (open.running || text.trim() === "") return;
	if (lastDenied()) return access.focus();
	const { conversation } = open;
	// What was asked is no draft any more, unless it came from elsewhere.
	if (composer.draft() === text) composer.setDraft("");
	ask(conversation.ask(text));
	goTo(`#${conversation.head.id}`);
}

/** What came is kept when this returns. */
export async function stop() {
	if (!open.running) return;
	open.running.stop();
	await open.running.over;
}

/** @param {Turn} turn */
export function ask(turn) {
	log.show(open.conversation);
	void keep([turn.question, turn.reply]);
	log.toEnd();
	answer(turn);
}

/** @param {Turn} turn */
export function answer(turn) {
	const { conversation } = open;
	const view = log.viewOf(turn);
	/** @type {number[]} */
	let firstTurns = [];
	const task = answering(conversation, turn, {
		question() {
			// Made again for each part of an answer: its text has grown meanwhile.
			const sent = questionOf(conversation.turns, settings, limits, chosenModel());
			log.sayLeftOut(sent.leftOut, say("left_out", { n: sent.leftOut, most: limits.messages }));
			({ firstTurns } = sent);
			return sent.question;
		},
		fetcher: access.fetch,
		took(object, at) {
			view?.take(object, at);
			if (object.type === "delta") speaker.hear(object.text);
			if (object.type !== "done" || !object.dropped_messages) return;
			const n = firstTurns[object.dropped_messages] ?? conversation.turns.length - 1;
			log.sayLeftOut(n, say("no_room", { n }));
		},
		ended: () => ended(task),
		save: (at) => void history.saveGrowing(conversation.head, turn.reply, at),
		refresh(at, silent) {
			view?.render(at);
			view?.warn(silent > 2 * heartbeat_seconds ? say("silent", { time: seconds(Math.floor(silent), 0) }) : "");
		},
	});
	setRunning(task);
	speaker.begin();
	notes.status(say("end.writing"));
	view?.begin(now());
}

/** @param {Task} task */
function ended(task) {
	const { turn, conversation } = task;
	void keep([turn.reply], conversation);
	if (task !== open.running) return;
	setRunning(null);
	log.viewOf(turn)?.render(now());
	speaker.finish();
	notes.status(announcement(turn.reply.answer));
	// What was refused for what it is has to be changed, not retried.
	if (isRefused(turn) && composer.draft() === "") composer.setDraft(turn.question.text);
	if (isDenied(turn.reply.answer)) access.denied();
}

/** @param {Task | null} task */
export function setRunning(task) {
	open.running = task;
	// A page that has one cannot be gone back to at once.
	window.onbeforeunload = task && (() => task.leave());
	composer.setRunning(task !== null);
}

function lastDenied() {
	const last = open.conversation.turns.at(-1);
	return last && isDenied(last.reply.answer) ? last : null;
}
