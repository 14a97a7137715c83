/** Blocks of Markdown as descriptions of nodes. */

import { decoded, inlineNodes, math } from "./inline_nodes.js";
import { element } from "./node_tree.js";
import { pieces } from "./pieces.js";

/** Each paragraph goes the way of its own first letter. */
const EITHER_WAY = { dir: "auto" };
const CLOSED = /\n[ \t]*(?:`{3,}|~{3,})\s*$/;
const SCROLLING = { class: "scrolling", tabindex: "0" };

/** @type {Record<string, (token: Token, isGrowing: boolean) => Description[]>} */
const NODES = {
	space: () => [],
	def: () => [],
	heading({ depth, tokens }) {
		const children = inlineNodes(tokens);
		// One that says nothing would still be announced.
		return [element(`h${depth}`, children, children.length > 0 ? EITHER_WAY : { role: "none" })];
	},
	paragraph: (token) => [element("p", inlineNodes(token.tokens), EITHER_WAY)],
	text: (token) => (token.tokens ? inlineNodes(token.tokens) : [decoded(token.raw)]),
	hr: () => [element("hr")],
	blockquote: (token, isGrowing) => [element("blockquote", blockNodes(token.tokens, isGrowing), EITHER_WAY)],
	html: (token) => [element("p", inPieces(token.raw.trimEnd()), { ...EITHER_WAY, class: "raw" })],
	math: (token) => [math("div", token)],
	list({ ordered, start, items }, isGrowing) {
		const children = items.map((/** @type {Token} */ { tokens, task }, at = 0) =>
			element("li", blockNodes(tokens, isGrowing && at === items.length - 1), { ...EITHER_WAY, ...(task && { class: "task" }) }),
		);
		return [element(ordered ? "ol" : "ul", children, ordered && start !== 1 ? { start: String(start) } : {})];
	},
	table({ header, rows }) {
		const lines = (tag = "", /** @type {Token[][]} */ rows) => rows.map((row) => element("tr", row.map((cell) => tableCell(tag, cell))));
		const body = rows.length > 0 ? [element("tbody", lines("td", rows))] : [];
		return [element("div", [element("table", [element("thead", lines("th", [header])), ...body])], SCROLLING)];
	},
	code({ raw, text, lang }, isGrowing) {
		const language = /^\S*/.exec(decoded(lang ?? ""))?.[0] ?? "";
		const drawing = language && (!isGrowing || CLOSED.test(raw)) ? /** @type {const} */ ({ kind: "code", text, option: language }) : undefined;
		const body = element("pre", [element("code", inPieces(text), {}, drawing)], { ...SCROLLING, dir: "ltr" });
		const copy = element("button", [], { type: "button", class: "copy" }, { kind: "copy" });
		return [element("div", [element("div", [element("span", [language]), copy], { class: "code-bar" }), body], { class: "code" })];
	},
};

/** Descriptions of these; where text is growing, more may still be added to the last of them. @param {Token[]} tokens @returns {Description[]} */
export function blockNodes(tokens = [], isGrowing = false) {
	const last = tokens.length - 1;
	return tokens.flatMap((token, at) => NODES[token.type]?.(token, isGrowing && at === last) ?? inlineNodes([token]));
}

/** @param {string} tag @param {Token} cell */
function tableCell(tag, { tokens = [], align }) {
	// `<br>` is the only way to break a line that Markdown has here.
	const children = tokens.flatMap((token) => (/^<br\s*\/?>$/i.test(token.raw) ? [element("br")] : inlineNodes([token])));
	return element(tag, children, { ...EITHER_WAY, ...(align && { class: `align-${align}` }), ...(tag === "th" && { scope: "col" }) });
}

function inPieces(text = "") {
	const parts = pieces(text);
	return parts.length === 1 ? parts : parts.map((part) => element("span", [part], { class: "piece" }));
}
