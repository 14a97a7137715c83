/**
 * One `POST /chat`: the objects of its stream as they arrive.
 *
 * Whatever the network and the server do, the last object is exactly one of done, error or stopped, and nothing is
 * asked for twice: every answer is paid for.
 */

import { refusal } from "./refusal.js";
import { NotUnderstood, chunks, events, lines } from "./sse.js";

/** @typedef {{ role: "user" | "assistant" | "system", content: string }} Message */
/**
 * @typedef {{ messages: Message[], model?: string, temperature?: number, max_tokens?: number,
 *   reasoning_effort?: string }} Question
 */
/** @typedef {{ type: "start", id: string, model: string }} Start */
/** @typedef {{ type: "delta", text: string }} Delta */
/** @typedef {{ type: "reasoning", text: string }} Reasoning what a model lets see of its thinking */
/** @typedef {{ prompt_tokens?: number, completion_tokens: number }} Usage */
/**
 * @typedef {{ type: "done", finish_reason: string, reason?: string, usage?: Usage | null, dropped_messages?: number }} Done
 *   dropped_messages: how many of the oldest the answer knows nothing of
 */
/**
 * @typedef {{ type: "error", code: string, message: string, retryable: boolean, request_id?: string | undefined,
 *   retry_after_seconds?: number }} Failure
 */
/** @typedef {{ type: "stopped" }} Stopped */
/** @typedef {Done | Failure | Stopped} Terminal */
/** @typedef {Start | Delta | Reasoning | Terminal} AnswerObject */

/** How long the end of the body may follow the terminal object, before the connection is given up. */
const LATE_END_MILLISECONDS = 1000;

/**
 * @typedef {{ signal?: AbortSignal, url?: string, fetcher?: typeof fetch, heard?: () => void }} Options
 *   signal ends the answer with a stopped object; url of the app's /chat, by default relative to the page, so that the
 *   app may live below a path of its own; heard is called for all that comes, heartbeats too
 */

/**
 * @param {Question} question
 * @param {Options} options
 * @returns {AsyncGenerator<AnswerObject, void, void>} objects of unknown types are passed on: ignore them
 */
export async function* answerStream(question, { signal, url = "chat", fetcher = fetch, heard = () => {} } = {}) {
  // One controller for both reasons to hang up: AbortSignal.any is missing in browsers that people still use.
  const line = new AbortController();
  const hangUp = () => line.abort();
  signal?.addEventListener("abort", hangUp);
  if (signal?.aborted) hangUp();
  let lateEnd = 0;
  let begun = false;
  let ended = false;
  try {
    const response = await fetcher(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Requested-With": "first-token", Accept: "text/event-stream" },
      body: JSON.stringify(question),
      signal: line.signal,
    });
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
 * @param {() => void} heard
 * @returns {AsyncGenerator<AnswerObject, void, void>}
 */
async function* objects(response, heard) {
  const contentType = response.headers.get("Content-Type") ?? "none";
  if (!response.body || !contentType.startsWith("text/event-stream")) {
    throw new NotUnderstood(`Content-Type: expected text/event-stream, got ${contentType}`);
  }
  for await (const { data } of events(lines(overheard(chunks(response.body), heard)))) yield parsed(data);
}

/**
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {() => void} heard
 */
async function* overheard(chunks, heard) {
  for await (const chunk of chunks) {
    heard();
    yield chunk;
  }
}

/**
 * @param {string} data
 * @returns {AnswerObject}
 */
function parsed(data) {
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

/**
 * What fetch and its body throw when the network fails is a TypeError, in each browser with words of its own; a browser
 * that hangs up by itself, as before it sleeps, throws a DOMException.
 * @param {unknown} error
 * @param {boolean} begun
 */
function codeOf(error, begun) {
  if (error instanceof NotUnderstood) return "not_understood";
  if (!(error instanceof TypeError || error instanceof DOMException)) return "page_failed";
  return begun ? "connection_lost" : "unreachable";
}

/**
 * @param {string} code
 * @returns {Failure}
 */
function failure(code) {
  return { type: "error", code, message: MESSAGES[code] ?? "", retryable: true };
}
