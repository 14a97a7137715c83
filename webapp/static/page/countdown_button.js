/** A button that says when pressing it will be of use. It never presses itself. */

import { say, waiting } from "../words/words.js";

const TICK_MILLISECONDS = 250;

/** @param {HTMLButtonElement} button @param {() => void} onPress */
export function countdownButton(button, onPress) {
	let ticking = 0;
	button.onclick = () => button.ariaDisabled !== "true" && onPress();
	const hide = () => {
		clearInterval(ticking);
		button.hidden = true;
	};
	const show = (label = "", seconds = 0) => {
		hide();
		// The other clock may stand still while a laptop sleeps.
		const usefulAt = Date.now() + seconds * 1000;
		const tick = () => {
			const left = (usefulAt - Date.now()) / 1000;
			// Not `disabled`: who comes by keyboard hears for how long.
			button.ariaDisabled = String(left > 0);
			button.textContent = left > 0 ? say("in", { label, time: waiting(left) }) : label;
			if (left <= 0) clearInterval(ticking);
		};
		tick();
		if (seconds > 0) ticking = setInterval(tick, TICK_MILLISECONDS);
		button.hidden = false;
	};
	return { show, hide };
}
