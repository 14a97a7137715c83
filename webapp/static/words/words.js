/** What scripts say, in the language that the server chose; the table comes with the page. */

/** @type {Words} */
let table = {};
let language = "en";
let plurals = new Intl.PluralRules(language);
/** @type {Intl.NumberFormat[]} by their digits: making one takes far longer than using it */
let formats = [];

/** @param {Words} words */
export function speak(words, tag = "") {
	table = words;
	language = tag;
	plurals = new Intl.PluralRules(tag);
	formats = [];
}

export const knows = (key = "") => key in table;

export const spokenLanguage = () => language;

/** The text under a key, its {places} filled; `n` chooses the plural. @param {Record<string, string | number>} places */
export function say(key = "", places = {}) {
	const entry = table[key] ?? key;
	const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(places["n"]))] ?? entry["other"] ?? key);
	return text.replace(/\{(\w+)\}/g, (_, name) => {
		const value = places[name] ?? "";
		return typeof value === "number" ? number(value) : value;
	});
}

export function number(value = 0, digits = 0) {
	const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
	return (formats[digits] ??= new Intl.NumberFormat(language, options)).format(value);
}

export const seconds = (value = 0, digits = 2) => say("seconds", { n: number(value, digits) });

/** What is left of a wait in seconds, rounded up: too early is of no use. */
export function waiting(left = 0) {
	if (left <= 60) return say("seconds", { n: Math.ceil(left) });
	const minutes = Math.ceil(left / 60);
	return minutes <= 60 ? say("minutes", { n: minutes }) : say("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
