/** Text that grows at its end. What stands there is never touched again, so it can be selected while it grows. */

export class GrowingText {
  #node = document.createTextNode("");
  #pending = "";
  #frame = 0;

  /** @param {Element} parent */
  constructor(parent) {
    parent.replaceChildren(this.#node);
  }

  get source() {
    return this.#node.data + this.#pending;
  }

  /**
   * The first text shows at once. What follows is written once a frame, however many deltas a frame brings: the
   * browser lays out no more often anyway.
   * @param {string} text
   */
  append(text) {
    this.#pending += text;
    if (this.#node.length === 0) this.finish();
    else this.#frame ||= requestAnimationFrame(() => this.finish());
  }

  /** A hidden tab has no frames; the end of an answer does not wait for one. */
  finish() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#node.appendData(this.#pending);
    this.#pending = "";
  }
}
