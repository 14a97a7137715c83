/** What the app is sent, as docs/page.md and tests/page_requests.json have it. */

const encoder = new TextEncoder();

/** @param {Turn[]} turns @param {Settings} settings @param {AppLimits} limits @param {{ model?: string }} chosen empty where there is one model alone */
export function questionOf(turns, settings, limits, chosen) {
	const system = limits.system ? settings.values.system : "";
	const sent = messages(turns, { ...limits, messages: limits.messages - (system ? 1 : 0) });
	if (system) {
		sent.messages.unshift({ role: "system", content: system });
		sent.firstTurns.unshift(0);
	}
	return { ...sent, question: { messages: sent.messages, ...chosen, ...settings.fields(limits) } };
}

/**
 * The last answer, if it has text, asks for its continuation. Questions that were never answered become one with the next:
 * some chat templates refuse two in a row. Of what does not fit, the oldest turns go: as many as `leftOut` says. The first
 * turn that is in a message stands in the same place of `firstTurns`.
 * @param {Turn[]} turns @param {Limits} limits
 */
export function messages(turns, limits) {
	const parts = turns.flatMap((turn, at) => (isRefused(turn) ? [] : [messagesOf(turn, at)]));
	const kept = fitting(parts, limits);
	const sent = joined(kept.flat(), limits.characters);
	return {
		messages: sent.map(({ role, content }) => ({ role, content })),
		firstTurns: sent.map(({ turn }) => turn),
		leftOut: kept.length < parts.length ? (sent[0]?.turn ?? 0) : 0,
	};
}

/** Refused for what it is: sent along, it would have every later one refused too. @param {Turn} turn */
export function isRefused({ reply: { answer } }) {
	return !answer.hasText && answer.ending?.type === "error" && !answer.ending.retryable && !isDenied(answer);
}

/** Refused for who asks: it wants another access token. @param {Answer} answer */
export const isDenied = ({ ending }) => ending?.type === "error" && ending.code === "access_denied";

/** @param {Turn} of @returns {Sent[]} */
function messagesOf({ question, reply: { answer } }, turn = 0) {
	/** @type {Sent} */
	const asked = { role: "user", content: question.text, turn };
	return answer.hasText ? [asked, { role: "assistant", content: answer.text, turn }] : [asked];
}

/** @param {Sent[][]} parts @param {Limits} limits */
function fitting(parts, limits) {
	let count = 0;
	let bytes = 0;
	for (let first = parts.length - 1; first >= 0; first -= 1) {
		const part = parts[first] ?? [];
		count += part.length;
		bytes += encoder.encode(JSON.stringify(part, ["role", "content"])).length;
		// The last question goes out whatever it is: what is wrong with it, the app says best.
		if (first < parts.length - 1 && (count > limits.messages || bytes > limits.bytes)) return parts.slice(first + 1);
	}
	return parts;
}

/** @param {Sent[]} all */
function joined(all, mostCharacters = 0) {
	/** @type {Sent[]} */
	const messages = [];
	for (const message of all) {
		const last = messages.at(-1);
		const { content } = message;
		const both = `${last?.content}\n\n${content}`;
		if (last?.role !== message.role) messages.push({ ...message });
		else last.content = last.content.trim() === content.trim() || both.length > mostCharacters ? content : both;
	}
	return messages;
}
