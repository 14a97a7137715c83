/** Markdown's text as marked's tokens: GitHub's flavour, with formulas. */

import { Lexer } from "../vendor/marked/marked.js";
import { blockMath, blockMathStart, inlineMath, inlineMathStart, withoutMath } from "./math_notation.js";

/** @typedef {Record<string, any> & { type: string, raw: string, tokens?: Token[] }} Token */
/** @typedef {Record<string, { href: string, title?: string }>} Links what `[label]: address` defines */
/** @typedef {{ tokens: Token[], links: Links }} Lexed */

const EXTENSIONS = {
  block: [blockMath],
  inline: [(/** @type {string} */ text, /** @type {Token[]} */ before) => inlineMath(text, before.at(-1)?.raw)],
  startBlock: [blockMathStart],
  startInline: [inlineMathStart],
  renderers: {},
  childTokens: {},
};
const WITH_MATH = { gfm: true, extensions: EXTENSIONS, hooks: { emStrongMask: withoutMath } };
const PLAIN = { gfm: true };

/**
 * @param {string} source with `\n` as its only line end
 * @param {Links} known definitions that stand before it
 * @returns {Lexed}
 */
export function lex(source, known = {}) {
  const hasMath = /\$|\\[([]/.test(source);
  const lexer = new Lexer({ ...(hasMath ? WITH_MATH : PLAIN) });
  Object.assign(lexer.tokens.links, known);
  return { tokens: lexer.lex(source), links: lexer.tokens.links };
}
