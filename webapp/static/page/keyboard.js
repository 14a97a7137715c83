/** The keys that work wherever one is on the page, and the one that sends. */

/** @type {Record<string, string>} by the key's place, for Alt makes other characters of letters on some keyboards */
const WITH_ALT = { KeyN: "newChat", KeyI: "write", KeyC: "copyLast", KeyL: "toggleList", KeyT: "showFigures", Comma: "openSettings" };

/** Esc means something of its own in these: a word that is chosen, a search, a name, a dialog. */
const HAVE_AN_ESCAPE = "dialog[open], [data-part=edit], select, input";

/** @param {Record<string, () => void>} does what `WITH_ALT` names, help, stop */
export function listenToKeys(does) {
	document.addEventListener("keydown", (event) => {
		if (event.isComposing || event.defaultPrevented) return;
		const action = does[actionOf(event) ?? ""];
		if (action && event.key !== "Escape") event.preventDefault();
		action?.();
	});
}

/** @param {KeyboardEvent} event */
function actionOf({ key, code, altKey, ctrlKey, metaKey, target }) {
	const on = target instanceof Element ? target : document.body;
	if (key === "Escape") return on.closest(HAVE_AN_ESCAPE) ? "" : "stop";
	if (ctrlKey || metaKey) return "";
	if (altKey) return document.querySelector("dialog:modal") ? "" : WITH_ALT[code];
	return key === "?" && !on.closest("input, textarea, select") ? "help" : "";
}

/** The message's, not an input method's, which Safari says by the key code alone. @param {KeyboardEvent} event */
export const isEnter = ({ key, shiftKey, altKey, isComposing, keyCode }) =>
	key === "Enter" && !shiftKey && !altKey && !isComposing && keyCode !== 229;
