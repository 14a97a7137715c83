/** The times of an answer in words, as the browser saw them. */

import { number, say, seconds } from "./words.js";

/** English has about this many characters in a token; nobody has counted them while an answer is being written. */
const CHARACTERS_IN_A_TOKEN = 4;

/** @param {Answer} answer */
export function figures(answer, at = 0) {
	const { ending, firstThoughtSeconds: thought, firstTextSeconds: first, completionTokens } = answer;
	const total = answer.seconds(at);
	const parts = thought === null ? [] : [timed("first_thought", thought)];
	if (first === null) parts.push(ending ? timed("no_text", total) : timed("waiting", Math.floor(total), 0));
	else {
		parts.push(timed("first_token", first), ending ? timed("in_all", total) : timed("so_far", total, 1));
		if (ending && completionTokens) parts.push(say("figures.tokens", { n: completionTokens }));
	}
	return parts.join(" · ");
}

/** @param {Answer} answer */
export function rate(answer, at = 0) {
	if (answer.ending) {
		const counted = answer.tokensPerSecond(at);
		return counted === null ? "" : say("figures.rate", { n: Math.round(counted) });
	}
	const since = answer.firstSeconds;
	if (since === Infinity) return "";
	const tokens = (answer.text.length + answer.reasoning.length) / CHARACTERS_IN_A_TOKEN;
	const writing = answer.seconds(at) - since;
	const about = (key = "", n = 0) => say("figures.about", { n: say(key, { n: Math.round(n) }) });
	const said = [about("figures.tokens", tokens)];
	if (writing >= 1) said.push(about("figures.rate", tokens / writing));
	return said.join(" · ");
}

const timed = (key = "", value = 0, digits = 2) => say(`figures.${key}`, { time: seconds(value, digits) });

/** @param {Answer} answer */
export const thinking = (answer, at = 0) =>
	say(answer.isThinking ? "thinking" : "thought", { time: seconds(answer.thinkingSeconds(at), 1) });

/**
 * First thought, first token, total, tokens, tokens a second; null where unknown.
 * @param {Answer} answer
 * @returns {(number | null)[]}
 */
export function row(answer) {
	const { firstThoughtSeconds, firstTextSeconds, completionTokens } = answer;
	return [firstThoughtSeconds, firstTextSeconds, answer.seconds(0), completionTokens || null, answer.tokensPerSecond(0)];
}

/** @param {(number | null)[]} values a row */
export const rowInWords = (values) =>
	values.map((value, index) => (value === null ? "–" : index < 3 ? seconds(value) : number(Math.round(value))));

/** @param {(number | null)[]} values */
export function median(values) {
	const known = values.filter((value) => value !== null).sort((one, other) => one - other);
	if (known.length === 0) return null;
	const middle = (known.length - 1) / 2;
	return ((known[Math.floor(middle)] ?? 0) + (known[Math.ceil(middle)] ?? 0)) / 2;
}
