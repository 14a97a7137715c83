import assert from "node:assert/strict";
import { test } from "node:test";

import { Conversation } from "../../../webapp/static/turns/conversation.js";

const questions = (conversation) => conversation.turns.map(({ question }) => question.text);

function conversationOf(...texts) {
  const conversation = Conversation.empty(1);
  for (const text of texts) conversation.ask(text, undefined, 1);
  return conversation;
}

test("questions follow each other, and the first gives the name", () => {
  const conversation = conversationOf("  one\n two  ", "three");
  assert.deepEqual(questions(conversation), ["  one\n two  ", "three"]);
  assert.equal(conversation.head.title, "one two");
});

test("a long first question is cut between words", () => {
  const { title } = conversationOf("word ".repeat(40)).head;
  assert.ok(title.length <= 62 && title.endsWith("word …"), title);
});

test("no character of a name is cut in two", () => {
  assert.ok(conversationOf(`a${"😀".repeat(80)}`).head.title.isWellFormed?.() ?? true);
});

test("of what another tab made of it only what differs is another", () => {
  const conversation = conversationOf("one", "two");
  const [first, second] = conversation.turns;
  const other = new Conversation({ ...conversation.head, title: "Rivers" }, structuredClone([first.question, second.question, second.reply]));
  const reply = { ...first.reply, answer: { text: "Yes." } };
  other.restore([reply]);
  conversation.update(other);
  assert.deepEqual(conversation.turns.map((turn) => turn.question), [first.question, second.question]);
  assert.equal(conversation.turns[0].question, first.question);
  assert.equal(conversation.turns[0].reply, reply);
  assert.equal(conversation.head.title, "Rivers");
});

test("an edited question is a branch, and the old one is still there with all that followed", () => {
  const conversation = conversationOf("one", "two", "three");
  const [, second] = conversation.turns;
  const edited = conversation.ask("two, better", second.question, 1);
  assert.deepEqual(questions(conversation), ["one", "two, better"]);
  assert.deepEqual(
    conversation.alternatives(edited.question).map(({ text }) => text),
    ["two", "two, better"],
  );
  conversation.choose(second.question);
  assert.deepEqual(questions(conversation), ["one", "two", "three"]);
});

test("another answer stands beside the first, and each keeps what followed it", () => {
  const conversation = conversationOf("one", "two");
  const [first] = conversation.turns;
  const anew = conversation.replyTo(first.question, 1);
  assert.deepEqual(questions(conversation), ["one"]);
  assert.deepEqual(
    conversation.alternatives(anew.reply).map(({ id }) => id),
    [first.reply.id, anew.reply.id],
  );
  conversation.choose(first.reply);
  assert.deepEqual(questions(conversation), ["one", "two"]);
});

test("what is deleted goes with all that follows, and comes back as it was", () => {
  const conversation = conversationOf("one", "two", "three");
  const removed = conversation.remove(conversation.turns[1].question);
  assert.deepEqual(questions(conversation), ["one"]);
  assert.equal(removed.length, 4);
  conversation.restore(removed);
  assert.deepEqual(questions(conversation), ["one", "two", "three"]);
});

test("deleting a branch shows the other one", () => {
  const conversation = conversationOf("one");
  const edited = conversation.ask("one, better", conversation.turns[0].question, 1);
  conversation.remove(edited.question);
  assert.deepEqual(questions(conversation), ["one"]);
});

test("a choice that belongs elsewhere, as in an edited file, leads nowhere", () => {
  const conversation = conversationOf("one", "two");
  const [first, second] = conversation.turns;
  conversation.head.chosen[second.reply.id] = first.question.id;
  assert.deepEqual(questions(conversation), ["one", "two"]);
  conversation.head.chosen[first.reply.id] = first.question.id;
  assert.deepEqual(questions(conversation), ["one", "two"]);
});
