/** A Markdown text that grows, and what of it is settled: blocks, and parts of blocks, that no further text can change. */

import { lex } from "./tokens.js";

/** Nothing else parts blocks for good: a line that is written can make one table of two blocks that touch. */
const PARTING = /\n[ \t]*\n$|^ {0,3}#{1,6}[ \t].*\n$/;
/** Of these blocks parts settle before the whole. @type {Record<string, string>} */
const PARTS = { list: "items", table: "rows" };
/** The last may grow, and only two can show whether their list is loose. */
const UNSETTLED_PARTS = 2;
const HEAD_LINES = 2;

/** @param {Token} token */
const isBlock = ({ type }) => type !== "space";
const rawOf = (/** @type {Token[]} */ tokens) => tokens.map(({ raw }) => raw).join("");
const linesOf = (text = "", count = 0) => text.split("\n", count).map((line) => `${line}\n`).join("");

/** Blocks whose parts settled one after the other, in one again. @param {Token[]} tokens */
export function joined(tokens) {
	/** @type {Token[]} */
	const blocks = [];
	for (const token of tokens) {
		const name = PARTS[token.type] ?? "";
		const begun = token["continues"] && blocks.pop();
		blocks.push(begun ? { ...begun, [name]: [...begun[name], ...token[name]] } : token);
	}
	return blocks;
}

export function growingSource() {
	let source = "";
	let settledLength = 0;
	let endsInCarriageReturn = false;
	/** @type {Links} those of settled blocks: an address that is still being written is none yet */
	let links = Object.create(null);
	/** @type {Token | null} what of the tail's first block was settled first, and where it begins */
	let begun = null;
	/** Where a list begins that is loose here and tight there: its parts do not say what the whole is. */
	let undividedAt = -1;

	/** The last block may grow, and what it becomes may still belong to the one before it. @param {Token[]} tokens */
	function settle(tokens) {
		const last = tokens.findLastIndex(isBlock);
		const isParted = (/** @type {Token} */ token, at = 0) => at < last && isBlock(token) && PARTING.test(tokens[at - 1]?.raw ?? "");
		const count = tokens.findLastIndex((token, at) => token["continues"] || isParted(token, at));
		const settled = tokens.slice(0, Math.max(0, count));
		const raw = rawOf(settled);
		const part = settled.at(-1);
		// Where marked joined two blocks, it may have put a line break between them that is not there.
		if (!part || !source.startsWith(raw, settledLength)) return { settled: [], tail: tokens };
		settledLength += raw.length;
		if (raw.includes("]:")) ({ links } = lex(raw, { links }));
		begun = tokens[count]?.["continues"] ? (begun ?? { ...part, at: settledLength - part.raw.length }) : null;
		return { settled, tail: tokens.slice(count) };
	}

	/** With the last block in two, where parts of it can settle. @param {Token[]} tokens */
	function divided(tokens) {
		const at = tokens.findLastIndex(isBlock);
		const block = tokens[at];
		const name = PARTS[block?.type ?? ""];
		if (!block || !name || (at > 0 ? begun : settledLength === undividedAt)) return tokens;
		const parts = block[name].slice(0, -UNSETTLED_PARTS);
		const raw = name === "items" ? rawOf(parts) : linesOf(block.raw, parts.length + (begun ? 0 : HEAD_LINES));
		if (parts.length === 0) return tokens;
		const rest = { ...block, [name]: block[name].slice(-UNSETTLED_PARTS), continues: true };
		return [...tokens.slice(0, at), { ...block, raw, [name]: parts }, rest, ...tokens.slice(at + 1)];
	}

	/** What is settled with what came, and the tail, of which anything may change; whether the last settled block is in it. */
	function advance(isReopened = false) {
		const head = begun?.type === "table" ? linesOf(begun.raw, HEAD_LINES) : "";
		const { tokens } = lex(head + source.slice(settledLength), { links, isGrowing: true });
		const [first] = tokens;
		if (begun && (first?.type !== begun.type || first["loose"] !== begun["loose"])) {
			settledLength = begun["at"];
			if (!first?.["loose"]) undividedAt = settledLength;
			begun = null;
			return advance(true);
		}
		if (begun) Object.assign(Object(first), { raw: first?.raw.slice(head.length), start: begun["start"], continues: true });
		return { ...settle(divided(tokens)), isReopened };
	}

	return {
		/** Markdown's line ends are one character here, and a NUL is none at all (CommonMark 2.3). */
		append(text = "") {
			const isSecondHalf = endsInCarriageReturn && text.startsWith("\n");
			if (text !== "") endsInCarriageReturn = text.endsWith("\r");
			source += text.slice(isSecondHalf ? 1 : 0).replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd");
		},

		advance,

		/** All of it once more, so that what is defined at the end counts from the beginning on. */
		whole() {
			settledLength = 0;
			begun = null;
			links = Object.create(null);
			return settle(lex(source).tokens);
		},
	};
}
