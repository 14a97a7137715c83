/**
 * What the page says, in one language. The server chooses it from what the browser asks for, and sends the page's own
 * words in it; the table of what scripts say comes along.
 */

/** @typedef {string | Record<string, string>} Entry an object has one text for each plural category of the language */

/** @type {Record<string, Entry>} */
let table = {};
let language = "en";
let plurals = new Intl.PluralRules(language);

/**
 * @param {Record<string, Entry>} words
 * @param {string} tag
 */
export function speak(words, tag) {
  table = words;
  language = tag;
  plurals = new Intl.PluralRules(tag);
}

/** @param {string} key */
export function knows(key) {
  return key in table;
}

export function spokenLanguage() {
  return language;
}

/**
 * The text under a key, its {places} filled; `n` chooses the plural.
 * @param {string} key
 * @param {Record<string, string | number>} places
 */
export function say(key, places = {}) {
  const entry = table[key] ?? key;
  const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(places["n"]))] ?? entry["other"] ?? key);
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = places[name] ?? "";
    return typeof value === "number" ? number(value) : value;
  });
}

/** @param {number} value */
export function number(value, digits = 0) {
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param {number} value */
export function seconds(value, digits = 2) {
  return say("seconds", { n: number(value, digits) });
}

/**
 * What is left of a wait, rounded up: too early is of no use.
 * @param {number} left in seconds
 */
export function waiting(left) {
  if (left <= 60) return say("seconds", { n: Math.ceil(left) });
  const minutes = Math.ceil(left / 60);
  return minutes <= 60 ? say("minutes", { n: minutes }) : say("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
