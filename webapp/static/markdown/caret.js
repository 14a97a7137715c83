/** The mark that says that more is coming, behind the last text, however deep that stands. */

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, pre, div, table, tbody, tr, td, .piece";

export class Caret {
  #root;
  /** @type {Element | null} */
  #at = null;

  /** @param {Element} root */
  constructor(root) {
    this.#root = root;
  }

  follow() {
    const at = lastBlock(this.#root);
    if (at === this.#at) return;
    this.remove();
    if (at === this.#root) return;
    at.classList.add("caret");
    this.#at = at;
  }

  remove() {
    this.#at?.classList.remove("caret");
    if (this.#at?.classList.length === 0) this.#at.removeAttribute("class");
    this.#at = null;
  }
}

/** @param {Element} within @returns {Element} */
function lastBlock(within) {
  const last = within.lastElementChild;
  const isLast = last !== null && last === within.lastChild && last.matches(BLOCKS);
  return isLast ? lastBlock(last) : within;
}
