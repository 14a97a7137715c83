import assert from "node:assert/strict";
import { test } from "node:test";

import { Answer } from "../../webapp/static/answer.js";
import { isDenied, isRefused, messages } from "../../webapp/static/conversation.js";
import { announcement, figures, notice, waiting } from "../../webapp/static/wording.js";

const delta = (text) => ({ type: "delta", text });
const done = (finish_reason, tokens) => ({
  type: "done",
  finish_reason,
  usage: tokens === undefined ? null : { completion_tokens: tokens },
});
const error = (retryable, more = {}) => ({
  type: "error",
  code: "upstream_timeout",
  message: "Nothing came.",
  retryable,
  ...more,
});
const STOPPED = { type: "stopped" };

/** An answer to a question sent at second 10, with these objects at these seconds. */
function answerOf(...objectsAndTimes) {
  const answer = new Answer();
  answer.begin(10);
  for (const [object, at] of objectsAndTimes) answer.take(object, at);
  return answer;
}

test("the times of the founding measurement", () => {
  const answer = answerOf();
  assert.equal(figures(answer, 10.99), "waiting for the first token · 0 s");
  assert.equal(figures(answer, 13.2), "waiting for the first token · 3 s");
  answer.take({ type: "start", id: "chat_1", model: "mock" }, 10.01);
  answer.take(delta(""), 10.5);
  answer.take(delta("Quantum"), 11.03);
  assert.equal(figures(answer, 12.25), "first token 1.03 s · 2.3 s so far");
  answer.take(delta(" mechanics"), 12);
  answer.take(done("stop", 1012), 17.31);
  assert.equal(figures(answer, 99), "first token 1.03 s · 7.31 s in all · 1,012 tokens");
  assert.equal(answer.text, "Quantum mechanics");
  assert.equal(notice(answer), null);
});

test("an answer that is continued by itself is one answer", () => {
  const usage = { completion_tokens: 3 };
  const answer = answerOf(
    [delta("a"), 11],
    [{ type: "continuing", usage }, 12],
    [delta("b"), 14],
    [done("stop", 4), 15],
  );
  assert.equal(answer.text, "ab");
  assert.equal(figures(answer, 99), "first token 1.00 s · 5.00 s in all · 7 tokens");
});

test("the time before a stopped answer is continued by hand is not counted", () => {
  const answer = answerOf([delta("a"), 11], [STOPPED, 12]);
  answer.begin(100);
  assert.equal(answer.ending, null);
  answer.take(delta("b"), 101);
  answer.take(done("stop", 5), 103);
  assert.equal(figures(answer, 999), "first token 1.00 s · 5.00 s in all", "the stopped part said no tokens");
});

test("a retry of what brought no text starts from nothing", () => {
  const answer = answerOf([error(true), 12]);
  assert.equal(figures(answer, 99), "no text · 2.00 s");
  answer.begin(20);
  answer.take(delta("a"), 20.5);
  answer.take(done("stop", 1), 21);
  assert.equal(figures(answer, 99), "first token 0.50 s · 1.00 s in all · 1 token");
});

const calm = (sentence, action) => ({ tone: "calm", sentence, action, waitSeconds: 0, fineprint: "" });
const wrong = (action, fineprint, waitSeconds = 0) => ({
  tone: "wrong",
  sentence: "Nothing came.",
  action,
  waitSeconds,
  fineprint,
});
for (const [name, objects, expected] of [
  ["while it is written", [delta("a")], null],
  ["done", [delta("a"), done("stop")], null],
  ["done without a word", [done("stop")], calm("The model sent an empty answer.", "Retry")],
  ["at the limit", [delta("a"), done("length")], calm("The answer reached its length limit.", "Continue")],
  ["filtered", [delta("a"), done("content_filter")], calm("The model's content filter ended this answer.", "")],
  ["a tool asked for", [done("tool_calls")], calm("The model asked for a tool, and this page has none.", "")],
  ["interrupted too often", [delta("a"), done("interrupted")], calm("The server interrupted this answer.", "Continue")],
  ["stopped early", [STOPPED], calm("You stopped this answer.", "Retry")],
  ["stopped", [delta("a"), STOPPED], calm("You stopped this answer.", "Continue")],
  ["failed early", [error(true)], wrong("Retry", "upstream_timeout")],
  ["failed", [delta("a"), error(true, { request_id: "r1" })], wrong("Continue", "upstream_timeout · r1")],
  ["refused for a while", [error(true, { retry_after_seconds: 7 })], wrong("Retry", "upstream_timeout", 7)],
  ["failed for good", [delta("a"), error(false)], wrong("", "upstream_timeout")],
]) {
  test(`what is said of an answer: ${name}`, () => {
    assert.deepEqual(notice(answerOf(...objects.map((object) => [object, 11]))), expected);
  });
}

for (const [left, said] of [
  [0.2, "1 s"],
  [41.2, "42 s"],
  [60, "60 s"],
  [60.1, "2 min"],
  [3600, "60 min"],
  [3601, "1 h 1 min"],
  [86400, "24 h 0 min"],
]) {
  test(`what is left of a wait of ${left} s`, () => assert.equal(waiting(left), said));
}

test("a short answer is announced whole, of a long one only how it ended", () => {
  const announced = (...objects) => announcement(answerOf(...objects.map((object) => [object, 11])));
  assert.equal(announced(delta("Yes."), done("stop")), "The answer is complete. Yes.");
  assert.equal(announced(error(true)), "Nothing came.");
  assert.equal(announced(delta("word ".repeat(100)), done("stop")), "The answer is complete.");
  assert.equal(announced(delta("word ".repeat(100)), STOPPED), "You stopped this answer.");
});

const turn = (question, ...objects) => ({ question, answer: answerOf(...objects.map((object) => [object, 11])) });
const user = (content) => ({ role: "user", content });
const assistant = (content) => ({ role: "assistant", content });

test("the conversation holds what was answered, stopped or broken answers too", () => {
  const turns = [
    turn("one", delta("1"), done("stop")),
    turn("two", delta("2"), STOPPED),
    turn("three", delta("3"), error(true)),
    turn("four"),
  ];
  assert.deepEqual(messages(turns), [
    user("one"),
    assistant("1"),
    user("two"),
    assistant("2"),
    user("three"),
    assistant("3"),
    user("four"),
  ]);
});

test("an answer with text at the end asks for its rest", () => {
  assert.deepEqual(messages([turn("one", delta(" 1\n"))]), [user("one"), assistant(" 1\n")]);
});

test("a question without an answer stays, unless it was refused for what it is", () => {
  const turns = [turn("stopped", STOPPED), turn("late", error(true)), turn("too long", error(false)), turn("last")];
  assert.deepEqual(messages(turns), [user("stopped"), user("late"), user("last")]);
  assert.deepEqual(turns.map(isRefused), [false, false, true, false]);
});

test("a refused question that is asked again is sent again", () => {
  const again = turn("too long", error(false));
  again.answer.begin(20);
  assert.deepEqual(messages([again]), [user("too long")]);
});

test("a question that was denied for want of a token stays, and can be told from the others", () => {
  const turns = [
    turn("denied", error(false, { code: "access_denied" })),
    turn("denied midway", delta("1"), error(false, { code: "access_denied" })),
    turn("too long", error(false)),
    turn("done", done("stop")),
    turn("open"),
  ];
  assert.deepEqual(turns.map(isDenied), [true, true, false, false, false]);
  assert.deepEqual(turns.map(isRefused), [false, false, true, false, false]);
});
