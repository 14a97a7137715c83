/** What stands inside a line of Markdown, as descriptions of nodes. */

import { characterEntitiesHtml4 as named } from "../vendor/character-entities-html4/index.js";
import { element, text } from "./node_tree.js";

const SCHEMES = ["http:", "https:", "mailto:"];
/** Browsers drop tabs and line breaks from an address; one that has any hides something. */
const CONTROL_CHARACTER = /[\u0000-\u0020\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]*));/g;

/** What is deeper is nobody's, and no browser's: it stays as it is written. */
const MOST_IN_EACH_OTHER = 30;
let depth = 0;

/** @type {Record<string, (token: Token) => Description[]>} */
const NODES = {
	text: (token) => [token["escaped"] ? token.raw : decoded(token.raw)],
	escape: (token) => [token["text"]],
	// A browser would run it. Here it is what it is: text.
	html: (token) => [token.raw],
	...Object.fromEntries(["strong", "em", "del"].map((tag) => [tag, ({ tokens }) => [element(tag, inlineNodes(tokens))]])),
	codespan: (token) => [element("code", [token["text"]])],
	br: () => [element("br")],
	link: (token) => link(token, token["autolink"] ? [token["text"]] : inlineNodes(token.tokens)),
	// Fetching a picture would tell its host who reads this, and what.
	image: (token) => link(token, [token["text"] === "" ? token["href"] : text(inlineNodes(token.tokens))]),
	checkbox: (token) => [token["checked"] ? "☑ " : "☐ "],
	math: (token) => [math("span", token)],
	piece: (token) => [element("span", inlineNodes(token.tokens), { class: "piece" })],
};

/** @param {Token[]} tokens */
export function inlineNodes(tokens = []) {
	if (depth === MOST_IN_EACH_OTHER) return tokens.map(({ raw }) => raw);
	depth += 1;
	const nodes = tokens.flatMap((token) => NODES[token.type]?.(token) ?? [token.raw]);
	depth -= 1;
	return nodes;
}

/** @param {string} tag @param {Token} token */
export function math(tag, { raw, tex, isDisplay }) {
	const drawing = /** @type {const} */ ({ kind: "math", text: tex, option: isDisplay ? "display" : "inline" });
	return element(tag, [raw.trim()], { class: isDisplay ? "math display" : "math", dir: "ltr" }, drawing);
}

/** @param {Token} token @param {Description[]} children */
function link(token, children) {
	const address = token["autolink"] ? token["href"] : decoded(token["href"]);
	const href = linkTarget(address);
	const title = decoded(token["title"] ?? "");
	if (href === null) return [element("span", children, { class: "no-link", title: [address, title].join(" ").trim() })];
	return [element("a", children, { href, ...(title && { title }), rel: "noopener noreferrer nofollow", target: "_blank" })];
}

/** The address as a browser will follow it; null for what is no link here: relative, of another scheme, broken. */
export function linkTarget(href = "") {
	// Without a scheme it would point into this very app.
	if (!/^[a-z]+:/i.test(href) || CONTROL_CHARACTER.test(href.trim())) return null;
	try {
		// To Markdown a backslash is no slash.
		const url = new URL(href.trim().replaceAll("\\", "%5C"));
		return SCHEMES.includes(url.protocol) ? url.href : null;
	} catch {
		return null;
	}
}

/** `&amp;` and its kin as what they stand for: HTML's own decoder is out of reach without `innerHTML`. */
export function decoded(text = "") {
	return text.replace(REFERENCE, (reference, decimal, hexadecimal, name) => {
		if (name === "apos") return "'";
		if (name) return Object.hasOwn(named, name) ? (named[name] ?? "") : reference;
		const codePoint = decimal ? parseInt(decimal, 10) : parseInt(hexadecimal, 16);
		const isCharacter = codePoint > 0 && codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
		return isCharacter ? String.fromCodePoint(codePoint) : "\ufffd";
	});
}
