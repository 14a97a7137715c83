/** The two that race: the same question, asked for as a whole and as it is written. */

import { failure, post } from "../stream/answer_stream.js";
import { answerStream, refusal } from "../stream/stream.js";

/** @type {Racer} */
export const streaming = (question, signal, fetcher) => answerStream(question, { signal, fetcher });

/** The whole answer as the objects that a stream has, all at the moment when it is there. @type {Racer} */
export async function* blocking(question, signal, fetcher) {
  try {
    const response = await post({ ...question, stream: false }, { url: "chat", fetcher, signal, accept: "application/json" });
    if (!response.ok) return yield await refusal(response);
    const { id, model, text, finish_reason, usage } = await response.json();
    yield { type: "start", id, model };
    yield { type: "delta", text: String(text) };
    yield { type: "done", finish_reason, usage };
  } catch {
    yield signal.aborted ? { type: "stopped" } : failure("unreachable");
  }
}
