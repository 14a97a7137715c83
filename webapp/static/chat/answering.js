/** One answer while it is being written: taken, shown and kept; however it ends, it ends once. */

import { failure } from "../stream/answer_stream.js";
import { answerStream, continued, sleepUntilAborted } from "../stream/stream.js";

const REFRESH_MILLISECONDS = 100;
const SAVE_SECONDS = 1;

/** Seconds on a clock that nobody sets. */
export const now = () => performance.now() / 1000;

/** @param {Conversation} conversation @param {Turn} turn @param {AnsweringUses} uses */
export function answering(conversation, turn, { question, fetcher, took, ended, save, refresh }) {
	const { answer } = turn.reply;
	const hangUp = new AbortController();
	const { signal } = hangUp;
	let heardAt = now();
	let savedAt = 0;
	let isLeft = false;

	const heard = () => (heardAt = now());
	const ask = () => answerStream(question(), { signal, fetcher, heard });

	function tick() {
		const at = now();
		refresh(at, at - heardAt);
		if (at - savedAt < SAVE_SECONDS) return;
		savedAt = at;
		save(at);
	}

	/** @param {AnswerObject | Continuing} object */
	function take(object) {
		if (answer.ending) return;
		answer.take(object, now());
		if (isLeft && object.type === "error") answer.ending = { type: "left" };
		try {
			if (object.type !== "continuing") took(object, now());
		} finally {
			if (answer.ending) ended();
		}
	}

	async function run() {
		try {
			for await (const object of continued(ask, sleepUntilAborted(signal))) {
				take(object);
				// The next question need not wait for the end of the body.
				if (answer.ending) clearInterval(ticking);
			}
		} catch {
			// A fault of this page must not leave an answer that is never over.
			take(failure("page_failed"));
		} finally {
			clearInterval(ticking);
		}
	}

	answer.begin(now());
	const ticking = setInterval(tick, REFRESH_MILLISECONDS);
	return {
		conversation,
		turn,
		stop: () => hangUp.abort(),

		/** The page is about to go. Firefox breaks its connections before it does. */
		leave: () => void (isLeft = true),

		/** When the body of the answer has ended, which is after its last object. */
		over: run(),
	};
}
