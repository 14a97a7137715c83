/** The elements that the scripts rely on: found once, with their type, or missed loudly. */

/**
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} type
 * @returns {E}
 */
export function element(root, selector, type) {
  const found = root.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`expected a ${type.name} at ${selector}, got ${found}`);
}
