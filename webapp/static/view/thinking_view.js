/** What a model lets see of its thinking: quiet, folded, under a clock of its own. */

import { html } from "../page/elements.js";
import { thinking } from "../words/figures.js";

/** @param {HTMLElement} block a details element */
export function thinkingView(block) {
	// What stands in it is never touched again, so it can be selected while it grows.
	let text = new Text();
	const clear = () => html("div", block).replaceChildren((text = new Text()));
	clear();
	return {
		clear,
		append: (more = "") => text.appendData(more),
		/** @param {Answer} answer @param {number} at */
		render(answer, at) {
			block.hidden = answer.reasoning === "";
			if (block.hidden) return;
			if (text.length === 0) text.appendData(answer.reasoning);
			block.classList.toggle("thinks", answer.isThinking);
			html("summary", block).textContent = thinking(answer, at);
		},
	};
}
