/** `&amp;` and its kin as the characters they stand for. HTML's own decoder is out of reach without `innerHTML`. */

import { characterEntitiesHtml4 as named } from "../vendor/character-entities-html4/index.js";

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]*));/g;
const LAST_CODE_POINT = 0x10ffff;

/**
 * Names that HTML 4 does not have stay as they are written.
 * @param {string} text
 */
export function decoded(text) {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (reference, decimal, hexadecimal, name) => {
    if (name === "apos") return "'";
    if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? "") : reference;
    return character(decimal === undefined ? parseInt(hexadecimal, 16) : parseInt(decimal, 10));
  });
}

function character(/** @type {number} */ codePoint) {
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint === 0 || codePoint > LAST_CODE_POINT || isSurrogate ? "\ufffd" : String.fromCodePoint(codePoint);
}
