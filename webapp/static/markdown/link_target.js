/** Which addresses of an answer become links. */

const SCHEMES = new Set(["http:", "https:", "mailto:"]);
/** Browsers drop tabs and line breaks from an address; one that has any hides something. */
const CONTROL_CHARACTER = /[\u0000-\u0020\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/**
 * The address as a browser will follow it, or null for one that is no link here: relative, of another scheme, broken.
 * @param {string} href
 */
export function linkTarget(href) {
  // Without a scheme it would point into this very app.
  if (!/^[a-z]+:/i.test(href) || CONTROL_CHARACTER.test(href.trim())) return null;
  try {
    // To Markdown a backslash is no slash.
    const url = new URL(href.trim().replaceAll("\\", "%5C"));
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
