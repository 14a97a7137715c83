/** What stands inside a line of Markdown, as descriptions of nodes: emphasis, code, links, formulas, text. */

import { decoded } from "./character_references.js";
import { linkTarget } from "./link_target.js";
import { element, text } from "./node_tree.js";

/** @typedef {import("./node_tree.js").Description} Description */
/** @typedef {import("./tokens.js").Token} Token */

/** @type {Record<string, (token: Token) => Description[]>} */
const NODES = {
  text: (token) => [token["escaped"] ? token.raw : decoded(token.raw)],
  escape: (token) => [token["text"]],
  // A browser would run it. Here it is what it is: text.
  html: (token) => [token.raw],
  strong: (token) => [element("strong", inlineNodes(token.tokens))],
  em: (token) => [element("em", inlineNodes(token.tokens))],
  del: (token) => [element("del", inlineNodes(token.tokens))],
  codespan: (token) => [element("code", [token["text"]])],
  br: () => [element("br")],
  link: (token) => link(token, token["autolink"] ? [token["text"]] : inlineNodes(token.tokens)),
  // Fetching a picture would tell its host who reads this, and what.
  image: (token) => link(token, token["text"] === "" ? [token["href"]] : [text(inlineNodes(token.tokens))]),
  checkbox: (token) => [token["checked"] ? "☑ " : "☐ "],
  math: (token) => [math("span", token)],
  piece: (token) => [element("span", inlineNodes(token.tokens), { class: "piece" })],
};

/**
 * @param {Token[] | undefined} tokens
 * @returns {Description[]}
 */
export function inlineNodes(tokens = []) {
  return tokens.flatMap((token) => NODES[token.type]?.(token) ?? [token.raw]);
}

/** @param {string} tag @param {Token} token */
export function math(tag, { raw, tex, isDisplay }) {
  const drawing = { kind: "math", text: tex, option: isDisplay ? "display" : "inline" };
  return element(tag, [raw.trim()], { class: isDisplay ? "math display" : "math", dir: "ltr" }, drawing);
}

/**
 * @param {Token} token
 * @param {Description[]} children
 */
function link(token, children) {
  const address = token["autolink"] ? token["href"] : decoded(token["href"]);
  const href = linkTarget(address);
  const title = decoded(token["title"] ?? "");
  if (href === null) return [element("span", children, { class: "no-link", title: [address, title].join(" ").trim() })];
  return [element("a", children, { href, ...(title && { title }), rel: "noopener noreferrer nofollow", target: "_blank" })];
}
