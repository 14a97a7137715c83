/** How an answer ended, as a sentence, and what its reader can do about it. */

import { knows, say, spokenLanguage } from "./words.js";

const CONTINUABLE = ["length", "interrupted"];

/** @type {Record<string, Action>} what helps where asking the same again does not */
const OTHER_ACTIONS = {
	context_length_exceeded: "new_chat",
	too_many_messages: "new_chat",
	model_not_allowed: "settings",
	upstream_model_unknown: "settings",
	upstream_refused: "settings",
	temperature_out_of_range: "settings",
	max_tokens_out_of_range: "settings",
	role_not_allowed: "settings",
};

/** @param {Answer} answer @returns {Notice | null} null while it is being written, and when it ended as it should */
export function notice({ hasText, ending }) {
	if (!ending) return null;
	const again = hasText ? "continue" : "retry";
	if (ending.type === "error") return wrong(ending, again);
	if (ending.type === "elsewhere") return calm("end.elsewhere");
	if (ending.type !== "done") return calm(`end.${ending.type}`, again);
	const { finish_reason } = ending;
	const key = `end.${finish_reason}`;
	// What has no words needs none, such as `stop`. `interrupted` is seen only when continuing was given up.
	if (knows(key)) return CONTINUABLE.includes(finish_reason) ? calm(key, again) : calm(key);
	return hasText ? null : calm("end.empty", again);
}

/** @param {Answer} answer */
export const announcement = (answer) => notice(answer)?.sentence ?? say("end.complete");

/** @param {Failure} ending @param {Action} again @returns {Notice} */
function wrong({ code, message, request_id, retryable, retry_after_seconds: waitSeconds = 0 }, again) {
	const other = OTHER_ACTIONS[code];
	const actions = [...(retryable ? [again] : []), ...(other ? [other] : [])];
	const fineprint = [code, request_id].filter(Boolean).join(" · ");
	return { tone: "wrong", sentence: sentence(code, message), actions, waitSeconds, fineprint };
}

/** The app's own sentence names limits and fields, but it is English. */
function sentence(code = "", message = "") {
	if (spokenLanguage().startsWith("en") && message) return message;
	const [, status] = /^http_(\d+)$/.exec(code) ?? [];
	if (status) return say("error.http", { status });
	return knows(`error.${code}`) ? say(`error.${code}`) : message;
}

/** @param {Action[]} actions @returns {Notice} */
const calm = (key = "", ...actions) => ({ tone: "calm", sentence: say(key), actions, waitSeconds: 0, fineprint: "" });
