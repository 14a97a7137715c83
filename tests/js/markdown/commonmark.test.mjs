import assert from "node:assert/strict";
import { test } from "node:test";

import { blockNodes } from "../../../webapp/static/markdown/block_nodes.js";
import { lex } from "../../../webapp/static/markdown/tokens.js";
import { commonmark } from "../commonmark/commonmark.js";
import { ofHtml, ofNodes } from "./canonical.mjs";

const LEAST_SHARE = 0.97;
/** Less than these the specification's examples without raw HTML are not. */
const LEAST_EXAMPLES = 541;

const examples = commonmark.filter(({ markdown }) => !JSON.stringify(lex(markdown).tokens).includes('"type":"html"'));
const shown = (markdown) => ofNodes(blockNodes(lex(markdown).tokens, false));

test("the specification's examples without HTML", () => {
  const failed = examples.filter(({ markdown, html }) => shown(markdown) !== ofHtml(html));
  const report = failed.map(({ markdown, html }) => JSON.stringify([markdown, ofHtml(html), shown(markdown)])).join("\n");
  console.log(`${examples.length - failed.length} of ${examples.length}`);
  assert.ok(examples.length >= LEAST_EXAMPLES, `${examples.length} examples`);
  assert.ok(1 - failed.length / examples.length >= LEAST_SHARE, report);
});
