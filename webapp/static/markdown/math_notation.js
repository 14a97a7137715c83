/** Where TeX begins and ends in Markdown, in the four ways that models write it. Prices are not TeX. */

/** @typedef {{ type: "math", raw: string, tex: string, isDisplay: boolean }} MathToken */

/**
 * TeX itself allows no empty line in a formula, so one that is never closed spoils no more than its paragraph. The limit
 * keeps a thousand openings without an end from being a thousand searches through all that follows.
 */
const BODY = String.raw`((?:\\[^]|(?!\n[ \t]*\n)[^\\]){1,2000}?)`;
const BODY_WITHOUT_SIGN = String.raw`((?:\\[^]|(?!\n[ \t]*\n)[^\\$]){1,2000}?)`;
/**
 * Between single signs Pandoc's rule: no space inside, no digit after the second. "$5 and $6" and "5$ or 6$" are prices.
 * @type {[pattern: RegExp, isDisplay: boolean][]}
 */
const PATTERNS = [
  [new RegExp(String.raw`^\$\$${BODY_WITHOUT_SIGN}\$\$`), true],
  [new RegExp(String.raw`^\\\[${BODY}\\\]`), true],
  [new RegExp(String.raw`^\$(?!\s)${BODY_WITHOUT_SIGN}(?<!\s)\$(?![\d$])`), false],
  [new RegExp(String.raw`^\\\(${BODY}\\\)`), false],
];
/** "$20 million for US$": an amount followed by a word. */
const AMOUNT = /^\d[\d.,]*[\s-]*(?:[A-Za-z]{2,}(?![A-Za-z]*[({\\^_])|$)/;
/** `\[1\]` and `\(optional\)` are escaped brackets: words and numbers, none of the signs that formulas have. */
const PROSE = /^\s*(?:\d+|[^\\^_=+<>{}|*/]*[\p{L}]{3}[^\\^_=+<>{}|*/]*)\s*$/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const OPENING = /\$|\\[([]/;
const ENDS_IN_WORD = /[\p{L}\p{N}]$/u;

/**
 * The formula that a text begins with.
 * @param {string} text
 * @param {string} before what stands before it
 * @returns {MathToken | undefined}
 */
export function inlineMath(text, before = "") {
  const sign = text[0];
  if (sign !== "$" && sign !== "\\") return;
  for (const [pattern, isDisplay] of PATTERNS) {
    const [raw, tex = ""] = pattern.exec(text) ?? [];
    if (raw === undefined || !LETTER_OR_DIGIT.test(tex)) continue;
    if (sign === "\\" ? PROSE.test(tex) : !isDisplay && isMoney(tex, before)) continue;
    return { type: "math", raw, tex: tex.trim(), isDisplay };
  }
}

/** US$5, and 5$ each: a sign that hangs on a word is no formula's. */
function isMoney(/** @type {string} */ tex, /** @type {string} */ before) {
  return AMOUNT.test(tex) || ENDS_IN_WORD.test(before);
}

/**
 * A formula that stands alone, from the beginning of a line to the end of one.
 * @param {string} text
 * @returns {MathToken | undefined}
 */
export function blockMath(text) {
  const indent = /^ {0,3}(?=\$\$|\\\[)/.exec(text)?.[0];
  const math = indent !== undefined && inlineMath(text.slice(indent.length));
  if (!math || !math.isDisplay) return;
  const end = /^[ \t]*(?:\n|$)/.exec(text.slice(indent.length + math.raw.length))?.[0];
  if (end !== undefined) return { ...math, raw: indent + math.raw + end };
}

/**
 * A formula whose end has not come, as the text that it is.
 * @param {string} text
 */
export function openMath(text) {
  return /^ {0,3}(?:\$\$|\\\[)(?![^]*\n[ \t]*\n)/.test(text) ? { type: "html", raw: text } : undefined;
}

/**
 * Where the next formula that stands alone may interrupt a paragraph.
 * @param {string} text
 */
export function blockMathStart(text) {
  const paragraph = text.slice(0, text.search(/\n[ \t]*\n|$/));
  const at = paragraph.search(/\n {0,3}(?:\$\$|\\\[)/);
  return at < 0 ? undefined : at + 1;
}

/** @param {string} text */
export function inlineMathStart(text) {
  const at = text.search(OPENING);
  return at < 0 ? undefined : at;
}

/**
 * The same text, formulas blackened, so that their signs open and close no emphasis.
 * @param {string} text
 */
export function withoutMath(text) {
  let masked = "";
  let rest = text;
  for (let at; (at = inlineMathStart(rest)) !== undefined; ) {
    const math = inlineMath(rest.slice(at), masked + rest.slice(0, at));
    const taken = math ? at + math.raw.length : at + 1;
    masked += rest.slice(0, at) + (math ? "+".repeat(math.raw.length) : rest.slice(at, taken));
    rest = rest.slice(taken);
  }
  return masked + rest;
}
