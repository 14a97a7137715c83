/** Blocks of Markdown as descriptions of nodes: headings, paragraphs, lists, quotations, code, tables, formulas. */

import { decoded } from "./character_references.js";
import { inlineNodes, math } from "./inline_nodes.js";
import { element } from "./node_tree.js";
import { pieces } from "./pieces.js";

/** @typedef {import("./node_tree.js").Description} Description */
/** @typedef {import("./tokens.js").Token} Token */

/** Each paragraph goes the way of its own first letter. */
const EITHER_WAY = { dir: "auto" };
const INFO_STRING_WORD = /^\S*/;
const COPY_BUTTON = { kind: "copy", text: "", option: "" };
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** @type {Record<string, (token: Token, isGrowing: boolean) => Description[]>} */
const NODES = {
  space: () => [],
  def: () => [],
  heading,
  paragraph: (token) => [element("p", inlineNodes(token.tokens), EITHER_WAY)],
  text: (token) => (token.tokens ? inlineNodes(token.tokens) : [decoded(token.raw)]),
  hr: () => [element("hr")],
  blockquote: (token, isGrowing) => [element("blockquote", blockNodes(token.tokens, isGrowing), EITHER_WAY)],
  html: (token) => [element("p", inPieces(token.raw.trimEnd()), { ...EITHER_WAY, class: "raw" })],
  math: (token) => [math("div", token)],
  list,
  table,
  code,
};

/**
 * @param {Token[] | undefined} tokens
 * @param {boolean} isGrowing whether text may still be added to the last of them
 * @returns {Description[]}
 */
export function blockNodes(tokens = [], isGrowing) {
  const last = tokens.length - 1;
  return tokens.flatMap((token, at) => NODES[token.type]?.(token, isGrowing && at === last) ?? inlineNodes([token]));
}

/** @param {Token} token */
function heading({ depth, tokens }) {
  const children = inlineNodes(tokens);
  // One that says nothing would still be announced.
  return [element(`h${depth}`, children, children.length > 0 ? EITHER_WAY : { role: "none" })];
}

/** @param {Token} token @param {boolean} isGrowing */
function list({ ordered, start, items }, isGrowing) {
  const children = items.map((/** @type {Token} */ item, /** @type {number} */ at) =>
    element("li", blockNodes(item.tokens, isGrowing && at === items.length - 1), {
      ...EITHER_WAY,
      ...(item["task"] && { class: "task" }),
    }),
  );
  return [element(ordered ? "ol" : "ul", children, ordered && start !== 1 ? { start: String(start) } : {})];
}

/** @param {Token} token */
function table({ header, rows }) {
  const body = rows.map((/** @type {Token[]} */ row) => element("tr", row.map((cell) => tableCell("td", cell))));
  const head = element("thead", [element("tr", header.map((/** @type {Token} */ cell) => tableCell("th", cell)))]);
  const whole = element("table", body.length > 0 ? [head, element("tbody", body)] : [head]);
  // Focusable, so that the keyboard scrolls it too.
  return [element("div", [whole], { class: "scrolling", tabindex: "0" })];
}

/** @param {string} tag @param {Token} cell */
function tableCell(tag, cell) {
  return element(tag, cell.tokens?.flatMap(cellNodes) ?? [], {
    ...EITHER_WAY,
    ...(cell["align"] && { class: `align-${cell["align"]}` }),
    ...(tag === "th" && { scope: "col" }),
  });
}

/** In a cell `<br>` is the only way to break a line that Markdown has. */
function cellNodes(/** @type {Token} */ token) {
  return token.type === "html" && /^<br\s*\/?>$/i.test(token.raw) ? [element("br")] : inlineNodes([token]);
}

/** @param {Token} token @param {boolean} isGrowing */
function code({ raw, text, lang }, isGrowing) {
  const language = INFO_STRING_WORD.exec(decoded(lang ?? ""))?.[0] ?? "";
  const isOpen = isGrowing && !isClosed(raw);
  const drawing = language === "" || isOpen ? undefined : { kind: "code", text, option: language };
  const body = element("pre", [element("code", inPieces(text), {}, drawing)], { class: "scrolling", tabindex: "0", dir: "ltr" });
  const bar = element("div", [element("span", [language]), element("button", [], { type: "button", class: "copy" }, COPY_BUTTON)], {
    class: "code-bar",
  });
  return [element("div", [bar, body], { class: "code" })];
}

/** @param {string} text */
function inPieces(text) {
  const parts = pieces(text);
  return parts.length === 1 ? parts : parts.map((part) => element("span", [part], { class: "piece" }));
}

/** Whether the text of a code block can no longer grow. */
function isClosed(/** @type {string} */ raw) {
  const fence = FENCE.exec(raw)?.[1];
  if (fence === undefined) return false;
  const lines = raw.trimEnd().split("\n");
  const last = lines.at(-1)?.trim() ?? "";
  return lines.length > 1 && last.startsWith(fence) && last === fence.charAt(0).repeat(last.length);
}
