/**
 * One `POST /chat` as objects. Whatever happens, the last is exactly one of done, error or stopped, and nothing is asked
 * for twice.
 */

import { refusal } from "./refusal.js";
import { NotUnderstood, chunks, events, lines } from "./sse.js";

/** How long the end of the body may follow the terminal object, before the connection is given up. */
const LATE_END_MILLISECONDS = 1000;

/**
 * @param {ChatRequest} question
 * @param {StreamOptions} options
 * @returns {AsyncGenerator<AnswerObject, void, void>} objects of unknown types are passed on: ignore them
 */
export async function* answerStream(question, { signal, url = "chat", fetcher = fetch, heard } = {}) {
	// AbortSignal.any is missing in browsers that people still use.
	const line = new AbortController();
	const hangUp = () => line.abort();
	signal?.addEventListener("abort", hangUp);
	if (signal?.aborted) hangUp();
	let lateEnd = 0;
	let begun = false;
	let ended = false;
	try {
		const response = await post(question, { url, fetcher, signal: line.signal, accept: "text/event-stream" });
		if (!response.ok) return yield await refusal(response);
		begun = true;
		for await (const object of objects(response, heard)) {
			// The end of the body is read as well: hanging up before it would look like a user who left.
			if (ended) continue;
			ended = isTerminal(object);
			if (ended) lateEnd = setTimeout(hangUp, LATE_END_MILLISECONDS);
			yield object;
		}
		if (!ended) yield failure("connection_lost");
	} catch (error) {
		if (!ended) yield signal?.aborted ? { type: "stopped" } : failure(codeOf(error, begun));
	} finally {
		clearTimeout(lateEnd);
		signal?.removeEventListener("abort", hangUp);
	}
}

/** @param {object} body @param {PostOptions} options */
export function post(body, { url, fetcher, signal, accept }) {
	const headers = { "Content-Type": "application/json", "X-Requested-With": "first-token", Accept: accept };
	return fetcher(url, { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** @template {{ type: string }} T @param {T | Terminal} object @returns {object is Terminal} */
export const isTerminal = (object) => ["done", "error", "stopped"].includes(object.type);

/** @param {Response} response @param {() => void} [heard] */
async function* objects(response, heard) {
	const contentType = response.headers.get("Content-Type") ?? "none";
	if (!response.body || !contentType.startsWith("text/event-stream")) {
		throw new NotUnderstood(`Content-Type: expected text/event-stream, got ${contentType}`);
	}
	for await (const { data } of events(lines(chunks(response.body, heard)))) yield parsed(data);
}

/** @returns {AnswerObject} */
function parsed(data = "") {
	try {
		const object = JSON.parse(data);
		if (typeof object?.type !== "string") throw new NotUnderstood("an object without a type");
		const { type, text } = object;
		if (["delta", "reasoning"].includes(type) && typeof text !== "string") throw new NotUnderstood(`${type}: no text`);
		return object;
	} catch (error) {
		throw error instanceof SyntaxError ? new NotUnderstood(error.message) : error;
	}
}

/** @type {Record<string, string>} what a reader without words of its own can show */
const MESSAGES = {
	not_understood: "The server sent something that this page does not understand.",
	unreachable: "The server cannot be reached. Check the connection, then try again.",
	connection_lost: "The connection was lost before the answer was complete.",
	page_failed: "Something went wrong in this page.",
};

/** @returns {Failure} */
export const failure = (code = "") => ({ type: "error", code, message: MESSAGES[code] ?? "", retryable: true });

/**
 * A network that fails gives a TypeError; a browser that hangs up by itself, as before it sleeps, a DOMException.
 * @param {unknown} error
 */
function codeOf(error, begun = false) {
	if (error instanceof NotUnderstood) return "not_understood";
	if (!(error instanceof TypeError || error instanceof DOMException)) return "page_failed";
	return begun ? "connection_lost" : "unreachable";
}
