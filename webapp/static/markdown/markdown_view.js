/** The door of this room: Markdown shown, whole or while it is written. */

import { blockNodes } from "./block_nodes.js";
import { drawWith } from "./drawings.js";
import { growingSource, joined } from "./growing_source.js";
import { patch } from "./node_tree.js";

/** What a browser lays out within a frame or two; the rest waits for the next. */
const MOST_CHARACTERS_A_FRAME = 8_000;
/** After costly work it rests three times as long. */
const REST = 3;
const IN_LINE = "a, br, button, code, del, em, hr, span:not(.piece), strong, thead";

/** @param {HTMLElement} element the view is all that it will hold @param {Say} say knows `copy` and `copied` */
export function markdownView(element, say) {
	const draw = drawWith(say);
	const growing = growingSource();
	let source = "";
	/** How much of the source the growing text has taken. */
	let taken = 0;
	/** @type {Token[]} what the settled blocks on the page were made from */
	let settled = [];
	/** @type {Token[]} the same for what stands behind them */
	let tail = [];
	/** @type {Description[]} */
	let nodes = [];
	/** @type {Element | null} */
	let caret = null;
	let isFinished = true;
	let frame = 0;
	let restsUntil = 0;

	element.replaceChildren();
	element.classList.add("markdown");

	const isBehind = () => taken < source.length;

	function schedule() {
		frame ||= requestAnimationFrame((now) => {
			frame = 0;
			if (now < restsUntil) schedule();
			else work();
		});
	}

	function work() {
		cancelAnimationFrame(frame);
		frame = 0;
		const begun = performance.now();
		const isWholeAtOnce = isFinished && taken === 0 && source.length <= MOST_CHARACTERS_A_FRAME;
		const piece = source.slice(taken, taken + MOST_CHARACTERS_A_FRAME);
		taken += piece.length;
		growing.append(piece);
		if (!isWholeAtOnce) grow();
		if (isBehind()) schedule();
		else if (isFinished) complete();
		const ended = performance.now();
		restsUntil = ended + REST * (ended - begun);
	}

	function grow() {
		const advanced = growing.advance();
		if (advanced.isReopened) nodes = blockNodes(joined([...settled.splice(-1), ...tail]), true);
		update(nodes, advanced, true);
		moveCaret(lastBlock(element));
	}

	function complete() {
		const before = blockNodes(joined([...settled.splice(0), ...tail]), true);
		update(before, growing.whole());
		moveCaret(null);
	}

	/** @param {Description[]} before what the last nodes were made from @param {Parted} tokens */
	function update(before, tokens, isGrowing = false) {
		({ tail } = tokens);
		nodes = blockNodes(joined([...tokens.settled, ...tail]), isGrowing);
		patch(element, before, nodes, draw);
		settled = joined([...settled, ...tokens.settled]);
		if (tokens.settled.length > 0) nodes = blockNodes(tail, isGrowing);
	}

	/** The mark that more is coming. @param {Element | null} to */
	function moveCaret(to) {
		if (to === caret) return;
		caret?.classList.remove("caret");
		if (caret?.classList.length === 0) caret.removeAttribute("class");
		caret = to === element ? null : to;
		caret?.classList.add("caret");
	}

	return {
		/** The Markdown as it came. */
		source: () => source,

		/** The first text shows at once, what follows once a frame. */
		append(text = "") {
			if (text === "") return;
			const isFirst = source.trim() === "";
			source += text;
			isFinished = false;
			if (isFirst) work();
			else schedule();
		},

		/** A text that is complete, in a view that is empty. */
		show(text = "") {
			source = text;
			this.finish();
		},

		/** The whole is lexed once more, and what reads differently replaced: on return, unless more is waiting than a frame can show. */
		finish() {
			isFinished = true;
			// A hidden tab has no frames, and lays nothing out.
			do work();
			while (document.hidden && isBehind());
		},
	};
}

/** @param {Element} within @returns {Element} */
function lastBlock(within) {
	const last = within.lastElementChild;
	return last && last === within.lastChild && !last.matches(IN_LINE) ? lastBlock(last) : within;
}
