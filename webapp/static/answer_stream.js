/**
 * One `POST /chat`: the objects of its stream as they arrive.
 *
 * Whatever the network and the server do, the last object is exactly one of done, error or stopped, and nothing is
 * asked for twice: every answer is paid for.
 */

import { refusal } from "./refusal.js";
import { NotUnderstood, chunks, events, lines } from "./sse.js";

/** @typedef {{ role: "user" | "assistant", content: string }} Message */
/** @typedef {{ messages: Message[], model?: string }} Question */
/** @typedef {{ type: "start", id: string, model: string }} Start */
/** @typedef {{ type: "delta", text: string }} Delta */
/** @typedef {{ type: "done", finish_reason: string, reason?: string, usage?: { completion_tokens: number } | null }} Done */
/**
 * @typedef {{ type: "error", code: string, message: string, retryable: boolean, request_id?: string | undefined,
 *   retry_after_seconds?: number }} Failure
 */
/** @typedef {{ type: "stopped" }} Stopped */
/** @typedef {Done | Failure | Stopped} Terminal */
/** @typedef {Start | Delta | Terminal} AnswerObject */

/** How long the end of the body may follow the terminal object, before the connection is given up. */
const LATE_END_MILLISECONDS = 1000;

/** Relative to the page, so that the app may live below a path of its own. */
const URL_OF_CHAT = "chat";

/**
 * @param {Question} question
 * @param {AbortSignal} signal ends the answer with a stopped object
 * @param {typeof fetch} fetcher
 * @returns {AsyncGenerator<AnswerObject, void, void>}
 */
export async function* answerStream(question, signal, fetcher = fetch) {
  const late = new AbortController();
  let lateEnd = 0;
  let begun = false;
  let ended = false;
  try {
    const response = await fetcher(URL_OF_CHAT, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify(question),
      signal: AbortSignal.any([signal, late.signal]),
    });
    if (!response.ok) return yield await refusal(response);
    begun = true;
    for await (const object of objects(response)) {
      // The end of the body is read as well: hanging up before it would look like a user who left.
      if (ended) continue;
      ended = isTerminal(object);
      if (ended) lateEnd = setTimeout(() => late.abort(), LATE_END_MILLISECONDS);
      yield object;
    }
    if (!ended) yield connectionLost();
  } catch (error) {
    if (ended) return;
    yield signal.aborted ? { type: "stopped" } : failure(error, begun);
  } finally {
    clearTimeout(lateEnd);
  }
}

/**
 * @template {{ type: string }} T
 * @param {T | Terminal} object
 * @returns {object is Terminal}
 */
export function isTerminal(object) {
  return object.type === "done" || object.type === "error" || object.type === "stopped";
}

/**
 * @param {Response} response
 * @returns {AsyncGenerator<AnswerObject, void, void>}
 */
async function* objects(response) {
  const contentType = response.headers.get("Content-Type") ?? "none";
  if (!response.body || !contentType.startsWith("text/event-stream")) {
    throw new NotUnderstood(`Content-Type: expected text/event-stream, got ${contentType}`);
  }
  for await (const { data } of events(lines(chunks(response.body)))) yield parsed(data);
}

/**
 * @param {string} data
 * @returns {AnswerObject}
 */
function parsed(data) {
  try {
    const object = JSON.parse(data);
    if (typeof object?.type !== "string") throw new NotUnderstood("an object without a type");
    if (object.type === "delta" && typeof object.text !== "string") throw new NotUnderstood("a delta without text");
    return object;
  } catch (error) {
    throw error instanceof SyntaxError ? new NotUnderstood(error.message) : error;
  }
}

/**
 * @param {unknown} error
 * @param {boolean} begun
 * @returns {Failure}
 */
function failure(error, begun) {
  if (error instanceof NotUnderstood) {
    const message = "The server sent something that this page does not understand.";
    return { type: "error", code: "not_understood", message, retryable: true };
  }
  // What fetch and its body throw when the network fails is a TypeError, in each browser with words of its own.
  if (!(error instanceof TypeError)) throw error;
  if (begun) return connectionLost();
  const message = "The server cannot be reached. Check the connection, then try again.";
  return { type: "error", code: "unreachable", message, retryable: true };
}

/** @returns {Failure} */
function connectionLost() {
  const message = "The connection was lost before the answer was complete.";
  return { type: "error", code: "connection_lost", message, retryable: true };
}
