import assert from "node:assert/strict";
import { test } from "node:test";

import { isDenied, isRefused, messages } from "../../../webapp/static/turns/messages.js";
import { STOPPED, answerWith, delta, done, error } from "../answers.mjs";

const turn = (text, ...objects) => ({ question: { text }, reply: { answer: answerWith(...objects) } });
const NO_LIMITS = { messages: Infinity, characters: Infinity, bytes: Infinity };
const sent = (turns, limits = NO_LIMITS) => messages(turns, limits).messages;
const user = (content) => ({ role: "user", content });
const assistant = (content) => ({ role: "assistant", content });

test("the conversation holds what was answered, stopped or broken answers too", () => {
  const turns = [
    turn("one", delta("1"), done("stop")),
    turn("two", delta("2"), STOPPED),
    turn("three", delta("3"), error(true)),
    turn("four"),
  ];
  assert.deepEqual(sent(turns), [
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
  assert.deepEqual(sent([turn("one", delta(" 1\n"))]), [user("one"), assistant(" 1\n")]);
});

test("a question without an answer stays, unless it was refused for what it is", () => {
  const turns = [turn("stopped", STOPPED), turn("late", error(true)), turn("too long", error(false)), turn("last")];
  assert.deepEqual(sent(turns), [user("stopped\n\nlate\n\nlast")]);
  assert.deepEqual(turns.map(isRefused), [false, false, true, false]);
});

test("a refused question that is asked again is sent again", () => {
  const again = turn("too long", error(false));
  again.reply.answer.begin(20);
  assert.deepEqual(sent([again]), [user("too long")]);
});

test("a question that was denied for want of a token stays, and can be told from the others", () => {
  const turns = [
    turn("denied", error(false, { code: "access_denied" })),
    turn("denied midway", delta("1"), error(false, { code: "access_denied" })),
    turn("too long", error(false)),
    turn("done", done("stop")),
    turn("open"),
  ];
  assert.deepEqual(turns.map(({ reply }) => isDenied(reply.answer)), [true, true, false, false, false]);
  assert.deepEqual(turns.map(isRefused), [false, false, true, false, false]);
});

test("white space is no answer: it is not sent, and what follows is asked as ever", () => {
  assert.deepEqual(sent([turn("one", delta("\n\n"), done("stop")), turn("two")]), [user("one\n\ntwo")]);
});

test("a question that was not answered and is asked again is asked once", () => {
  assert.deepEqual(sent([turn("one", STOPPED), turn("one ")]), [user("one ")]);
});

test("questions that do not fit into one message are not made one", () => {
  const limits = { messages: 10, characters: 9, bytes: 1000 };
  assert.deepEqual(sent([turn("12345", STOPPED), turn("6789")], limits), [user("6789")]);
});

test("the oldest turns go where there is no room, whole ones, and it is known how many", () => {
  const turns = ["one", "two", "three"].map((text) => turn(text, delta(text), done("stop")));
  const rest = [user("three"), assistant("three")];
  const roomy = { messages: 100, characters: 100, bytes: 10_000 };
  const expected = { messages: rest, firstTurns: [2, 2], leftOut: 2 };
  assert.deepEqual(messages(turns, { ...roomy, messages: 3 }), expected);
  assert.deepEqual(messages(turns, { ...roomy, bytes: 100 }), expected);
  assert.equal(messages(turns, roomy).leftOut, 0);
  assert.deepEqual(messages(turns, { ...roomy, messages: 1 }), expected, "the last always goes");
});

test("how many turns went unread is told by the messages that were left out", () => {
  const turns = [
    turn("one", delta("1"), done("stop")),
    turn("never answered", STOPPED),
    turn("two", delta("2"), done("stop")),
    turn("refused", error(false)),
    turn("three"),
  ];
  // "never answered" went as one with "two".
  const expected = [0, 0, 1, 2, 4];
  assert.deepEqual(messages(turns, NO_LIMITS).firstTurns, expected);
  turns.at(-1).reply.answer = answerWith(delta("3"));
  assert.deepEqual(messages(turns, NO_LIMITS).firstTurns, [...expected, 4]);
});
