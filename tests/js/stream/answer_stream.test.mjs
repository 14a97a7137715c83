import assert from "node:assert/strict";
import { test } from "node:test";

import { answerStream } from "../../../webapp/static/stream/answer_stream.js";
import { body, collect, encode } from "./streams.mjs";

const QUESTION = { messages: [{ role: "user", content: "Why?" }] };
const START = { type: "start", id: "chat_1", model: "mock" };
const DELTAS = ["Because", " of\n", "👩‍👩‍👧 \u2028"].map((text) => ({ type: "delta", text }));
const DONE = { type: "done", finish_reason: "stop", usage: { completion_tokens: 3 } };
const WHOLE = [START, ...DELTAS, DONE];
const EVENT_STREAM = { headers: { "Content-Type": "text/event-stream; charset=utf-8" } };

const LOST = {
  type: "error",
  code: "connection_lost",
  message: "The connection was lost before the answer was complete.",
  retryable: true,
};
const NOT_UNDERSTOOD = {
  type: "error",
  code: "not_understood",
  message: "The server sent something that this page does not understand.",
  retryable: true,
};

const framed = (...objects) => encode(objects.map((object) => `data: ${JSON.stringify(object)}\n\n`).join(""));
const ask = (fetcher, signal = new AbortController().signal) => answerStream(QUESTION, { signal, fetcher });
const answers = (content, options = EVENT_STREAM) => ask(async () => new Response(content, options));

test("asks once, with the question as JSON, for server-sent events", async () => {
  const asked = [];
  await collect(
    ask(async (url, { signal, ...options }) => (asked.push([url, options]), new Response("", EVENT_STREAM))),
  );
  assert.deepEqual(asked, [
    [
      "chat",
      {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Requested-With": "first-token", Accept: "text/event-stream" },
        body: JSON.stringify(QUESTION),
      },
    ],
  ]);
});

test("the objects of a whole answer, heartbeats left out", async () => {
  const sent = [framed(START), encode(": hb\n"), framed(...DELTAS), encode(": hb\n"), framed(DONE)];
  assert.deepEqual(await collect(answers(body(sent))), WHOLE);
});

const bytes = framed(...WHOLE);
/** How many objects are complete when this many bytes have come. */
const completeAfter = (length) =>
  WHOLE.filter((_, index) => framed(...WHOLE.slice(0, index + 1)).length <= length).length;

for (const [name, end] of [
  ["ends", null],
  ["breaks", new TypeError("network error")],
]) {
  test(`a body that ${name} after any byte leaves what came and exactly one terminal object`, async () => {
    for (let length = 0; length <= bytes.length; length += 1) {
      const came = WHOLE.slice(0, completeAfter(length));
      const expected = came.length === WHOLE.length ? WHOLE : [...came, LOST];
      const seen = await collect(answers(body([bytes.subarray(0, length)], end)));
      assert.deepEqual(seen, expected, `after byte ${length}`);
    }
  });
}

test("an error object is the end, and passes as it came", async () => {
  const error = {
    type: "error",
    code: "upstream_timeout",
    message: "Nothing for 60 seconds.",
    retryable: true,
    request_id: "r1",
  };
  assert.deepEqual(await collect(answers(framed(START, error))), [START, error]);
});

test("nothing after the terminal object counts, be it an object, garbage or a break", async () => {
  for (const rest of [framed(...WHOLE), encode("data: {\n\n")]) {
    for (const end of [null, new TypeError("network error")]) {
      assert.deepEqual(await collect(answers(body([framed(...WHOLE), rest], end))), WHOLE);
    }
  }
});

test("the body is read to its end, so that the connection can be used again", async () => {
  let cancelled = false;
  const pieces = [framed(...WHOLE)];
  const source = new ReadableStream({
    pull: (controller) => (pieces.length > 0 ? controller.enqueue(pieces.shift()) : controller.close()),
    cancel: () => void (cancelled = true),
  });
  await collect(answers(source));
  assert.equal(cancelled, false);
});

test("a body that stays open after the terminal object is given up", async () => {
  const fetcher = async (url, { signal }) => {
    const source = new ReadableStream({
      start(controller) {
        controller.enqueue(framed(...WHOLE));
        signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(source, EVENT_STREAM);
  };
  const begun = performance.now();
  assert.deepEqual(await collect(ask(fetcher)), WHOLE);
  assert.ok(performance.now() - begun >= 900);
});

for (const [name, data] of [
  ["no JSON", "{"],
  ["no object", "null"],
  ["a list", "[1]"],
  ["an object without a type", '{"text": "a"}'],
  ["a delta without text", '{"type": "delta"}'],
  ["a delta whose text is none", '{"type": "delta", "text": {"toString": 1}}'],
]) {
  test(`${name} is not understood, and what came before it stays`, async () => {
    const content = body([framed(START, DELTAS[0]), encode(`data: ${data}\n\n`)]);
    assert.deepEqual(await collect(answers(content)), [START, DELTAS[0], NOT_UNDERSTOOD]);
  });
}

test("an object of a type that this page does not know is passed over to those who might", async () => {
  const later = { type: "citation", url: "https://example.org" };
  assert.deepEqual(await collect(answers(framed(START, later, DONE))), [START, later, DONE]);
});

for (const contentType of ["text/html", "application/json"]) {
  test(`a 200 with ${contentType} is not understood`, async () => {
    const headers = { "Content-Type": contentType };
    assert.deepEqual(await collect(answers("<p>Sign in to the wireless network</p>", { headers })), [NOT_UNDERSTOOD]);
  });
}

test("an answer without a body is not understood", async () => {
  assert.deepEqual(await collect(answers(null, EVENT_STREAM)), [NOT_UNDERSTOOD]);
});

test("a refusal says what the app said", async () => {
  const error = {
    code: "message_too_long",
    message: "messages[0].content: at most 9",
    param: "messages[0].content",
    request_id: "r1",
  };
  const expected = { type: "error", code: error.code, message: error.message, retryable: false, request_id: "r1" };
  assert.deepEqual(await collect(answers(JSON.stringify({ error }), { status: 400 })), [expected]);
});

for (const [status, retryable] of [
  [400, false],
  [401, false],
  [404, false],
  [408, true],
  [413, false],
  [422, false],
  [429, true],
  [500, true],
  [502, true],
  [503, true],
]) {
  test(`${status} is ${retryable ? "" : "not "}worth asking again, said by whom it may`, async () => {
    for (const content of [
      "<h1>Application error</h1>",
      "",
      "null",
      '"no"',
      '{"error": null}',
      '{"error": {"message": 5}}',
    ]) {
      const [refusal, ...rest] = await collect(answers(content, { status, statusText: "Said So" }));
      assert.deepEqual(rest, []);
      assert.deepEqual(refusal, {
        type: "error",
        code: `http_${status}`,
        message: `The server answered ${status} Said So.`,
        retryable,
        request_id: undefined,
      });
    }
  });
}

for (const [retryAfter, date, seconds] of [
  ["7", null, 7],
  ["0", null, undefined],
  ["-7", null, undefined],
  ["soon", null, undefined],
  ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:30 GMT", 7],
  ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:00 GMT", undefined],
  ["Sun, 06 Nov 1994 08:49:37 GMT", null, undefined],
]) {
  test(`Retry-After: ${retryAfter}, sent at ${date}`, async () => {
    const headers = { "Retry-After": retryAfter, ...(date && { Date: date }) };
    const [refusal] = await collect(answers("", { status: 503, headers }));
    assert.equal(refusal.retry_after_seconds, seconds);
  });
}

test("a server that cannot be reached", async () => {
  const seen = await collect(ask(() => Promise.reject(new TypeError("Failed to fetch"))));
  assert.deepEqual(seen, [
    {
      type: "error",
      code: "unreachable",
      message: "The server cannot be reached. Check the connection, then try again.",
      retryable: true,
    },
  ]);
});

/** Answers as a server does that never stops, and breaks as fetch does when it is aborted. */
function endless(...pieces) {
  return async (url, { signal }) => {
    signal.throwIfAborted();
    const source = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(source, EVENT_STREAM);
  };
}

test("stopped before it began", async () => {
  assert.deepEqual(await collect(ask(endless(), AbortSignal.abort())), [{ type: "stopped" }]);
});

test("stopped before the first object, and after some text", async () => {
  for (const came of [[], [START, DELTAS[0]]]) {
    const controller = new AbortController();
    const stream = ask(endless(framed(...came)), controller.signal);
    for (const object of came) assert.deepEqual((await stream.next()).value, object);
    const next = stream.next();
    controller.abort();
    assert.deepEqual((await next).value, { type: "stopped" });
    assert.equal((await stream.next()).done, true);
  }
});

for (const [name, thrown, code] of [
  ["a fault of the page", new RangeError("a bug"), "page_failed"],
  ["a browser that hangs up by itself", new DOMException("The user aborted a request.", "AbortError"), "unreachable"],
]) {
  test(`${name} ends the answer like any other trouble`, async () => {
    const [failure, ...rest] = await collect(ask(() => Promise.reject(thrown)));
    assert.deepEqual(rest, []);
    assert.deepEqual([failure.type, failure.code, failure.retryable], ["error", code, true]);
  });
}

test("an abort that nobody here asked for breaks an answer off", async () => {
  const aborted = new DOMException("The user aborted a request.", "AbortError");
  assert.deepEqual(await collect(answers(body([framed(START)], aborted))), [START, LOST]);
});

test("every chunk is heard, a heartbeat too", async () => {
  let heard = 0;
  const content = body([encode(": hb\n"), framed(START), encode(": hb\n"), framed(DONE)]);
  const options = { fetcher: async () => new Response(content, EVENT_STREAM), heard: () => (heard += 1) };
  await collect(answerStream(QUESTION, options));
  assert.equal(heard, 4);
});

test("reasoning passes, before and between the text", async () => {
  const objects = [START, { type: "reasoning", text: "Hm." }, DELTAS[0], { type: "reasoning", text: "So." }, DONE];
  assert.deepEqual(await collect(answers(framed(...objects))), objects);
  assert.deepEqual(await collect(answers(framed(START, { type: "reasoning" }))), [START, NOT_UNDERSTOOD]);
});

test("a page elsewhere names the app's address", async () => {
  const asked = [];
  const fetcher = async (url) => (asked.push(url), new Response(framed(DONE), EVENT_STREAM));
  await collect(answerStream(QUESTION, { url: "https://chat.example.org/chat", fetcher }));
  assert.deepEqual(asked, ["https://chat.example.org/chat"]);
});
