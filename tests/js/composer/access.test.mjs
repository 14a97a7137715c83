import assert from "node:assert/strict";
import { test } from "node:test";

import { accessToken } from "../../../webapp/static/composer/access.js";

/** A tab with a storage of its own, or one whose storage raises an error. */
function inTab(error) {
  const items = new Map();
  const storage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
  const get = () => {
    if (error) throw error;
    return storage;
  };
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get });
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
  inTab();
  const token = accessToken();
  assert.equal(token.isKnown(), false);
  token.set("correct-horse-battery");
  const reloaded = accessToken();
  assert.equal(reloaded.isKnown(), true);
  for (const each of [token, reloaded]) {
    assert.deepEqual(await sentWith(each), {
      accept: "text/event-stream",
      authorization: "Bearer correct-horse-battery",
    });
  }
});

test("without a token nothing is sent for one", async () => {
  inTab();
  assert.deepEqual(await sentWith(accessToken()), { accept: "text/event-stream" });
});

test("a fetch made before the token was given sends it too", async () => {
  inTab();
  const token = accessToken();
  const sent = [];
  const fetcher = token.authorized(async (_url, { headers }) => void sent.push(headers.get("Authorization")));
  await fetcher("chat");
  token.set("correct-horse-battery");
  await fetcher("chat");
  assert.deepEqual(sent, [null, "Bearer correct-horse-battery"]);
});

test("a forgotten token is gone after a reload too", () => {
  inTab();
  const token = accessToken();
  token.set("wrong-horse-battery");
  token.set("");
  assert.equal(token.isKnown(), false);
  assert.equal(accessToken().isKnown(), false);
});

test("where the browser blocks storage, the token lives as long as the page", async () => {
  inTab(new DOMException("Access is denied for this document.", "SecurityError"));
  const token = accessToken();
  token.set("correct-horse-battery");
  assert.equal((await sentWith(token)).authorization, "Bearer correct-horse-battery");
});

test("an error that is none of the storage's is not hidden", () => {
  inTab(new RangeError("a bug"));
  assert.throws(() => accessToken(), new RangeError("a bug"));
});
