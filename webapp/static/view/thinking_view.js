/** What a model lets see of its thinking: quiet, folded, under a clock of its own. */

import { html } from "../page/elements.js";
import { thinking } from "../words/figures.js";
import { GrowingText } from "./growing_text.js";

/** @typedef {import("../turns/turns.js").Answer} Answer */

export class ThinkingView {
  #block;
  #summary;
  #text;

  /** @param {HTMLElement} block a details element */
  constructor(block) {
    this.#block = block;
    this.#summary = html("summary", block);
    this.#text = new GrowingText(html("div", block));
  }

  append(/** @type {string} */ text) {
    this.#text.append(text);
  }

  clear() {
    this.#text = new GrowingText(html("div", this.#block));
  }

  /**
   * @param {Answer} answer
   * @param {number} at
   */
  render(answer, at) {
    this.#block.hidden = answer.reasoning === "";
    if (answer.reasoning === "") return;
    if (this.#text.source === "") this.#text.append(answer.reasoning);
    if (!answer.isThinking) this.#text.finish();
    this.#block.classList.toggle("thinks", answer.isThinking);
    this.#summary.textContent = thinking(answer, at);
  }
}
