/** The turns of the open conversation on the page. */

import { Following } from "../page/following.js";
import { button, html } from "../page/elements.js";
import { TurnView } from "../view/turn_view.js";
import { now } from "./answering.js";

/** @typedef {import("../turns/conversation.js").Turn} Turn */
/** @typedef {import("../view/turn_view.js").Actions} Actions */

export class LogView {
  /** @type {TurnView[]} */
  #views = [];
  #turns = html("#turns");
  #welcome = html("#welcome");
  #leftOut = html("#left-out");
  #actions;
  #following;

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    const toBottom = button("#to-bottom");
    const changed = (/** @type {boolean} */ isOn) => (toBottom.hidden = isOn || this.#views.length === 0);
    this.#following = new Following(html("#log"), this.#turns, changed);
    toBottom.addEventListener("click", () => this.#following.start());
  }

  get last() {
    return this.#views.at(-1);
  }

  /** @param {Turn} turn */
  viewOf({ reply }) {
    return this.#views.find((view) => view.turn.reply.id === reply.id);
  }

  /**
   * Shows these turns; those that are there already stay as they are, with what is selected in them.
   * @param {Turn[]} turns
   */
  show(turns) {
    const same = turns.findIndex(({ reply }, index) => this.#views[index]?.turn.reply !== reply);
    const kept = same === -1 ? turns.length : same;
    for (const view of this.#views.splice(kept)) view.remove();
    this.#views.at(-1)?.retire();
    const fresh = turns.slice(kept).map((turn) => new TurnView(turn, this.#actions));
    this.#views.push(...fresh);
    this.#turns.append(...fresh.map(({ root }) => root));
    this.#welcome.hidden = turns.length > 0;
    this.#views.forEach((view, index) => {
      if (index >= kept || index === turns.length - 1) view.render(now());
      if (index < turns.length - 1) view.retire();
    });
    if (turns.length === 0) this.#following.stop();
  }

  toEnd() {
    this.#following.start();
  }

  /**
   * @param {number} count of the turns that were not read for the last answer
   * @param {string} sentence
   */
  sayLeftOut(count, sentence) {
    this.#leftOut.hidden = count === 0;
    this.#leftOut.textContent = sentence;
    this.#views[count]?.root.before(this.#leftOut);
  }
}
