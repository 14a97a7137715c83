import assert from "node:assert/strict";
import { test } from "node:test";

import { withOwnIds } from "../../../webapp/static/history/ids.js";

const kept = (id) => ({
  head: { id, title: "A copy", created: 1, updated: 1, chosen: { "": "q", q: "a" } },
  messages: [
    { id: "q", conversation: id, parent: "", role: "user", at: 1, text: "Hi" },
    { id: "a", conversation: id, parent: "q", role: "assistant", at: 2, answer: { text: "Hello" } },
  ],
});

test("messages that are nobody's, or this conversation's, keep their names", () => {
  assert.deepEqual(withOwnIds(kept("c"), new Map()), kept("c"));
  assert.deepEqual(withOwnIds(kept("c"), new Map([["q", "c"], ["x", "d"]])), kept("c"));
});

test("those that another conversation has get names of their own, and stay below each other", () => {
  const owners = new Map([["q", "original"]]);
  const { head, messages } = withOwnIds(kept("copy"), owners);
  assert.deepEqual(messages.map(({ id, parent }) => [id, parent]), [["copy q", ""], ["a", "copy q"]]);
  assert.deepEqual(head.chosen, { "": "copy q", "copy q": "a" });
  assert.deepEqual(withOwnIds(kept("copy"), owners).messages, messages);
});
