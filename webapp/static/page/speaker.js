/** Says an answer to who cannot see it: whole sentences, as they are complete, never single tokens. */

import { html } from "./elements.js";

const LEAST_CHARACTERS = 60;
const END_OF_SENTENCE = /[.!?…]["'”’)\]]*\s+|[。！？]["'”’」』）]*|\n{2,}/g;
const SIGNS = /[*_#`>|~]+/g;
let pending = "";

export function begin() {
	pending = "";
	html("#spoken").replaceChildren();
}

export function hear(text = "") {
	pending += text;
	if (pending.length < LEAST_CHARACTERS) return;
	// Before that there was none.
	const from = Math.max(0, pending.length - text.length - LEAST_CHARACTERS);
	const end = [...pending.slice(from).matchAll(END_OF_SENTENCE)].at(-1);
	if (end) sayUpTo(from + end.index + end[0].length);
}

export const finish = () => sayUpTo(pending.length);

function sayUpTo(length = 0) {
	const textContent = pending.slice(0, length).replace(SIGNS, "").trim();
	pending = pending.slice(length);
	if (textContent) html("#spoken").append(Object.assign(document.createElement("p"), { dir: "auto", textContent }));
}
