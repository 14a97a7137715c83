/** Descriptions of nodes, and the page brought in line with them. Nothing else here makes an element. */

/**
 * @typedef {{ kind: string, text: string, option: string }} Drawing what replaces an element's text when it is ready
 * @typedef {{ tag: string, children: Description[], attributes: Record<string, string>, drawing?: Drawing, height: number }} ElementDescription
 * @typedef {ElementDescription | string} Description
 * @typedef {(element: HTMLElement, drawing: Drawing) => void} Draw
 */

const TAGS = new Set(
  "a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong table tbody td th thead tr ul".split(
    " ",
  ),
);
const ATTRIBUTES = new Set("class dir href rel role scope start tabindex target title type".split(" "));

/** A thousand quotations in each other are nobody's, and no browser's. */
const HIGHEST = 60;

/**
 * Neighbouring strings become one, as one text node will hold them.
 * @param {string} tag
 * @param {Description[]} children
 * @param {Record<string, string>} attributes
 * @param {Drawing} [drawing]
 * @returns {ElementDescription}
 */
export function element(tag, children = [], attributes = {}, drawing) {
  const height = 1 + children.reduce((most, child) => (typeof child === "string" ? most : Math.max(most, child.height)), 0);
  if (height > HIGHEST) return { tag, children: [text(children)], attributes, height: 1 };
  return { tag, children: joined(children), attributes, ...(drawing && { drawing }), height };
}

/** @param {Description[]} nodes @returns {string} what is left of them without their elements */
export function text(nodes) {
  return nodes.map((node) => (typeof node === "string" ? node : text(node.children))).join("");
}

/** @param {Description[]} children */
function joined(children) {
  /** @type {Description[]} */
  const result = [];
  for (const child of children) {
    const before = result.at(-1);
    if (typeof child !== "string") result.push(child);
    else if (typeof before === "string") result[result.length - 1] = before + child;
    else if (child !== "") result.push(child);
  }
  return result;
}

/**
 * Changes only what differs. Text that grows is added to where it stands, so that a selection in it stays.
 * @param {Node} parent
 * @param {Description[]} before what its last children were made from
 * @param {Description[]} after
 * @param {Draw} draw
 */
export function patch(parent, before, after, draw) {
  let node = fromEnd(parent, before.length);
  for (const [at, wanted] of after.entries()) {
    const had = before[at];
    const next = node?.nextSibling ?? null;
    if (had === undefined || node === null) parent.appendChild(made(wanted, draw));
    else if (!updated(node, had, wanted, draw)) parent.replaceChild(made(wanted, draw), node);
    node = next;
  }
  for (let at = before.length; at > after.length; at--) parent.lastChild?.remove();
}

/** Counted from the end, where the few children that may change stand, behind a thousand that do not. */
function fromEnd(/** @type {Node} */ parent, /** @type {number} */ count) {
  let node = count > 0 ? parent.lastChild : null;
  for (let step = 1; step < count; step++) node = node?.previousSibling ?? null;
  return node;
}

/** @param {Node} node @param {Description} had @param {Description} wanted @param {Draw} draw */
function updated(node, had, wanted, draw) {
  if (typeof had === "string" || typeof wanted === "string") {
    if (typeof had !== typeof wanted || !(node instanceof Text)) return false;
    if (had !== wanted) setText(node, /** @type {string} */ (wanted));
    return true;
  }
  if (same(had, wanted)) return true;
  // What was drawn over a text is not the text's any more.
  if (had.tag !== wanted.tag || had.drawing || !(node instanceof HTMLElement)) return false;
  setAttributes(node, had.attributes, wanted.attributes);
  patch(node, had.children, wanted.children, draw);
  if (wanted.drawing) draw(node, wanted.drawing);
  return true;
}

/** @param {Description} one @param {Description} other @returns {boolean} */
export function same(one, other) {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return (
    one.tag === other.tag &&
    one.children.length === other.children.length &&
    sameRecord(one.attributes, other.attributes) &&
    sameRecord(one.drawing ?? {}, other.drawing ?? {}) &&
    one.children.every((child, at) => same(child, other.children[at] ?? ""))
  );
}

/** @param {Record<string, string>} one @param {Record<string, string>} other */
function sameRecord(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** @param {Text} node @param {string} wanted */
function setText(node, wanted) {
  const { data } = node;
  if (wanted.startsWith(data)) return node.appendData(wanted.slice(data.length));
  let kept = 0;
  while (kept < data.length && data.charCodeAt(kept) === wanted.charCodeAt(kept)) kept++;
  node.replaceData(kept, data.length - kept, wanted.slice(kept));
}

/** @param {Description} description @param {Draw} draw @returns {Node} */
function made(description, draw) {
  if (typeof description === "string") return document.createTextNode(description);
  const { tag, attributes, children, drawing } = description;
  if (!TAGS.has(tag)) throw new Error(`expected a tag that answers may have, got ${tag}`);
  const node = document.createElement(tag);
  setAttributes(node, {}, attributes);
  for (const child of children) node.append(made(child, draw));
  if (drawing) draw(node, drawing);
  return node;
}

/** @param {HTMLElement} node @param {Record<string, string>} had @param {Record<string, string>} wanted */
function setAttributes(node, had, wanted) {
  for (const name of Object.keys(had)) if (!(name in wanted)) node.removeAttribute(name);
  for (const [name, value] of Object.entries(wanted)) {
    if (!ATTRIBUTES.has(name)) throw new Error(`expected an attribute that answers may have, got ${name}`);
    if (had[name] !== value) node.setAttribute(name, value);
  }
}
