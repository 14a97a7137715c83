/** What the app is sent: the turns on the page as messages. */

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer_stream.js").Message} Message */
/** @typedef {{ question: string, answer: Answer }} Turn */

/**
 * Where the last answer has text, it is the last message and asks for its continuation; stopped and broken answers
 * are sent as far as they got.
 * @param {Turn[]} turns
 * @returns {Message[]}
 */
export function messages(turns) {
  return turns.filter((turn) => !isRefused(turn)).flatMap(messagesOf);
}

/**
 * Whether this question was refused for what it is: sent along, it would have every later one refused too.
 * @param {Turn} turn
 */
export function isRefused(turn) {
  const { text, ending } = turn.answer;
  return text === "" && ending?.type === "error" && !ending.retryable && !isDenied(turn);
}

/**
 * Whether it was refused for who asks: nothing is wrong with the question, it wants another access token.
 * @param {Turn} turn
 */
export function isDenied({ answer: { ending } }) {
  return ending?.type === "error" && ending.code === "access_denied";
}

/**
 * @param {Turn} turn
 * @returns {Message[]}
 */
function messagesOf({ question, answer }) {
  /** @type {Message} */
  const asked = { role: "user", content: question };
  return answer.text === "" ? [asked] : [asked, { role: "assistant", content: answer.text }];
}
