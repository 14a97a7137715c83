/** The list of conversations: beside the chat where there is room, over it where there is not. */

import { button, copyOf, element, html, onActions, part, tell } from "../page/elements.js";
import { say } from "../words/words.js";

const WIDE = matchMedia("(min-width: 64rem)");
const dialog = element("#list", HTMLDialogElement);
const opener = button("#list-button");
const searched = element("#search", HTMLInputElement);
/** @type {ListUses} */
let uses;
/** @type {Head[]} */
let heads = [];
let current = "";
let renders = 0;

/** @param {ListUses} given */
export function startList(given) {
	uses = given;
	opener.onclick = toggleList;
	WIDE.onchange = () => dialog.close();
	part("close", dialog).onclick = () => dialog.close();
	dialog.onclose = () => (opener.ariaExpanded = "false");
	dialog.onclick = ({ target }) => target === dialog && closeIfOver();
	searched.oninput = render;
	// Reading all of it takes its time: it is begun before the first word is there.
	searched.onfocus = () => uses.matching("");
	const file = element("[data-part=file]", HTMLInputElement, dialog);
	part("export", dialog).onclick = () => uses.exportFiles();
	part("import", dialog).onclick = () => file.click();
	file.onchange = () => {
		uses.importFiles([...(file.files ?? [])]);
		file.value = "";
	};
}

export function toggleList() {
	if (dialog.open) return dialog.close();
	if (WIDE.matches) dialog.show();
	else dialog.showModal();
	opener.ariaExpanded = "true";
	void render();
}

/** Where it lies over the page, opening a conversation closes it. */
export function closeIfOver() {
	if (!WIDE.matches) dialog.close();
}

/** @param {Head[]} shown @param {string} id of the conversation that is open */
export function showHeads(shown, id) {
	heads = shown;
	current = id;
	void render();
}

export const complain = (sentence = "") => tell(part("trouble", dialog), sentence);

async function render() {
	const render = (renders += 1);
	const words = searched.value.trim();
	const found = words && dialog.open ? await uses.matching(words) : null;
	// What is being typed is not taken away.
	if (render !== renders || !dialog.open || dialog.querySelector("li input:not([hidden])")) return;
	const shown = found ? heads.filter(({ id }) => found.has(id)) : heads;
	const held = document.activeElement?.closest("#list li")?.id;
	part("items", dialog).replaceChildren(...shown.map(item));
	if (held) document.getElementById(held)?.querySelector("a")?.focus();
	tell(part("nothing", dialog), shown.length > 0 ? "" : say(words ? "list.no_match" : "list.empty"));
}

/** @param {Head} head */
function item(head) {
	const root = copyOf("#item");
	const title = head.title || say("untitled");
	const link = element("a", HTMLAnchorElement, root);
	root.id = `item-${head.id}`;
	Object.assign(link, { href: `#${head.id}`, textContent: title, ariaCurrent: head.id === current ? "page" : null });
	link.onclick = (event) => {
		if (event.ctrlKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		uses.openConversation(head.id);
	};
	onActions(root, {
		rename: () => rename(root, head),
		export: () => uses.exportFiles(head.id),
		remove: () => uses.remove(head),
	});
	for (const control of root.querySelectorAll("button")) {
		control.ariaLabel = say("list.act", { action: say(`list.${control.dataset["action"]}`), title });
	}
	return root;
}

/** @param {HTMLElement} root @param {Head} head */
function rename(root, head) {
	const input = element("input", HTMLInputElement, root);
	const link = html("a", root);
	const finish = (isKept = false) => {
		if (input.hidden) return;
		input.hidden = true;
		link.hidden = false;
		const title = input.value.trim();
		link.focus();
		if (isKept && title && title !== head.title) uses.rename(head, title);
		else void render();
	};
	input.value = head.title;
	input.hidden = false;
	link.hidden = true;
	input.select();
	input.onblur = () => finish(true);
	input.onkeydown = (event) => {
		if (event.isComposing) return;
		if (event.key === "Enter") finish(true);
		if (event.key !== "Escape") return;
		event.preventDefault();
		finish(false);
	};
}
