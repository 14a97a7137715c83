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

/** A control by its name. @param {string} selector */
export function button(selector, /** @type {ParentNode} */ root = document) {
  return element(root, selector, HTMLButtonElement);
}

/** Any other element. @param {string} selector */
export function html(selector, /** @type {ParentNode} */ root = document) {
  return element(root, selector, HTMLElement);
}

/**
 * A copy of what a template holds.
 * @param {string} selector
 */
export function copyOf(selector) {
  const { content } = element(document, selector, HTMLTemplateElement);
  return /** @type {HTMLElement} */ (content.firstElementChild?.cloneNode(true) ?? missing(selector));
}

/** @returns {never} */
function missing(/** @type {string} */ selector) {
  throw new Error(`${selector} is empty`);
}

/** What the server says of itself: words, limits, models. */
export function facts() {
  return JSON.parse(element(document, "meta[name=first-token]", HTMLMetaElement).content);
}

/**
 * Where focus opens a keyboard over half of the screen, it is the user's to take.
 * @param {HTMLElement} control
 */
export function focusWithoutKeyboard(control) {
  if (matchMedia("(hover: hover)").matches) control.focus();
}

/**
 * Hides what may hold the focus, which then goes to `next`. Nobody else's focus is touched.
 * @param {HTMLElement} control
 * @param {HTMLElement} next
 */
export function hideAndPassFocus(control, next) {
  const held = control.contains(document.activeElement);
  control.hidden = true;
  if (held) focusWithoutKeyboard(next);
}

const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

/**
 * A box as high as its text, up to what its style allows, where the browser cannot do that alone.
 * @param {HTMLTextAreaElement} box
 */
export function fit(box) {
  if (GROWS_BY_ITSELF) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}
