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

/**
 * Where focus opens a keyboard over half of the screen, it is the user's to take.
 * @param {HTMLElement} control
 */
export function focusWithoutKeyboard(control) {
  if (matchMedia("(hover: hover)").matches) control.focus();
}
