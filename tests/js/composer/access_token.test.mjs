import assert from "node:assert/strict";
import { test } from "node:test";

import { AccessToken } from "../../../webapp/static/composer/access_token.js";

/** What a tab stores, as far as a token needs it. */
function store() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** The headers that a fetch with this token sends. */
async function sentWith(token) {
  let sent;
  const fetcher = token.authorized(async (_url, options) => void (sent = options));
  await fetcher("chat", { method: "POST", headers: { Accept: "text/event-stream" } });
  assert.equal(sent.method, "POST");
  return Object.fromEntries(sent.headers);
}

test("a token is sent as a bearer, and survives a reload of the page", async () => {
  const stored = store();
  const token = new AccessToken(() => stored);
  assert.equal(token.isKnown, false);
  token.set("correct-horse-battery");
  const reloaded = new AccessToken(() => stored);
  assert.equal(reloaded.isKnown, true);
  for (const each of [token, reloaded]) {
    assert.deepEqual(await sentWith(each), {
      accept: "text/event-stream",
      authorization: "Bearer correct-horse-battery",
    });
  }
});

test("without a token nothing is sent for one", async () => {
  assert.deepEqual(await sentWith(new AccessToken(store)), { accept: "text/event-stream" });
});

test("a fetch made before the token was given sends it too", async () => {
  const token = new AccessToken(store);
  const sent = [];
  const fetcher = token.authorized(async (_url, { headers }) => void sent.push(headers.get("Authorization")));
  await fetcher("chat");
  token.set("correct-horse-battery");
  await fetcher("chat");
  assert.deepEqual(sent, [null, "Bearer correct-horse-battery"]);
});

test("a forgotten token is gone after a reload too", () => {
  const stored = store();
  const token = new AccessToken(() => stored);
  token.set("wrong-horse-battery");
  token.forget();
  assert.equal(token.isKnown, false);
  assert.equal(new AccessToken(() => stored).isKnown, false);
});

test("where the browser blocks storage, the token lives as long as the page", async () => {
  const token = new AccessToken(() => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  });
  token.set("correct-horse-battery");
  assert.equal((await sentWith(token)).authorization, "Bearer correct-horse-battery");
});

test("an error that is none of the storage's is not hidden", () => {
  const broken = () => {
    throw new RangeError("a bug");
  };
  assert.throws(() => new AccessToken(broken), new RangeError("a bug"));
});
