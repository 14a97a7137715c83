import assert from "node:assert/strict";
import { test } from "node:test";

import { NotUnderstood, chunks, events, lines } from "../../../webapp/static/stream/sse.js";
import { body, collect, each, encode, waysToCut } from "./streams.mjs";

const message = (data) => ({ type: "message", data });

const CASES = [
  ["the standard's example: three lines of data", "data: YHOO\ndata: +2\ndata: 10\n\n", [message("YHOO\n+2\n10")]],
  [
    "the standard's example: a comment, ids, one space of two kept",
    ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
    [message("first event"), message("second event"), message(" third event")],
  ],
  [
    "the standard's example: empty data, an unfinished event",
    "data\n\ndata\ndata\n\ndata:",
    [message(""), message("\n")],
  ],
  [
    "the standard's example: the space after the colon is optional",
    "data:test\n\ndata: test\n\n",
    [message("test"), message("test")],
  ],
  ["lines that end with CR", "data: a\rdata: b\r\rdata: c\r\r", [message("a\nb"), message("c")]],
  ["lines that end with CRLF", "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", [message("a\nb"), message("c")]],
  [
    "line ends of all kinds together",
    "data: a\rdata: b\ndata: c\r\n\ndata: d\n\r\n",
    [message("a\nb\nc"), message("d")],
  ],
  ["LF before CR is two line ends", "data: a\n\rdata: b\n\n", [message("a"), message("b")]],
  ["a byte order mark at the start", "\ufeffdata: a\n\n", [message("a")]],
  ["only one byte order mark, only at the start", "\ufeffdata: \ufeff\n\n\ufeffdata: b\n\n", [message("\ufeff")]],
  ["comments", ": hb\n:\n:data: no\ndata: a\n: hb\ndata: b\n\n: hb\n\n", [message("a\nb")]],
  ["a type", "event: tick\ndata: a\n\ndata: b\n\n", [{ type: "tick", data: "a" }, message("b")]],
  ["a type without data is no event, and does not last", "event: tick\n\ndata: a\n\n", [message("a")]],
  ["id and retry alone are no event", "id: 1\n\nretry: 5\n\ndata: a\n\n", [message("a")]],
  ["unknown fields, and data by another name", "Data: a\n data: b\ndat: c\ndatum: d\ndata: e\n\n", [message("e")]],
  ["colons in the value", "data: a:b: c\n\ndata:: d\n\n", [message("a:b: c"), message(": d")]],
  [
    "spaces and tabs in the value",
    "data:   two more\n\ndata:\ttab\n\ndata: end \n\n",
    [message("  two more"), message("\ttab"), message("end ")],
  ],
  [
    "what other readers take for line ends",
    "data: a\u2028b\u2029c\u0085d\u000be\u000cf\u001cg\n\n",
    [message("a\u2028b\u2029c\u0085d\u000be\u000cf\u001cg")],
  ],
  ["characters of two, three and four bytes", "data: é€𝄞 👩‍👩‍👧 \u202eתודה\n\n", [message("é€𝄞 👩‍👩‍👧 \u202eתודה")]],
  ["a NUL", "data: a\0b\n\n", [message("a\0b")]],
  [
    "bytes that are no UTF-8",
    new Uint8Array([...encode("data: a"), 0xff, 0xe2, 0x82, ...encode("b\n\n")]),
    [message("a\ufffd\ufffdb")],
  ],
  ["many blank lines", "\n\n\r\n\r\rdata: a\n\n\n\n\n", [message("a")]],
  ["an event that ends in its last line", "data: a\n\ndata: b\ndata: c", [message("a")]],
  ["an event that lacks its blank line", "data: a\n\ndata: b\n", [message("a")]],
  ["an end within a character", encode("data: a\n\ndata: €").subarray(0, -1), [message("a")]],
  ["nothing", "", []],
  ["a byte order mark and nothing else", "\ufeff", []],
];

for (const [name, sent, expected] of CASES) {
  test(name, async () => {
    const bytes = typeof sent === "string" ? encode(sent) : sent;
    for (const pieces of waysToCut(bytes)) {
      const sizes = pieces.map((piece) => piece.length);
      assert.deepEqual(await collect(events(lines(each(pieces)))), expected, `cut into ${sizes}`);
    }
  });
}

test("an event is there as soon as its last CR is, before the byte that may be its LF", async () => {
  const stream = events(lines(chunks(body([encode("data: a\r\n\r")], "open"))));
  assert.deepEqual(await stream.next(), { done: false, value: message("a") });
});

for (const [name, sent] of [
  ["a line without an end", "data: 0123456789"],
  ["a finished line", "data: 0123456789\n"],
  ["a comment", ": 0123456789abcd\n"],
  ["an event of many lines", "data: 0\ndata: 1\ndata: 2\ndata: 3\ndata: 4\ndata: 5\n"],
]) {
  test(`${name} longer than the limit is refused, however it is cut`, async () => {
    for (const pieces of waysToCut(encode(sent))) {
      await assert.rejects(collect(events(lines(each(pieces), 15), 11)), NotUnderstood);
    }
  });
}

test("lines and events of exactly the limit pass, and each event has it anew", async () => {
  const sent = encode("data: 012345678\n\n".repeat(3));
  for (const pieces of waysToCut(sent)) {
    const all = await collect(events(lines(each(pieces), 15), 10));
    assert.deepEqual(all, Array(3).fill(message("012345678")));
  }
});

test("of a long line in small chunks each character is searched once", async (context) => {
  let searched = 0;
  for (const name of ["split", "indexOf", "lastIndexOf", "includes", "match", "matchAll", "search", "replace", "replaceAll"]) {
    const plain = String.prototype[name];
    context.mock.method(String.prototype, name, function (...given) {
      searched += this.length;
      return plain.apply(this, given);
    });
  }
  await collect(lines(each(Array(5000).fill(encode("0123456789")))));
  context.mock.restoreAll();
  assert.equal(searched, 50_000);
});

test("leaving early cancels the body", async () => {
  let cancelled = false;
  const source = new ReadableStream({
    pull: (controller) => controller.enqueue(encode("data: a\n\n")),
    cancel: () => void (cancelled = true),
  });
  for await (const event of events(lines(chunks(source)))) {
    assert.deepEqual(event, message("a"));
    break;
  }
  assert.equal(cancelled, true);
});

test("what breaks the body comes through", async () => {
  const broken = body([encode("data: a\n\ndata: b")], new TypeError("network error"));
  const seen = [];
  await assert.rejects(async () => {
    for await (const event of events(lines(chunks(broken)))) seen.push(event);
  }, new TypeError("network error"));
  assert.deepEqual(seen, [message("a")]);
});
