/** The door of what reads an answer: see docs/page.md. */

export { answerStream, isTerminal } from "./answer_stream.js";
export { continued, sleepUntilAborted } from "./continuation.js";
export { refusal } from "./refusal.js";
