/** Answers for the tests, and the English words. */

import { readFileSync } from "node:fs";

import { Answer } from "../../webapp/static/turns/answer.js";
import { speak } from "../../webapp/static/words/words.js";

export const delta = (text) => ({ type: "delta", text });
export const reasoning = (text) => ({ type: "reasoning", text });
export const done = (finish_reason, tokens) => ({
  type: "done",
  finish_reason,
  usage: tokens === undefined ? null : { completion_tokens: tokens },
});
export const error = (retryable, more = {}) => ({
  type: "error",
  code: "upstream_timeout",
  message: "Nothing came.",
  retryable,
  ...more,
});
export const STOPPED = { type: "stopped" };

/** An answer to a question sent at second 10, with these objects at these seconds. */
export function answerOf(...objectsAndTimes) {
  const answer = new Answer();
  answer.begin(10);
  for (const [object, at] of objectsAndTimes) answer.take(object, at);
  return answer;
}

export const answerWith = (...objects) => answerOf(...objects.map((object) => [object, 11]));

export function speakIn(language) {
  const table = new URL(`../../webapp/page/languages/${language}.json`, import.meta.url);
  speak(JSON.parse(readFileSync(table, "utf8")).script, language);
}
