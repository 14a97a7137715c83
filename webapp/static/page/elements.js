/** The elements that the scripts rely on: found with their type, or missed loudly; and what is done to many of them. */

/** @template {Element} E @param {string} selector @param {new () => E} type @param {ParentNode} root @returns {E} */
export function element(selector, type, root = document) {
  const found = root.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`expected a ${type.name} at ${selector}, got ${found}`);
}

/** @param {ParentNode} [root] */
export const button = (selector = "", root) => element(selector, HTMLButtonElement, root);

/** @param {ParentNode} [root] */
export const html = (selector = "", root) => element(selector, HTMLElement, root);

/** What a template calls a part of what it makes. @param {ParentNode} [root] */
export const part = (name = "", root) => html(`[data-part=${name}]`, root);

/** What the server says of itself: words, limits, heartbeats. */
export const facts = () => JSON.parse(element("meta[name=first-token]", HTMLMetaElement).content);

/** A copy of what a template holds. */
export function copyOf(selector = "") {
  const copy = element(selector, HTMLTemplateElement).content.cloneNode(true);
  return html("*", /** @type {DocumentFragment} */ (copy));
}

/** What each `data-action` below a root does. @param {ParentNode} root @param {Record<string, () => void>} does */
export function onActions(root, does) {
  for (const control of root.querySelectorAll("[data-action]")) {
    control.addEventListener("click", () => does[control.getAttribute("data-action") ?? ""]?.());
  }
}

/** A row of a table, its name first. @param {string[]} values */
export function tableRow([name = "", ...values]) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  Object.assign(head, { scope: "row", dir: "auto", textContent: name });
  row.append(head);
  for (const value of values) row.insertCell().textContent = value;
  return row;
}

/** Where focus opens a keyboard over half of the screen, it is the user's to take. @param {HTMLElement} control */
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

/** A box as high as its text, where the browser cannot do that alone. @param {HTMLTextAreaElement} box */
export function fit(box) {
  if (GROWS_BY_ITSELF) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}
