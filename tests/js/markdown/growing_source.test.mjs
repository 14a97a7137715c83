import assert from "node:assert/strict";
import { test } from "node:test";

import { blockNodes } from "../../../webapp/static/markdown/block_nodes.js";
import { growingSource } from "../../../webapp/static/markdown/growing_source.js";
import { lex } from "../../../webapp/static/markdown/tokens.js";
import { commonmark } from "../commonmark/commonmark.js";
import { HARD } from "./hard_texts.mjs";

const SPLITS = 3;
const LONGEST_PIECE = 12;
const DEFINITION = /^[ >\d.)*+-]*\[[^\]]*\]:/m;

const TEXTS = [...Object.entries(HARD), ...commonmark.map(({ markdown }, at) => [`example ${at + 1}`, markdown])];
/** Neighbours make each other's lives hard. */
const JOINED = TEXTS.map(([name, text], at) => [`${name}, and the next`, `${text}\n\n${TEXTS[(at + 7) % TEXTS.length][1]}`]);

const whole = (text) => {
  const source = growingSource();
  source.append(text);
  const { settled, tail } = source.whole();
  return blockNodes([...settled, ...tail], false);
};

/** What has settled when the last piece has come, and what the rest reads as, taken by itself. */
function grown(pieces) {
  const source = growingSource();
  const blocks = [];
  let settledLength = 0;
  for (const piece of pieces) {
    source.append(piece);
    const { settled } = source.advance();
    blocks.push(...blockNodes(settled, false));
    settledLength += settled.map(({ raw }) => raw).join("").length;
  }
  return [...blocks, ...blockNodes(lex(source.text.slice(settledLength)).tokens, false)];
}

/** mulberry32 */
function randomOf(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function* piecesOf(text, random) {
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * LONGEST_PIECE);
    yield text.slice(at, (at += length));
  }
}

for (const [name, texts] of [["texts", TEXTS], ["joined texts", JOINED]]) {
  test(`${name}: what is settled reads as it does in the whole, however it is split`, () => {
    for (const [name, text] of texts) {
      if (DEFINITION.test(text)) continue;
      assert.deepEqual(grown([...text]), whole(text), `${name}, a character at a time`);
      for (let seed = 0; seed < SPLITS; seed++) {
        assert.deepEqual(grown(piecesOf(text, randomOf(seed))), whole(text), `${name}, split by ${seed}`);
      }
    }
  });
}

test("blocks do settle", () => {
  const source = growingSource();
  source.append("# a\n\nb\n\n- c\n\nd\n\ne");
  const { settled, tail } = source.advance();
  assert.deepEqual(settled.map(({ type }) => type), ["heading", "space", "paragraph", "space", "list", "space"]);
  assert.deepEqual(tail.map(({ raw }) => raw), ["d", "\n\n", "e"]);
});

test("a definition counts for what follows it, as soon as it is settled", () => {
  const source = growingSource();
  source.append("[a]: https://example.org/\n\none\n\ntwo\n\n");
  source.advance();
  source.append("see [a]");
  assert.equal(source.advance().tail.at(-1).tokens[1].href, "https://example.org/");
});

test("a line end cut in the middle is one line end", () => {
  assert.deepEqual(grown(["a\r", "\nb"]), whole("a\nb"));
  assert.deepEqual(grown(["a\r", "", "\nb"]), whole("a\nb"));
});
