/** One side of the race: how it asks, the clock, the text, and how it ended. */

import { markdownView } from "../markdown/markdown_view.js";
import { part } from "../page/elements.js";
import { failure, post } from "../stream/answer_stream.js";
import { answerStream, refusal } from "../stream/stream.js";
import { Answer } from "../turns/answer.js";
import { notice } from "../words/notice.js";
import { number, say } from "../words/words.js";

const TICK_MILLISECONDS = 33;
const now = () => performance.now() / 1000;

/** @type {Racer} */
export const streaming = (question, signal, fetcher) => answerStream(question, { signal, fetcher });

/** The whole answer as the objects that a stream has, all at the moment when it is there. @type {Racer} */
export async function* blocking(question, signal, fetcher) {
	try {
		const response = await post({ ...question, stream: false }, { url: "chat", fetcher, signal, accept: "application/json" });
		if (!response.ok) return yield await refusal(response);
		const { id, model, text, finish_reason, usage } = Object(await response.json());
		yield { type: "start", id, model };
		yield { type: "delta", text: String(text ?? "") };
		yield { type: "done", finish_reason, usage };
	} catch (error) {
		yield signal.aborted ? { type: "stopped" } : failure(error instanceof SyntaxError ? "not_understood" : "unreachable");
	}
}

/**
 * @param {HTMLElement} root
 * @param {AsyncIterable<AnswerObject>} objects
 * @returns {Promise<Answer>} ended, in whichever way
 */
export async function run(root, objects) {
	const answer = new Answer();
	const text = part("text", root);
	const enter = (state = "") => (root.dataset["state"] = state);
	const tick = () => (part("clock", root).textContent = number(answer.seconds(now()), 2));
	const view = markdownView(text, say);
	answer.begin(now());
	enter("waiting");
	const ticking = setInterval(tick, TICK_MILLISECONDS);
	for await (const object of objects) {
		if (answer.ending) continue;
		answer.take(object, now());
		if (object.type !== "delta") continue;
		enter("writing");
		view.append(object.text);
		text.scrollTop = text.scrollHeight;
	}
	clearInterval(ticking);
	view.finish();
	tick();
	enter("ended");
	const textContent = notice(answer)?.sentence;
	if (textContent) text.append(Object.assign(document.createElement("p"), { className: "problem", textContent }));
	return answer;
}
