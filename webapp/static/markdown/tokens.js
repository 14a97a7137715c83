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
		if (this.#depth === MOST_BLOCKS_IN_EACH_OTHER) {
			tokens.push({ type: "html", raw: source, text: source });
			return tokens;
		}
		this.#depth += 1;
		const found = super.blockTokens(source, tokens, isLast);
		this.#depth -= 1;
		return found;
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
	try {
		lexer.blockTokens(source, lexer.tokens);
		for (const { src, tokens } of lexer.inlineQueue) lexInline(lexer, src, tokens);
		return { tokens: lexer.tokens, links: lexer.tokens.links };
	} catch {
		return lexInParts(source, links, isGrowing);
	}
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

/**
 * marked throws at a few texts, `"- a\n  >2)\nd"` for one. The part that it throws at is shown as it is.
 * @param {Links} links
 * @returns {Lexed}
 */
function lexInParts(source = "", links, isGrowing = false) {
	const ends = [...source.matchAll(/\n[ \t]*\n(?!$)/g)].map((found) => found.index + found[0].length);
	const cut = ends.find((end) => 2 * end > source.length) ?? ends.at(-1);
	if (cut === undefined) return { tokens: [{ type: "html", raw: source }], links };
	const first = lex(source.slice(0, cut), { links });
	const second = lex(source.slice(cut), { links: first.links, isGrowing });
	return { tokens: [...first.tokens, ...second.tokens], links: second.links };
}
