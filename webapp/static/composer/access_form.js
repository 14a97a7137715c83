/** The form that asks for the access token: before the first message, and again when a token is not accepted. */

import { element, focusWithoutKeyboard } from "../page/elements.js";
import { say } from "../words/words.js";

/** @typedef {import("./access_token.js").AccessToken} AccessToken */

export class AccessForm {
  #form;
  #input;
  #problem;
  #token;

  /**
   * @param {HTMLFormElement} form
   * @param {AccessToken} token
   * @param {() => void} onGiven
   */
  constructor(form, token, onGiven) {
    this.#form = form;
    this.#input = element(form, "#access-token", HTMLInputElement);
    this.#problem = element(form, "[data-part=problem]", HTMLElement);
    this.#token = token;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take();
      onGiven();
    });
    if ("required" in form.dataset && !token.isKnown) this.#show("");
  }

  /** The app let nobody in with the token as it is, or without one. */
  denied() {
    this.#show(this.#token.isKnown ? say("access.refused") : "");
    this.#token.forget();
  }

  focus() {
    this.#input.focus();
  }

  #show(/** @type {string} */ problem) {
    this.#problem.textContent = problem;
    this.#input.ariaInvalid = String(problem !== "");
    this.#form.hidden = false;
    focusWithoutKeyboard(this.#input);
  }

  #take() {
    // The form's pattern allows for the spaces that are copied along.
    this.#token.set(this.#input.value.trim());
    this.#input.value = "";
    this.#form.hidden = true;
  }
}
