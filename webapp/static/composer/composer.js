/** The box at the foot of the page, its buttons and their keys. */

import { button, element, fit, focusWithoutKeyboard, hideAndPassFocus, html } from "../page/elements.js";
import { isEnter } from "../page/keyboard.js";
import { say } from "../words/words.js";

const NEAR = 0.9;
const prompt = element("#prompt", HTMLTextAreaElement);
const [sending, stopping, over] = [button("#send"), button("#stop"), html("#over")];
/** @type {ComposerUses} */
let uses;

/** @param {ComposerUses} given @param {string} draft */
export function startComposer(given, draft) {
	uses = given;
	const submit = (/** @type {Event} */ event) => {
		event.preventDefault();
		if (look()) uses.send(prompt.value);
	};
	// A press before would have the browser send the form, and lose what is in it.
	sending.disabled = false;
	// Sent with two clicks, it is not to be stopped by the second.
	stopping.onclick = ({ detail }) => detail < 2 && uses.stop();
	html("#composer").onsubmit = submit;
	prompt.oninput = () => setDraft(prompt.value);
	prompt.onkeydown = (event) => {
		const isMeant = uses.sendsOn() !== "ctrl" || event.ctrlKey || event.metaKey;
		if (isEnter(event) && isMeant) submit(event);
	};
	// Somebody may have typed before the scripts came.
	setDraft(prompt.value || draft);
}

export const draft = () => prompt.value;

export function setDraft(text = "") {
	// Set anew, the text that is there would lose its caret and what undo knows.
	if (prompt.value !== text) prompt.value = text;
	look();
	uses.changed(text);
}

export const focus = () => focusWithoutKeyboard(prompt);

/** A focus that goes with its button comes here; somebody who reads keeps it. */
export function setRunning(isRunning = false) {
	const [shown, hidden] = isRunning ? [stopping, sending] : [sending, stopping];
	shown.hidden = false;
	hideAndPassFocus(hidden, prompt);
	if (document.activeElement === document.body && getSelection()?.isCollapsed !== false) focus();
}

/** Says how long the draft is, near the limit and over it. @returns {boolean} whether it can be sent as it is */
function look() {
	const most = uses.mostCharacters;
	let n = prompt.value.length;
	// The app counts code points, which are never more than these units.
	if (n > most * NEAR) n = [...prompt.value].length;
	const isOver = n > most;
	over.textContent = n > most * NEAR ? say(isOver ? "over" : "near", { n, most }) : "";
	over.classList.toggle("is-over", isOver);
	prompt.ariaInvalid = sending.ariaDisabled = String(isOver);
	fit(prompt);
	return !isOver;
}
