/** A Markdown text that grows, and what of it is settled: the blocks that no further text can change. */

import { lex } from "./tokens.js";

/** The last block may grow, and what it becomes may still belong to the one before it: an item to its list. */
const UNSETTLED_BLOCKS = 2;
/**
 * Only an empty line or a heading's line parts blocks for good: a line that is still being written can make one table of two
 * blocks that touch.
 */
const PARTING = /\n[ \t]*\n$|^ {0,3}#{1,6}[ \t].*\n$/;

export class GrowingSource {
  text = "";
  #settledLength = 0;
  #endsInCarriageReturn = false;
  /** @type {Links} those of settled blocks: an address that is still being written is none yet */
  #links = Object.create(null);

  /** Markdown's line ends are one character here, and a NUL is none at all (CommonMark 2.3). */
  append(text = "") {
    const isSecondHalf = this.#endsInCarriageReturn && text.startsWith("\n");
    if (text !== "") this.#endsInCarriageReturn = text.endsWith("\r");
    this.text += text.slice(isSecondHalf ? 1 : 0).replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd");
  }

  /** Lexes what is not settled: the blocks that are settled with this, and the tail, of which anything may change. */
  advance() {
    return this.#settle(lex(this.text.slice(this.#settledLength), { links: this.#links, isGrowing: true }).tokens);
  }

  /** Lexes all of it, so that what is defined at the end counts from the beginning on. */
  whole() {
    this.#settledLength = 0;
    this.#links = Object.create(null);
    return this.#settle(lex(this.text).tokens);
  }

  #settle(/** @type {Token[]} */ tokens) {
    const blocks = tokens.flatMap((token, at) => (token.type === "space" ? [] : [at]));
    const isParted = (at = 0) => at > 0 && PARTING.test(tokens[at - 1]?.raw ?? "");
    const count = blocks.slice(0, 1 - UNSETTLED_BLOCKS).findLast(isParted) ?? 0;
    const settled = tokens.slice(0, count);
    const raw = settled.map((token) => token.raw).join("");
    // Where marked joined two blocks, it may have put a line break between them that is not there.
    if (!this.text.startsWith(raw, this.#settledLength)) return { settled: [], tail: tokens };
    this.#settledLength += raw.length;
    this.#links = { ...definitions(settled), ...this.#links };
    return { settled, tail: tokens.slice(count) };
  }
}

/** What the blocks define, at any depth; of two definitions the first counts. @param {Token[]} tokens @returns {Links} */
function definitions(tokens) {
  const found = Object.create(null);
  for (const { type, tag, href, title, tokens: inner = [], items = [] } of tokens) {
    if (type === "def") found[tag] ??= { href, title };
    else Object.assign(found, { ...definitions([...inner, ...items]), ...found });
  }
  return found;
}
