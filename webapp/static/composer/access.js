/** The access token of a private chat, kept for the tab: no other site can make a browser send it, as it can with cookies. */

import { element, focusWithoutKeyboard, html, part } from "../page/elements.js";
import { keep, kept, ofTab } from "../page/storage.js";
import { say } from "../words/words.js";

const KEY = "access_token";

export function accessToken() {
	let value = kept(ofTab, KEY);
	return {
		isKnown: () => value !== "",

		/** An empty one is forgotten. */
		set: (given = "") => keep(ofTab, KEY, (value = given)),

		/** @param {typeof fetch} fetcher @returns {typeof fetch} */
		authorized: (fetcher) => (input, options) => {
			const headers = new Headers(options?.headers);
			if (value) headers.set("Authorization", `Bearer ${value}`);
			return fetcher(input, { ...options, headers });
		},
	};
}

/** @param {() => void} onGiven */
export function accessForm(onGiven) {
	const token = accessToken();
	const form = html("#access");
	const input = element("#access-token", HTMLInputElement);
	const show = (problem = "") => {
		part("problem", form).textContent = problem;
		input.ariaInvalid = String(problem !== "");
		form.hidden = false;
		focusWithoutKeyboard(input);
	};
	form.onsubmit = (event) => {
		event.preventDefault();
		// The form's pattern allows for the spaces that are copied along.
		token.set(input.value.trim());
		input.value = "";
		form.hidden = true;
		onGiven();
	};
	if ("required" in form.dataset && !token.isKnown()) show();
	return {
		focus: () => input.focus(),
		fetch: token.authorized(fetch),

		/** The app let nobody in with the token as it is, or without one. */
		denied() {
			show(token.isKnown() ? say("access.refused") : "");
			token.set();
		},
	};
}
