/** The box at the foot of the page: a draft, the buttons that send it and stop its answer, and their keys. */

import { element, focusWithoutKeyboard } from "./elements.js";

export class Composer {
  #prompt;
  #send;
  #stop;

  /**
   * @param {HTMLFormElement} form
   * @param {(question: string) => void} onSend
   * @param {() => void} onStop
   */
  constructor(form, onSend, onStop) {
    this.#prompt = element(form, "#prompt", HTMLTextAreaElement);
    this.#send = element(form, "#send", HTMLButtonElement);
    this.#stop = element(form, "#stop", HTMLButtonElement);
    this.#stop.addEventListener("click", onStop);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      onSend(this.#prompt.value);
    });
    this.#prompt.addEventListener("keydown", (event) => {
      // An Enter that chooses a word of an input method is not the message's; Safari says so by the key code alone.
      const isComposing = event.isComposing || event.keyCode === 229;
      if (event.key !== "Enter" || event.shiftKey || isComposing) return;
      event.preventDefault();
      onSend(this.#prompt.value);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) onStop();
    });
  }

  /** What was asked is no draft any more, unless it came from elsewhere. */
  asked(/** @type {string} */ question) {
    if (this.#prompt.value === question) this.#prompt.value = "";
  }

  /** A question to be changed becomes the draft, unless another one is being written. */
  returned(/** @type {string} */ question) {
    if (this.#prompt.value === "") this.#prompt.value = question;
  }

  focus() {
    focusWithoutKeyboard(this.#prompt);
  }

  setRunning(/** @type {boolean} */ isRunning) {
    this.#send.hidden = isRunning;
    this.#stop.hidden = !isRunning;
    this.focus();
  }
}
