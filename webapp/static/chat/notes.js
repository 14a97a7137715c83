/** What the page says beside the conversation: to those who listen, for a moment with a way back, about the line. */

import { button, html } from "../page/elements.js";
import { say } from "../words/words.js";

const TOAST_MILLISECONDS = 10_000;
const ONLINE_MILLISECONDS = 4000;

export class Notes {
  #toast = html("#toast");
  #line = html("#line");
  #hiding = 0;

  /** @param {string} sentence */
  status(sentence) {
    html("#status").textContent = sentence;
  }

  /**
   * @param {string} sentence
   * @param {() => void} [undo]
   */
  toast(sentence, undo) {
    clearTimeout(this.#hiding);
    const control = button("[data-part=undo]", this.#toast);
    html("[data-part=said]", this.#toast).textContent = sentence;
    control.hidden = !undo;
    control.onclick = () => {
      this.#toast.hidden = true;
      undo?.();
    };
    this.#toast.hidden = false;
    this.#hiding = setTimeout(() => (this.#toast.hidden = true), TOAST_MILLISECONDS);
  }

  /** @param {string} sentence */
  trouble(sentence) {
    this.#line.textContent = sentence;
    this.#line.hidden = false;
  }

  /** Says when the browser loses its network, and when it has it again. Nothing is sent because of that. */
  watchLine() {
    addEventListener("offline", () => this.trouble(say("offline")));
    addEventListener("online", () => {
      this.trouble(say("online"));
      setTimeout(() => (this.#line.hidden = true), ONLINE_MILLISECONDS);
    });
    if (navigator.onLine === false) this.trouble(say("offline"));
  }
}
