import assert from "node:assert/strict";
import { test } from "node:test";

import { Answer } from "../../../webapp/static/turns/answer.js";
import { figures, median, rate, row, rowInWords, thinking } from "../../../webapp/static/words/figures.js";
import { notice } from "../../../webapp/static/words/notice.js";
import { waiting } from "../../../webapp/static/words/words.js";
import { STOPPED, answerOf, delta, done, error, reasoning, speakIn } from "../answers.mjs";

speakIn("en");

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

test("thinking has a clock of its own, and the first token stays the first text", () => {
  const answer = answerOf([reasoning("Hm"), 10.5]);
  assert.equal(figures(answer, 12), "first thought 0.50 s · waiting for the first token · 2 s");
  assert.equal(thinking(answer, 12), "Thinking · 1.5 s");
  answer.take(delta("Yes"), 13);
  assert.equal(thinking(answer, 99), "Thought for 2.5 s");
  answer.take(reasoning("Or"), 14);
  answer.take(delta("."), 14.5);
  answer.take(done("stop", 90), 15);
  assert.equal(thinking(answer, 99), "Thought for 3.0 s");
  assert.equal(figures(answer, 99), "first thought 0.50 s · first token 3.00 s · 5.00 s in all · 90 tokens");
  assert.equal(rate(answer, 99), "20 tokens/s");
});

test("tokens a second are estimated while nobody has counted, and said to be", () => {
  const answer = answerOf([delta("four"), 11]);
  assert.equal(rate(answer, 11.5), "≈ 1 token");
  answer.take(delta("x".repeat(396)), 12);
  assert.equal(rate(answer, 13), "≈ 100 tokens · ≈ 50 tokens/s");
  answer.take(done("stop", 80), 13);
  assert.equal(rate(answer, 99), "40 tokens/s");
});

test("a model that thinks after its first text has been writing since that", () => {
  const answer = answerOf([delta("x".repeat(200)), 11]);
  answer.take(reasoning("y".repeat(200)), 14);
  assert.equal(rate(answer, 15), "≈ 100 tokens · ≈ 25 tokens/s");
  assert.equal(answer.firstSeconds, 1);
});

test("an answer without a count has no rate", () => {
  assert.equal(rate(answerOf([delta("a"), 11], [done("stop"), 12]), 99), "");
});

test("what is kept and taken back says the same", () => {
  const answer = answerOf([reasoning("Hm"), 10.5], [delta("Yes"), 13], [done("stop", 90), 15]);
  const kept = Answer.from(JSON.parse(JSON.stringify(answer.saved(99))));
  assert.equal(figures(kept, 5), figures(answer, 99));
  assert.equal(rate(kept, 5), rate(answer, 99));
  assert.equal(thinking(kept, 5), thinking(answer, 99));
});

test("what is kept in the middle is not complete, and counts on from there", () => {
  const kept = Answer.from(answerOf([delta("Yes"), 11]).saved(12));
  assert.equal(figures(kept, 999), "first token 1.00 s · 2.00 s in all");
  assert.deepEqual(notice(kept).actions, ["continue"]);
  kept.begin(1000);
  kept.take(delta("!"), 1001);
  kept.take(done("stop", 5), 1002);
  assert.equal(figures(kept, 9999), "first token 1.00 s · 4.00 s in all");
});

test("the rows of a page of figures, and their medians", () => {
  const rows = [answerOf([delta("a"), 11], [done("stop", 30), 13]), answerOf([delta("a"), 12], [done("stop"), 13])].map(row);
  assert.deepEqual(rows, [
    [null, 1, 3, 30, 15],
    [null, 2, 3, null, null],
  ]);
  assert.deepEqual(rowInWords(rows[0]), ["–", "1.00 s", "3.00 s", "30", "15"]);
  assert.deepEqual([median([3, null, 1, 2]), median([1, 2]), median([null])], [2, 1.5, null]);
});

test("German has commas where English has points", () => {
  speakIn("de");
  const answer = answerOf([delta("Quanten"), 11.03], [done("stop", 1012), 17.31]);
  assert.equal(figures(answer, 99), "erstes Token 1,03 s · 7,31 s insgesamt · 1.012 Token");
  speakIn("en");
});
