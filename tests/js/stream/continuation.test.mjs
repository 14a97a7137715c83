import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_CONTINUATIONS, continued, sleepUntilAborted } from "../../../webapp/static/stream/continuation.js";
import { collect, each } from "./streams.mjs";

const delta = (text) => ({ type: "delta", text });
const done = (finish_reason, more = {}) => ({ type: "done", finish_reason, usage: { completion_tokens: 1 }, ...more });
const continuing = { type: "continuing", usage: { completion_tokens: 1 } };

/** Runs `continued` over these streams, one an ask; returns the objects and how long was slept. */
async function run(...streams) {
  const slept = [];
  const objects = await collect(
    continued(
      () => each(streams.shift()),
      async (milliseconds) => void slept.push(milliseconds),
    ),
  );
  return { objects, slept, left: streams.length };
}

for (const end of [
  done("stop"),
  done("length"),
  { type: "stopped" },
  { type: "error", code: "x", message: "y", retryable: true },
]) {
  test(`what ends with ${end.finish_reason ?? end.type} is asked once`, async () => {
    const stream = [delta("a"), end];
    assert.deepEqual(await run(stream, []), { objects: stream, slept: [], left: 1 });
  });
}

test("after a deadline the rest follows at once", async () => {
  const { objects, slept } = await run(
    [delta("a"), done("interrupted", { reason: "deadline" })],
    [delta("b"), done("stop")],
  );
  assert.deepEqual(objects, [delta("a"), continuing, delta("b"), done("stop")]);
  assert.deepEqual(slept, []);
});

test("after a shutdown the next process gets a moment to come up", async () => {
  const { objects, slept } = await run([delta("a"), done("interrupted", { reason: "shutdown" })], [done("stop")]);
  assert.deepEqual(objects, [delta("a"), continuing, done("stop")]);
  assert.deepEqual(slept, [1000]);
});

test("a continuation that fails ends the answer", async () => {
  const error = { type: "error", code: "unreachable", message: "No.", retryable: true };
  const { objects, left } = await run([done("interrupted")], [error], []);
  assert.deepEqual([objects, left], [[continuing, error], 1]);
});

test("a host that always interrupts is asked a bounded number of times", async () => {
  const interruptions = Array.from({ length: MOST_CONTINUATIONS + 5 }, () => [done("interrupted")]);
  const { objects, left } = await run(...interruptions);
  assert.deepEqual(objects, [...Array(MOST_CONTINUATIONS).fill(continuing), done("interrupted")]);
  assert.equal(left, 4);
});

test("sleeping ends when it is time, and when it is aborted", async () => {
  await sleepUntilAborted(new AbortController().signal)(1);
  const controller = new AbortController();
  const sleeping = sleepUntilAborted(controller.signal)(60_000);
  controller.abort();
  await sleeping;
  await sleepUntilAborted(controller.signal)(60_000);
});
