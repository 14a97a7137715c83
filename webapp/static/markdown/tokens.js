/** Markdown's text as marked's tokens: GitHub's flavour, with formulas. */

import { Lexer } from "../vendor/marked/marked.js";
import { blockMath, blockMathStart, inlineMath, inlineMathStart, openMath, withoutMath } from "./math_notation.js";
import { pieces } from "./pieces.js";

/** Deeper than the page shows them; of a thousand in each other each would be read once for all around it. */
const MOST_BLOCKS_IN_EACH_OTHER = 30;

class BoundedLexer extends Lexer {
	#depth = 0;

	/** @override @param {string} source @param {Token[]} tokens @param {boolean} [isLast] */
	blockTokens(source, tokens, isLast) {
		this.#depth += 1;
		try {
			if (this.#depth <= MOST_BLOCKS_IN_EACH_OTHER) return super.blockTokens(source, tokens, isLast);
		} catch {
			// marked throws at a few texts, at `>2)` in "- a\n  >2)\nd".
			tokens.length = 0;
		} finally {
			this.#depth -= 1;
		}
		tokens.push({ type: "html", raw: source, text: source });
		return tokens;
	}
}

function optionsWithMath(isGrowing = false) {
	/**
	 * What is still being written must not be taken for the lists and quotations that its lines look like.
	 * @this {{ lexer: Lexer }}
	 * @param {string} text
	 * @param {Token[]} before
	 */
	function block(text, before) {
		return blockMath(text) ?? (isGrowing && before === this.lexer.tokens ? openMath(text) : undefined);
	}
	const inline = (text = "", /** @type {Token[]} */ before) => inlineMath(text, before.at(-1)?.raw);
	const extensions = { block: [block], inline: [inline], startBlock: [blockMathStart], startInline: [inlineMathStart] };
	return { gfm: true, extensions, hooks: { emStrongMask: withoutMath } };
}

/**
 * @param {string} source with `\n` as its only line end
 * @param {LexOptions} [options]
 * @returns {Lexed}
 */
export function lex(source, { links = {}, isGrowing = false } = {}) {
	const lexer = new BoundedLexer(inlineMathStart(source) < 0 ? { gfm: true } : optionsWithMath(isGrowing));
	Object.assign(lexer.tokens.links, links);
	lexer.blockTokens(source, lexer.tokens);
	for (const { src, tokens } of lexer.inlineQueue) lexInline(lexer, src, tokens);
	return { tokens: lexer.tokens, links: lexer.tokens.links };
}

/** @param {Lexer} lexer @param {Token[]} tokens */
function lexInline(lexer, text = "", tokens) {
	const parts = pieces(text);
	for (const raw of parts) {
		lexer.state.inRawBlock = false;
		if (parts.length === 1) lexer.inlineTokens(raw, tokens);
		else tokens.push({ type: "piece", raw, tokens: lexer.inlineTokens(raw) });
	}
}
