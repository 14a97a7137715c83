/** The words about an answer: how it ended, what the reader can do about it, and how long it took. */

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {{ tone: "calm" | "wrong", sentence: string, action: string, waitSeconds: number, fineprint: string }} Notice */

/** What is not listed needs no words, such as `stop`. `interrupted` is seen only when continuing was given up. */
const SENTENCES_OF_FINISH = new Map([
  ["length", "The answer reached its length limit."],
  ["content_filter", "The model's content filter ended this answer."],
  ["tool_calls", "The model asked for a tool, and this page has none."],
  ["interrupted", "The server interrupted this answer."],
]);

const MOST_CHARACTERS_READ_OUT = 280;

const CONTINUABLE = new Set(["length", "interrupted"]);

/**
 * @param {Answer} answer
 * @returns {Notice | null} null while it is being written, and when it ended as it should
 */
export function notice({ text, ending }) {
  if (!ending) return null;
  const again = text === "" ? "Retry" : "Continue";
  if (ending.type === "stopped") return calm("You stopped this answer.", again);
  if (ending.type === "error") {
    const fineprint = [ending.code, ending.request_id].filter(Boolean).join(" · ");
    const waitSeconds = ending.retry_after_seconds ?? 0;
    return { tone: "wrong", sentence: ending.message, action: ending.retryable ? again : "", waitSeconds, fineprint };
  }
  const sentence = SENTENCES_OF_FINISH.get(ending.finish_reason);
  if (sentence) return calm(sentence, CONTINUABLE.has(ending.finish_reason) ? again : "");
  return text === "" ? calm("The model sent an empty answer.", again) : null;
}

/**
 * The times as the browser saw them.
 * @param {Answer} answer
 * @param {number} at
 */
export function figures(answer, at) {
  const total = answer.seconds(at);
  if (answer.firstTextSeconds === null) {
    return answer.ending ? `no text · ${seconds(total)}` : `waiting for the first token · ${Math.floor(total)} s`;
  }
  const parts = [`first token ${seconds(answer.firstTextSeconds)}`];
  parts.push(answer.ending ? `${seconds(total)} in all` : `${total.toFixed(1)} s so far`);
  if (answer.ending && answer.completionTokens) parts.push(tokens(answer.completionTokens));
  return parts.join(" · ");
}

/**
 * What a screen reader is told when an answer has ended. A short one is read out, a long one is left to its reader.
 * @param {Answer} answer
 */
export function announcement(answer) {
  const said = notice(answer)?.sentence ?? "The answer is complete.";
  return answer.text.length <= MOST_CHARACTERS_READ_OUT ? `${said} ${answer.text}`.trim() : said;
}

/**
 * What is left of a wait, rounded up: too early is of no use.
 * @param {number} left in seconds
 */
export function waiting(left) {
  if (left <= 60) return `${Math.ceil(left)} s`;
  const minutes = Math.ceil(left / 60);
  return minutes <= 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} value */
function seconds(value) {
  return `${value.toFixed(2)} s`;
}

/** @param {number} count */
function tokens(count) {
  return `${count.toLocaleString("en")} ${count === 1 ? "token" : "tokens"}`;
}

/**
 * @param {string} sentence
 * @param {string} action
 * @returns {Notice}
 */
function calm(sentence, action) {
  return { tone: "calm", sentence, action, waitSeconds: 0, fineprint: "" };
}
