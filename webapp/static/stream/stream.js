/** The door of what reads an answer, usable from a page of one's own: see docs/page.md and docs/examples/chat.html. */

export { answerStream, isTerminal } from "./answer_stream.js";
export { continued, sleepUntilAborted } from "./continuation.js";
export { refusal } from "./refusal.js";
