/** The box at the foot of the page: a draft, the buttons that send it and stop its answer, and their keys. */

import { button, element, fit, focusWithoutKeyboard, hideAndPassFocus, html } from "../page/elements.js";
import { say } from "../words/words.js";

/** From which part of the limit on it is said how far away it is. */
const NEAR = 0.9;

/**
 * @typedef {{ send: (question: string) => void, stop: () => void, changed: (draft: string) => void, mostCharacters: number,
 *   sendsOn: () => "enter" | "ctrl" }} Uses
 */

export class Composer {
  #prompt;
  #send = button("#send");
  #stop = button("#stop");
  #over = html("#over");
  #uses;

  /**
   * @param {HTMLFormElement} form
   * @param {Uses} uses
   */
  constructor(form, uses) {
    this.#uses = uses;
    this.#prompt = element(form, "#prompt", HTMLTextAreaElement);
    this.#stop.addEventListener("click", uses.stop);
    this.#prompt.addEventListener("input", () => {
      this.#look();
      uses.changed(this.draft);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#prompt.addEventListener("keydown", (event) => {
      // An Enter that chooses a word of an input method is not the message's; Safari says so by the key code alone.
      const isComposing = event.isComposing || event.keyCode === 229;
      if (event.key !== "Enter" || event.shiftKey || event.altKey || isComposing) return;
      const withControl = event.ctrlKey || event.metaKey;
      if (uses.sendsOn() === "ctrl" && !withControl) return;
      event.preventDefault();
      this.#submit();
    });
    this.#look();
  }

  get draft() {
    return this.#prompt.value;
  }

  set draft(text) {
    this.#prompt.value = text;
    this.#look();
    this.#uses.changed(text);
  }

  /** What was asked is no draft any more, unless it came from elsewhere. */
  asked(/** @type {string} */ question) {
    if (this.draft === question) this.draft = "";
  }

  /** A question to be changed becomes the draft, unless another one is being written. */
  returned(/** @type {string} */ question) {
    if (this.draft === "") this.draft = question;
  }

  focus() {
    focusWithoutKeyboard(this.#prompt);
  }

  /** Focus that goes with a button that goes comes here; somebody who reads keeps it. */
  setRunning(/** @type {boolean} */ isRunning) {
    const [shown, hidden] = isRunning ? [this.#stop, this.#send] : [this.#send, this.#stop];
    shown.hidden = false;
    hideAndPassFocus(hidden, this.#prompt);
  }

  /** Takes over a focus that was lost with what held it. */
  catchFocus() {
    if (document.activeElement === document.body && getSelection()?.isCollapsed !== false) this.focus();
  }

  /** @returns {boolean} whether it can be sent as it is */
  #look() {
    const { length } = this.#prompt.value;
    const most = this.#uses.mostCharacters;
    // The app counts code points, which are never more than these units: only near the limit the difference counts.
    const count = length > most * NEAR ? [...this.#prompt.value].length : length;
    const isOver = count > most;
    this.#over.textContent = count > most * NEAR ? say(isOver ? "over" : "near", { n: count, most }) : "";
    this.#over.classList.toggle("is-over", isOver);
    this.#prompt.ariaInvalid = String(isOver);
    this.#send.ariaDisabled = String(isOver);
    fit(this.#prompt);
    return !isOver;
  }

  #submit() {
    if (this.#look()) this.#uses.send(this.#prompt.value);
  }
}
