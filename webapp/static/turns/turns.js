/** The door of what a conversation is: its turns with their alternatives, its answers, and what of it the app is sent. */

export { Answer } from "./answer.js";
export { Conversation } from "./conversation.js";
export { isDenied, isRefused, unreadTurns } from "./messages.js";
export { questionOf } from "./question.js";
