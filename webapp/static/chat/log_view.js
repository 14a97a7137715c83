/** The turns of the open conversation on the page. */

import { button, html, tell } from "../page/elements.js";
import { follow } from "../page/following.js";
import { turnView } from "../view/turn_view.js";
import { now } from "./answering.js";

/** So many texts are there at once; those above are drawn when the page has time. */
const AT_ONCE = 3;
const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
const [turns, leftOut, toBottom] = [html("#turns"), html("#left-out"), button("#to-bottom")];
/** @type {TurnView[]} */
let views = [];
const following = follow(html("#log"), turns, (isOn) => (toBottom.hidden = isOn || views.length === 0));
toBottom.onclick = following.start;

export const toEnd = following.start;

/** @param {Turn} turn */
export const viewOf = ({ reply }) => views.find(({ turn }) => turn.reply.id === reply.id);

/** Turns that are there already stay as they are, with what is selected in them. @param {Conversation} conversation */
export function show(conversation) {
	const wanted = conversation.turns;
	const differs = wanted.findIndex(({ reply }, at) => views[at]?.turn.reply !== reply);
	const kept = differs === -1 ? wanted.length : differs;
	for (const view of views.splice(kept)) view.remove();
	const fresh = wanted.slice(kept).map((turn) => turnView(turn, conversation));
	views.push(...fresh);
	for (const view of fresh.slice(-AT_ONCE)) view.draw();
	turns.append(...fresh.map(({ root }) => root));
	html("#welcome").hidden = wanted.length > 0;
	views.forEach((view, at) => {
		const isLast = at === wanted.length - 1;
		if (at >= kept || isLast) view.render(now());
		if (!isLast) view.retire();
	});
	if (wanted.length === 0) following.stop();
	whenIdle(drawNext);
}

function drawNext() {
	const view = views.findLast(({ isDrawn }) => !isDrawn);
	if (!view) return;
	view.draw();
	whenIdle(drawNext);
}

export function sayLeftOut(count = 0, sentence = "") {
	tell(leftOut, count > 0 ? sentence : "");
	if (count > 0) views[count]?.root.before(leftOut);
}
