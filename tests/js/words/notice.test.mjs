import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { announcement, notice } from "../../../webapp/static/words/notice.js";
import { STOPPED, answerWith, delta, done, error, speakIn } from "../answers.mjs";

speakIn("en");

const calm = (sentence, ...actions) => ({ tone: "calm", sentence, actions, waitSeconds: 0, fineprint: "" });
const wrong = (actions, fineprint, waitSeconds = 0) => ({
  tone: "wrong",
  sentence: "Nothing came.",
  actions,
  waitSeconds,
  fineprint,
});
for (const [name, objects, expected] of [
  ["while it is written", [delta("a")], null],
  ["done", [delta("a"), done("stop")], null],
  ["done without a word", [done("stop")], calm("The model sent an empty answer.", "retry")],
  ["at the limit", [delta("a"), done("length")], calm("The answer reached its length limit.", "continue")],
  ["filtered", [delta("a"), done("content_filter")], calm("The model's content filter ended this answer.")],
  ["a tool asked for", [done("tool_calls")], calm("The model asked for a tool, and this page has none.")],
  ["interrupted too often", [delta("a"), done("interrupted")], calm("The server interrupted this answer.", "continue")],
  ["stopped early", [STOPPED], calm("You stopped this answer.", "retry")],
  ["stopped", [delta("a"), STOPPED], calm("You stopped this answer.", "continue")],
  ["failed early", [error(true)], wrong(["retry"], "upstream_timeout")],
  ["failed", [delta("a"), error(true, { request_id: "r1" })], wrong(["continue"], "upstream_timeout · r1")],
  ["refused for a while", [error(true, { retry_after_seconds: 7 })], wrong(["retry"], "upstream_timeout", 7)],
  ["white space alone", [delta("\n\n"), done("stop")], calm("The model sent an empty answer.", "retry")],
  ["too long a talk", [error(false, { code: "context_length_exceeded" })], wrong(["new_chat"], "context_length_exceeded")],
  ["another model", [error(false, { code: "model_not_allowed" })], wrong(["settings"], "model_not_allowed")],
  ["failed for good", [delta("a"), error(false)], wrong([], "upstream_timeout")],
]) {
  test(`what is said of an answer: ${name}`, () => {
    assert.deepEqual(notice(answerWith(...objects)), expected);
  });
}

test("what a screen reader is told of an end", () => {
  assert.equal(announcement(answerWith(delta("Yes."), done("stop"))), "The answer is complete.");
  assert.equal(announcement(answerWith(error(true))), "Nothing came.");
  assert.equal(announcement(answerWith(delta("word"), STOPPED)), "You stopped this answer.");
});

test("the app's own sentences are English: in another language its codes are read", () => {
  speakIn("de");
  const said = (code) => notice(answerWith(error(true, { code }))).sentence;
  assert.equal(said("connection_lost"), "Die Verbindung ging verloren, bevor die Antwort fertig war.");
  assert.equal(said("http_502"), "Der Server hat mit 502 geantwortet.");
  assert.equal(said("from_another_version"), "Nothing came.");
  speakIn("en");
});

test("both tables have the same keys, and the same places in them", () => {
  const read = (language) =>
    JSON.parse(readFileSync(new URL(`../../../webapp/page/languages/${language}.json`, import.meta.url), "utf8"));
  const places = (text) => [...JSON.stringify(text).matchAll(/\{\w+\}/g)].map(String).sort();
  const [english, german] = [read("en"), read("de")];
  for (const section of ["page", "script"]) {
    const known = Object.keys(english[section]).filter((key) => !key.startsWith("error."));
    assert.deepEqual(Object.keys(german[section]).filter((key) => !key.startsWith("error.")), known);
    for (const key of known) assert.deepEqual([...new Set(places(german[section][key]))], [...new Set(places(english[section][key]))], key);
  }
});
