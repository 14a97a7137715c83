import assert from "node:assert/strict";
import { test } from "node:test";

import { Answer } from "../../../webapp/static/turns/answer.js";

test("what is kept comes back as it was", () => {
  const answer = new Answer();
  answer.begin(0);
  answer.take({ type: "start", id: "a", model: "m" }, 1);
  answer.take({ type: "delta", text: "Yes." }, 2);
  answer.take({ type: "done", finish_reason: "stop", usage: { completion_tokens: 2 } }, 4);
  const again = Answer.from(JSON.parse(JSON.stringify(answer.saved(4))));
  assert.deepEqual(again.saved(0), answer.saved(4));
});

test("an unknown number of tokens stays unknown", () => {
  assert.equal(Answer.from({ text: "a", completionTokens: null, ending: { type: "stopped" } }).completionTokens, null);
});

test("what a file holds of another kind is left out", () => {
  const odd = { text: "Yes.", reasoning: 5, model: [1], ending: "x", firstTextSeconds: "a", completionTokens: {}, seconds: "z" };
  const expected = { ...Answer.from({ text: "Yes." }).saved(0), seconds: 0 };
  assert.deepEqual(Answer.from(odd).saved(0), expected);
});

test("an end that no answer has is none: the answer was left in the middle", () => {
  for (const ending of [{}, [], { type: "weird" }, { type: "elsewhere" }]) {
    assert.deepEqual(Answer.from({ text: "Yes.", ending }).ending, { type: "left" });
  }
});
