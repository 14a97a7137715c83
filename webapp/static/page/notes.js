/** What the page says beside the conversation: spoken, for a moment, about the line. */

import { say } from "../words/words.js";
import { isCopied } from "./handing_out.js";
import { html, part, tell } from "./elements.js";

const TOAST_MILLISECONDS = 10_000;
const ONLINE_MILLISECONDS = 4000;
let hiding = 0;

export const status = (sentence = "") => void (html("#status").textContent = sentence);

/** @param {() => void} [undo] */
export function toast(sentence = "", undo) {
	const box = html("#toast");
	const control = part("undo", box);
	const hide = () => (box.hidden = true);
	clearTimeout(hiding);
	hiding = setTimeout(hide, TOAST_MILLISECONDS);
	part("said", box).textContent = sentence;
	control.hidden = !undo;
	control.onclick = () => {
		hide();
		undo?.();
	};
	box.hidden = false;
}

let kept = "";
const look = () => tell(html("#line"), navigator.onLine ? kept : say("offline"));

export function trouble(sentence = "") {
	kept = sentence;
	look();
}

export function watchLine() {
	addEventListener("offline", look);
	addEventListener("online", () => {
		tell(html("#line"), say("online"));
		setTimeout(look, ONLINE_MILLISECONDS);
	});
	look();
}

export async function copy(text = "") {
	toast(say((await isCopied(text)) ? "copied" : "not_copied"));
}
