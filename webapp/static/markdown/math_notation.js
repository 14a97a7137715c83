/** Where TeX begins and ends in Markdown, in the four ways that models write it. Prices are not TeX. */

/** No empty line is in a formula. The limit keeps openings without an end from being as many long searches. */
const body = (without = "") => String.raw`((?:\\[^]|(?!\n[ \t]*\n)[^\\${without}]){1,2000}?)`;
/**
 * Pandoc's rule: no space inside, no digit after. "$5 and $6" and "5$ or 6$" are prices.
 * @type {[pattern: RegExp, isDisplay: boolean][]}
 */
const PATTERNS = [
	[new RegExp(String.raw`^\$\$${body("$")}\$\$`), true],
	[new RegExp(String.raw`^\\\[${body()}\\\]`), true],
	[new RegExp(String.raw`^\$(?!\s)${body("$")}(?<!\s)\$(?![\d$])`), false],
	[new RegExp(String.raw`^\\\(${body()}\\\)`), false],
];
const AMOUNT = /^\d[\d.,]*[\s-]*(?:[A-Za-z]{2,}(?![A-Za-z]*[({\\^_])|$)/;
/** `\[1\]` and `\(optional\)` are escaped brackets: words and numbers, none of the signs that formulas have. */
const PROSE = /^\s*(?:\d+|[^\\^_=+<>{}|*/]*[\p{L}]{3}[^\\^_=+<>{}|*/]*)\s*$/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const ENDS_IN_WORD = /[\p{L}\p{N}]$/u;

/** The formula that a text begins with; `before` is what stands before it. @returns {MathToken | undefined} */
export function inlineMath(text = "", before = "") {
	const sign = text[0];
	if (sign !== "$" && sign !== "\\") return;
	for (const [pattern, isDisplay] of PATTERNS) {
		const [raw, tex = ""] = pattern.exec(text) ?? [];
		if (raw === undefined || !LETTER_OR_DIGIT.test(tex)) continue;
		// US$5, and 5$ each: a sign that hangs on a word is no formula's.
		const isMoney = !isDisplay && (AMOUNT.test(tex) || ENDS_IN_WORD.test(before));
		if (sign === "\\" ? PROSE.test(tex) : isMoney) continue;
		return { type: "math", raw, tex: tex.trim(), isDisplay };
	}
}

/** @returns {MathToken | undefined} */
export function blockMath(text = "") {
	const indent = /^ {0,3}(?=\$\$|\\\[)/.exec(text)?.[0];
	const math = indent !== undefined && inlineMath(text.slice(indent.length));
	if (!math || !math.isDisplay) return;
	const end = /^[ \t]*(?:\n|$)/.exec(text.slice(indent.length + math.raw.length))?.[0];
	if (end !== undefined) return { ...math, raw: indent + math.raw + end };
}

export function openMath(text = "") {
	return /^ {0,3}(?:\$\$|\\\[)(?![^]*\n[ \t]*\n)/.test(text) ? { type: "html", raw: text } : undefined;
}

export function blockMathStart(text = "") {
	return text.slice(0, text.search(/\n[ \t]*\n|$/)).search(/\n {0,3}(?:\$\$|\\\[)/) + 1 || undefined;
}

/** Below zero where no formula can begin. */
export const inlineMathStart = (text = "") => text.search(/\$|\\[([]/);

/** The same text, formulas blackened, so that their signs open and close no emphasis. */
export function withoutMath(text = "") {
	let masked = "";
	let rest = text;
	for (let at; (at = inlineMathStart(rest)) >= 0; ) {
		const math = inlineMath(rest.slice(at), masked + rest.slice(0, at));
		const taken = math ? at + math.raw.length : at + 1;
		masked += rest.slice(0, at) + (math ? "+".repeat(math.raw.length) : rest.slice(at, taken));
		rest = rest.slice(taken);
	}
	return masked + rest;
}
