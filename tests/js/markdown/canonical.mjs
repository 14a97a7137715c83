/** Two forms of the same page in one notation: what we describe, and the HTML that the specification expects. */

import { linkTarget } from "../../../webapp/static/markdown/inline_nodes.js";

const BLOCKS = "p|h[1-6]|ul|ol|li|blockquote|pre|hr|table|thead|tbody|tr|th|td|div";
const BETWEEN_BLOCKS = new RegExp(` *(</?(?:${BLOCKS}|br)(?: [^>]*)?>) *`, "g");
const TEXT = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => TEXT[sign]);
const unescaped = (text) =>
  text.replace(/&(amp|lt|gt|quot);/g, (entity) => Object.keys(TEXT).find((sign) => TEXT[sign] === entity));
const tidied = (html) =>
  html
    .replace(/\n+<\/code><\/pre>/g, "</code></pre>")
    .split(/(<pre>[^]*?<\/pre>)/)
    .map((part) => (part.startsWith("<pre>") ? part : part.replace(/[ \n]+/g, " ").replace(BETWEEN_BLOCKS, "$1")))
    .join("")
    .replace(/(?<=<\/pre>) /g, "");

/** Where the page does not follow an address, the description keeps it as a title. */
function openedLink(href, title = "") {
  const target = linkTarget(href);
  if (target !== null) return `<a href="${escaped(encoded(target))}"${title && ` title="${escaped(title)}"`}>`;
  return `<a href="${escaped(encoded([href, title].join(" ").trim()))}">`;
}

const encoded = (href) => encodeURI(href).replaceAll("%25", "%");

/** @param {object[]} nodes */
export function ofNodes(nodes) {
  return tidied(nodes.map(ofNode).join(""));
}

function ofNode(node) {
  if (typeof node === "string") return escaped(node);
  const { tag, attributes, children } = node;
  if (attributes.class === "code") return ofCode(node);
  const inner = children.map(ofNode).join("");
  if (attributes.class === "no-link") {
    return `<a href="${escaped(encoded(attributes.title))}">${inner}</a>`;
  }
  if (tag === "a") return `${openedLink(attributes.href, attributes.title)}${inner}</a>`;
  const start = attributes.start ? ` start="${attributes.start}"` : "";
  return tag === "br" || tag === "hr" ? `<${tag}>` : `<${tag}${start}>${inner}</${tag}>`;
}

function ofCode({ children: [bar, body] }) {
  const language = bar.children[0].children.join("");
  const attribute = language && ` class="language-${escaped(language)}"`;
  return `<pre><code${attribute}>${body.children[0].children.map(escaped).join("")}</code></pre>`;
}

/** Pictures are links here. */
export function ofHtml(html) {
  return tidied(
    html
      .replace(/<(br|hr) \/>/g, "<$1>")
      .replace(/<img ([^>]*?) ?\/>/g, (_, list) => {
        const { src, alt, title } = attributesOf(list);
        return `<a href="${escaped(src)}"${title ? ` title="${escaped(title)}"` : ""}>${escaped(alt || src)}</a>`;
      })
      .replace(/<a ([^>]*)>/g, (_, list) => {
        const { href, title } = attributesOf(list);
        return openedLink(href, title);
      }),
  );
}

function attributesOf(list) {
  const pairs = [...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, unescaped(value)]);
  return Object.fromEntries(pairs);
}
