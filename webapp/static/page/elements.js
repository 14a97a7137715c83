/** Elements found with their type, or missed loudly. */

/** @template {Element} E @param {string} selector @param {new () => E} type @param {ParentNode} root @returns {E} */
export function element(selector, type, root = document) {
	const found = root.querySelector(selector);
	if (found instanceof type) return found;
	throw new Error(`expected a ${type.name} at ${selector}, got ${found}`);
}

/** @param {ParentNode} [root] */
export const button = (selector = "", root) => element(selector, HTMLButtonElement, root);

/** @param {ParentNode} [root] */
export const html = (selector = "", root) => element(selector, HTMLElement, root);

/** @param {ParentNode} [root] */
export const part = (name = "", root) => html(`[data-part=${name}]`, root);

/** An empty sentence takes its place away. @param {HTMLElement} place */
export const tell = (place, sentence = "") => void Object.assign(place, { textContent: sentence, hidden: sentence === "" });

export const facts = () => JSON.parse(element("meta[name=first-token]", HTMLMetaElement).content);

export function copyOf(selector = "") {
	const copy = element(selector, HTMLTemplateElement).content.cloneNode(true);
	return html("*", /** @type {DocumentFragment} */ (copy));
}

/** @param {ParentNode} root @param {Record<string, () => void>} does */
export function onActions(root, does) {
	for (const control of root.querySelectorAll("[data-action]")) {
		control.addEventListener("click", () => does[control.getAttribute("data-action") ?? ""]?.());
	}
}

/** @param {string[]} values */
export function tableRow([name = "", ...values]) {
	const row = document.createElement("tr");
	row.append(Object.assign(document.createElement("th"), { scope: "row", dir: "auto", textContent: name }));
	for (const value of values) row.insertCell().textContent = value;
	return row;
}

/** Where focus opens a keyboard over half of the screen, it is the user's to take. @param {HTMLElement} control */
export function focusWithoutKeyboard(control) {
	if (matchMedia("(hover: hover)").matches) control.focus();
}

/** Nobody else's focus is touched. @param {HTMLElement} control @param {HTMLElement} next */
export function hideAndPassFocus(control, next) {
	const held = control.contains(document.activeElement);
	control.hidden = true;
	if (held) focusWithoutKeyboard(next);
}

/** A box as high as its text, where the browser cannot do that alone. @param {HTMLTextAreaElement} box */
export function fit(box) {
	if (CSS.supports("field-sizing", "content")) return;
	box.style.height = "auto";
	box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}
