/** A button that says when pressing it will be of use, and can be pressed from then on. It never presses itself. */

import { say, waiting } from "../words/words.js";

const TICK_MILLISECONDS = 250;

export class CountdownButton {
  #button;
  #ticking = 0;

  /**
   * @param {HTMLButtonElement} button
   * @param {() => void} onPress
   */
  constructor(button, onPress) {
    this.#button = button;
    button.addEventListener("click", () => button.ariaDisabled !== "true" && onPress());
  }

  /**
   * @param {string} label
   * @param {number} seconds
   */
  show(label, seconds) {
    this.hide();
    // The clock on the wall: the other one may stand still while a laptop sleeps.
    const usefulAt = Date.now() + seconds * 1000;
    const tick = () => this.#say(label, (usefulAt - Date.now()) / 1000);
    tick();
    if (seconds > 0) this.#ticking = setInterval(tick, TICK_MILLISECONDS);
    this.#button.hidden = false;
  }

  hide() {
    clearInterval(this.#ticking);
    this.#button.hidden = true;
  }

  #say(/** @type {string} */ label, /** @type {number} */ secondsLeft) {
    // Not `disabled`: whoever goes through the page by keyboard finds it, and hears for how long.
    this.#button.ariaDisabled = String(secondsLeft > 0);
    this.#button.textContent = secondsLeft > 0 ? say("in", { label, time: waiting(secondsLeft) }) : label;
    if (secondsLeft <= 0) clearInterval(this.#ticking);
  }
}
