/** The two that race: the same question, asked for as a whole and as it is written. */

import { answerStream, refusal } from "../stream/stream.js";
import { say } from "../words/words.js";

/** @typedef {import("../stream/answer_stream.js").AnswerObject} AnswerObject */
/** @typedef {import("../stream/answer_stream.js").Question} Question */
/** @typedef {(question: Question, signal: AbortSignal, fetcher: typeof fetch) => AsyncIterable<AnswerObject>} Racer */

/** @type {Racer} */
export const streaming = (question, signal, fetcher) => answerStream(question, { signal, fetcher });

/**
 * The whole answer as the objects that a stream has, all at the moment when it is there.
 * @type {Racer}
 */
export async function* blocking(question, signal, fetcher) {
  try {
    const response = await fetcher("chat", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Requested-With": "first-token", Accept: "application/json" },
      body: JSON.stringify({ ...question, stream: false }),
      signal,
    });
    if (!response.ok) return yield await refusal(response);
    const { id, model, text, finish_reason, usage } = await response.json();
    yield { type: "start", id, model };
    yield { type: "delta", text: String(text) };
    yield { type: "done", finish_reason, usage };
  } catch {
    const message = say("error.unreachable");
    yield signal.aborted ? { type: "stopped" } : { type: "error", code: "unreachable", message, retryable: true };
  }
}
