import assert from "node:assert/strict";
import { test } from "node:test";

import { blockNodes } from "../../../webapp/static/markdown/block_nodes.js";
import { growingSource, joined } from "../../../webapp/static/markdown/growing_source.js";
import { lex } from "../../../webapp/static/markdown/tokens.js";
import { commonmark } from "../commonmark/commonmark.js";
import { HARD } from "./hard_texts.mjs";

const SPLITS = 3;
const LONGEST_PIECE = 12;
const NEIGHBOUR = 400;
const DEFINITION = /^[ >\d.)*+-]*\[[^\]]*\]:/m;

const TEXTS = [...Object.entries(HARD), ...commonmark.map(({ markdown }, at) => [`example ${at + 1}`, markdown])];
/** Neighbours make each other's lives hard, where they meet. */
const JOINED = TEXTS.map(([name, text], at) => {
  const [, next] = TEXTS[(at + 7) % TEXTS.length];
  return [`${name}, and the next`, `${text.slice(-NEIGHBOUR)}\n\n${next.slice(0, NEIGHBOUR)}`];
});

const whole = (text) => {
  const source = growingSource();
  source.append(text);
  const { settled, tail } = source.whole();
  return blockNodes([...settled, ...tail], false);
};

const plain = (text) => text.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd");

/** What has settled when the last piece has come, and what the rest reads as, taken by itself. */
function grown(pieces) {
  const source = growingSource();
  const settled = [];
  let text = "";
  let tail = [];
  // Once more without a text: what has settled now is read without it from then on.
  for (const piece of [...pieces, ""]) {
    text += piece;
    source.append(piece);
    const advanced = source.advance();
    if (advanced.isReopened) settled.splice(settled.findLastIndex(({ continues }) => !continues));
    settled.push(...advanced.settled);
    tail = advanced.tail;
  }
  const rest = plain(text).slice(settled.map(({ raw }) => raw).join("").length);
  const isBegun = tail[0]?.continues;
  return blockNodes(joined([...settled, ...(isBegun ? otherParts(settled, rest) : lex(rest).tokens)]), false);
}

/** What follows the parts of a block that have settled, as more of them. */
function otherParts(settled, rest) {
  const begun = settled.findLast(({ continues }) => !continues);
  const head = begun.type === "table" ? /(?:.*\n){2}/.exec(begun.raw)[0] : "";
  const [first, ...more] = lex(head + rest).tokens;
  return [{ ...first, continues: true }, ...more];
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

/** Blocks of many parts, and what may befall them in the middle. */
const LONG = {
  "a tight list": "- one\n- **two**\n- three\n- four\n- five\n- six\n",
  "a loose list": "1. one\n\n2. two\n\n3. three\n\n4. four\n\n5. five\n",
  "a list that becomes loose": "- one\n- two\n- three\n- four\n\n- five\n- six\n- seven\n",
  "a list with a loose item": "- one\n\n  more\n- two\n- three\n- four\n- five\n- six\n",
  "a list with lists in it": "* a\n  * b\n    * c\n  * d\n* e\n  1. f\n\n  2. g\n* h\n* i\n",
  "tasks": "- [ ] one\n- [x] two\n- three\n- [ ] four\n- [x] five\n\n- [ ] six\n",
  "a list after a line": "Steps:\n1. one\n2. two\n3. three\n4. four\n5. five\nlazy\n6. six\n",
  "a list that another follows": "- one\n- two\n- three\n- four\n+ one\n+ two\n+ three\n+ four\n",
  "a list that code follows": "- one\n- two\n- three\n- four\n```\na\nb\nc\nd\n```\n- five\n- six\n- seven\n",
  "a list with code in it": "- one\n- ```js\n  a\n\n  b\n  ```\n- three\n- four\n- five\n",
  "a list that a rule follows": "- one\n- two\n- three\n- four\n\n---\n\nend\n",
  "a list and a line that begins like an item": "- one\n- two\n- three\n- four\n\n-5 is none\n",
  "numbers and a line that begins like one": "1. one\n2. two\n3. three\n4. four\n\n5.5 is none\n",
  "a loose list and a rule": "- one\n\n- two\n- three\n- four\n- five\n\n---\n\nend\n",
  "a list that ends in a rule": "* one\n* two\n* three\n* four\n* * *\n* five\n",
  "a list that is loose here and tight there": "- one\n\n- two\n- three\n- four\n- five\n\n- six\n- seven\n- eight\n",
  "a list that begins at seven": "7. one\n8. two\n9. three\n10. four\n11. five\n",
  "a list with a definition": "- [a]\n- two\n- three\n- four\n\n[a]: https://x.example\n\n- [a]\n- six\n",
  "a table": "| a | b |\n|:--|--:|\n| 1 | *2* |\n| 3 |\n| 4 | 5 | 6 |\n| `a\\|b` | 7 |\n| 8 | 9 |\n\nend\n",
  "a table after a line": "Here:\n| a |\n|---|\n| 1 |\n| 2 |\n| 3 |\n| 4 |\nlazy\n> no row\n",
  "code": "```js\na\n\n  b\n`` c\n~~~\nd\ne\n```\nf\n",
  "code that is indented": "  ~~~~ py\n  a\n    b\n c\n~~~\n  d\n  e\n  ~~~~~\nf\n",
  "code that never ends": "Look:\n```\na\nb\nc\nd\ne\n\n\nf",
};

/** Where all of a text can be told from what is settled and the tail, at any moment. */
function* moments(text) {
  const source = growingSource();
  const settled = [];
  for (let at = 1; at <= text.length; at++) {
    source.append(text[at - 1]);
    const advanced = source.advance();
    if (advanced.isReopened) settled.splice(settled.findLastIndex(({ continues }) => !continues));
    settled.push(...advanced.settled);
    yield [plain(text.slice(0, at)), joined([...settled, ...advanced.tail])];
  }
}

test("a block that grows reads at each of its characters as if it were read whole", () => {
  const twice = Object.entries(LONG).map(([name, text]) => [`${name}, twice`, text + text]);
  // Each character costs a reading of all before it.
  const some = TEXTS.filter(([name, text], at) => text.length < 400 && (name in HARD || at % 12 === 0));
  for (const [name, text] of [...some, ...Object.entries(LONG), ...twice]) {
    for (const [begun, tokens] of moments(text)) {
      if (DEFINITION.test(begun)) break;
      assert.deepEqual(blockNodes(tokens, true), blockNodes(lex(begun, { isGrowing: true }).tokens, true), `${name}: ${begun}`);
    }
  }
});

test("of a long list or table only the end is read", () => {
  for (const [head, line, parts] of [["", "- one\n", "items"], ["Here:\n1. a\n", "1. one\n\n", "items"], ["|a|\n|-|\n", "| 1 |\n", "rows"]]) {
    const source = growingSource();
    source.append(head + line.repeat(1_000));
    assert.equal(source.advance().tail[0][parts].length, 2);
    source.append(line);
    const { settled, tail } = source.advance();
    assert.deepEqual([settled.length, settled[0][parts].length, tail[0][parts].length], [1, 1, 2]);
  }
});

test("a list that becomes loose is read as a whole again; one that is loose in places from then on", () => {
  const source = growingSource();
  const advanced = (text) => {
    source.append(text);
    const { isReopened, settled, tail } = source.advance();
    return [isReopened, settled.flatMap(({ items }) => items).length, tail[0].items.length, tail[0].loose];
  };
  assert.deepEqual(advanced("- a\n- b\n- c\n- d\n"), [false, 2, 2, false]);
  assert.deepEqual(advanced("\n- e"), [true, 3, 2, true]);
  assert.deepEqual(advanced("\n- f"), [false, 1, 2, true]);
  assert.deepEqual(advanced("\n- g"), [true, 0, 7, true]);
  assert.deepEqual(advanced("\n- h"), [false, 0, 8, true]);
});

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
