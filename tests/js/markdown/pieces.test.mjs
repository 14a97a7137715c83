import assert from "node:assert/strict";
import { test } from "node:test";

import { inlineMath } from "../../../webapp/static/markdown/math_notation.js";
import { pieces } from "../../../webapp/static/markdown/pieces.js";

const TEXTS = { words: "word ".repeat(4_000), lines: "a line\n".repeat(3_000), "one word": "x".repeat(20_001), pairs: "👩".repeat(9_001) };

for (const [name, text] of Object.entries(TEXTS)) {
  test(`${name}: pieces are the text, short, and stay as it grows`, () => {
    const whole = pieces(text);
    assert.equal(whole.join(""), text);
    assert.ok(whole.every((piece) => piece.length <= 4_000 && piece.isWellFormed?.() !== false));
    const grown = pieces(text.slice(0, 10_001));
    assert.deepEqual(grown.slice(0, -1), whole.slice(0, grown.length - 1));
  });
}

test("short text is one piece", () => assert.deepEqual(pieces("short"), ["short"]));

const FORMULAS = ["$x$", "$a_1 + b$", "$$x$$", "\\(x\\)", "\\[x = 1\\]", "$5x + 3$", "$\\$5$", "$2^n$"];
const NONE = ["$5 and $6", "$5", "$ x $", "$x$5", "$20 million for US$", "$$", "$$ $$", "\\(optional\\)", "\\[1\\]", "$a\n\nb$"];

test("formulas and prices", () => {
  for (const text of FORMULAS) assert.equal(inlineMath(text)?.raw, text, text);
  for (const text of NONE) assert.equal(inlineMath(text), undefined, text);
  assert.equal(inlineMath("$5 or 6$", "US"), undefined);
});
