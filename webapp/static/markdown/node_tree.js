/** Descriptions of nodes, and the page brought in line with them. */

const TAGS = "a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong table tbody td th thead tr ul".split(" ");
const ATTRIBUTES = "class dir href rel role scope start tabindex target title type".split(" ");

/**
 * Neighbouring strings become one, as one text node will hold them.
 * @param {Description[]} children
 * @param {Record<string, string>} attributes
 * @param {Drawing} [drawing]
 * @returns {ElementDescription}
 */
export function element(tag = "", children = [], attributes = {}, drawing) {
	return { tag, children: joined(children), attributes, ...(drawing && { drawing }) };
}

/** @param {Description[]} nodes @returns {string} */
export const text = (nodes) => nodes.map((node) => (typeof node === "string" ? node : text(node.children))).join("");

/** @param {Description[]} children */
function joined(children) {
	/** @type {Description[]} */
	const result = [];
	for (const child of children) {
		const isMore = typeof child === "string" && typeof result.at(-1) === "string";
		if (child !== "") result.push(isMore ? `${result.pop()}${child}` : child);
	}
	return result;
}

/**
 * Changes only what differs. Text that grows is added to, so that a selection in it stays.
 * @param {Node} parent
 * @param {Description[]} before what its last children were made from
 * @param {Description[]} after
 * @param {Draw} draw
 */
export function patch(parent, before, after, draw) {
	// From the end, where the few children that may change stand.
	let node = before.length > 0 ? parent.lastChild : null;
	for (let step = 1; step < before.length; step++) node = node?.previousSibling ?? null;
	for (const [at, wanted] of after.entries()) {
		const had = before[at];
		const next = node?.nextSibling ?? null;
		if (had === undefined || node === null) parent.appendChild(made(wanted, draw));
		else if (!updated(node, had, wanted, draw)) parent.replaceChild(made(wanted, draw), node);
		node = next;
	}
	for (let at = before.length; at > after.length; at--) parent.lastChild?.remove();
}

/** @param {Node} node @param {Description} had @param {Description} wanted @param {Draw} draw */
function updated(node, had, wanted, draw) {
	if (typeof had === "string" || typeof wanted === "string") {
		if (typeof had !== typeof wanted || !(node instanceof Text)) return false;
		if (had !== wanted) setText(node, String(wanted));
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

/** @param {any} one @param {any} other @returns {boolean} */
function same(one, other) {
	if (typeof one !== "object" || typeof other !== "object") return one === other;
	const names = Object.keys(one);
	return names.length === Object.keys(other).length && names.every((name) => same(one[name], other[name]));
}

/** @param {Text} node */
function setText(node, wanted = "") {
	const { data } = node;
	let kept = 0;
	while (kept < data.length && data.charCodeAt(kept) === wanted.charCodeAt(kept)) kept++;
	node.replaceData(kept, data.length - kept, wanted.slice(kept));
}

/** @param {Description} description @param {Draw} draw @returns {Node} */
function made(description, draw) {
	if (typeof description === "string") return document.createTextNode(description);
	const { tag, attributes, children, drawing } = description;
	if (!TAGS.includes(tag)) throw new Error(`expected a tag that answers may have, got ${tag}`);
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
		if (!ATTRIBUTES.includes(name)) throw new Error(`expected an attribute that answers may have, got ${name}`);
		if (had[name] !== value) node.setAttribute(name, value);
	}
}
