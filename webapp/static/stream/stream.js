/**
 * The door of what reads an answer: usable from a page of one's own, see docs/examples/chat.html.
 *
 * `answerStream` is one `POST /chat` as objects; `continued` puts the parts of an answer that its host interrupts together.
 */

export { answerStream, isTerminal } from "./answer_stream.js";
export { continued, sleepUntilAborted } from "./continuation.js";
export { refusal } from "./refusal.js";
