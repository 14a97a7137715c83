/** What its reader has set: kept in this browser, sent along where it differs from the usual. */

import { keep, kept, ofBrowser } from "../page/storage.js";

const KEY = "settings";
export const USUAL = {
	model: "",
	system: "",
	temperature: /** @type {number | null} */ (null),
	max_tokens: /** @type {number | null} */ (null),
	reasoning_effort: "",
	theme: "",
	sendKey: "enter",
};
/** @typedef {typeof USUAL} Values */
export const NUMBERS = ["temperature", "max_tokens"];

/** Somebody else may have written it. @returns {Values} */
function stored() {
	try {
		const values = Object(JSON.parse(kept(ofBrowser, KEY) || "{}"));
		const isOfKind = (name = "") => (NUMBERS.includes(name) ? Number.isFinite(values[name]) : typeof values[name] === "string");
		return /** @type {any} */ (Object.fromEntries(Object.entries(USUAL).map(([name, usual]) => [name, isOfKind(name) ? values[name] : usual])));
	} catch {
		return { ...USUAL };
	}
}

export class Settings {
	values = stored();

	/** @param {Partial<Values>} change */
	set(change) {
		// Another tab may have set others.
		Object.assign(this.values, stored(), change);
		keep(ofBrowser, KEY, JSON.stringify(this.values));
	}

	/** The fields of a request that are set. @param {{ temperature: number, tokens: number }} most what the app takes */
	fields(most) {
		const { temperature, max_tokens, reasoning_effort } = this.values;
		return {
			...(temperature !== null && { temperature: Math.min(Math.max(temperature, 0), most.temperature) }),
			...(max_tokens !== null && { max_tokens: Math.min(Math.max(Math.round(max_tokens), 1), most.tokens) }),
			...(reasoning_effort && { reasoning_effort }),
		};
	}
}
