/** A Markdown text that grows, and what of it is settled: the blocks that no further text can change. */

import { lex } from "./tokens.js";

/** The last block may grow, and what it becomes may still belong to the one before it. */
const UNSETTLED_BLOCKS = 2;
/** Nothing else parts blocks for good: a line that is being written can make one table of two blocks that touch. */
const PARTING = /\n[ \t]*\n$|^ {0,3}#{1,6}[ \t].*\n$/;

export function growingSource() {
	let source = "";
	let settledLength = 0;
	let endsInCarriageReturn = false;
	/** @type {Links} those of settled blocks: an address that is still being written is none yet */
	let links = Object.create(null);

	/** @param {Token[]} tokens */
	function settle(tokens) {
		const blocks = tokens.flatMap((token, at) => (token.type === "space" ? [] : [at]));
		const isParted = (at = 0) => at > 0 && PARTING.test(tokens[at - 1]?.raw ?? "");
		const count = blocks.slice(0, 1 - UNSETTLED_BLOCKS).findLast(isParted) ?? 0;
		const settled = tokens.slice(0, count);
		const raw = settled.map((token) => token.raw).join("");
		// Where marked joined two blocks, it may have put a line break between them that is not there.
		if (!source.startsWith(raw, settledLength)) return { settled: [], tail: tokens };
		settledLength += raw.length;
		links = { ...definitions(settled), ...links };
		return { settled, tail: tokens.slice(count) };
	}

	return {
		get text() {
			return source;
		},

		/** Markdown's line ends are one character here, and a NUL is none at all (CommonMark 2.3). */
		append(text = "") {
			const isSecondHalf = endsInCarriageReturn && text.startsWith("\n");
			if (text !== "") endsInCarriageReturn = text.endsWith("\r");
			source += text.slice(isSecondHalf ? 1 : 0).replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd");
		},

		/** What is settled with what came, and the tail, of which anything may change. */
		advance: () => settle(lex(source.slice(settledLength), { links, isGrowing: true }).tokens),

		/** All of it once more, so that what is defined at the end counts from the beginning on. */
		whole() {
			settledLength = 0;
			links = Object.create(null);
			return settle(lex(source).tokens);
		},
	};
}

/** At any depth; of two definitions the first counts. @param {Token[]} tokens @returns {Links} */
function definitions(tokens) {
	const found = Object.create(null);
	for (const { type, tag, href, title, tokens: inner = [], items = [] } of tokens) {
		if (type === "def") found[tag] ??= { href, title };
		else Object.assign(found, { ...definitions([...inner, ...items]), ...found });
	}
	return found;
}
