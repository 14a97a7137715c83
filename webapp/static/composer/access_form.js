/** The form that asks for the access token: before the first message, and again when a token is not accepted. */

import { element, focusWithoutKeyboard, html, part } from "../page/elements.js";
import { say } from "../words/words.js";

/** @param {import("./access_token.js").AccessToken} token @param {() => void} onGiven */
export function accessForm(token, onGiven) {
  const form = html("#access");
  const input = element("#access-token", HTMLInputElement);
  const show = (problem = "") => {
    part("problem", form).textContent = problem;
    input.ariaInvalid = String(problem !== "");
    form.hidden = false;
    focusWithoutKeyboard(input);
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    // The form's pattern allows for the spaces that are copied along.
    token.set(input.value.trim());
    input.value = "";
    form.hidden = true;
    onGiven();
  };
  if ("required" in form.dataset && !token.isKnown) show("");
  return {
    focus: () => input.focus(),
    /** The app let nobody in with the token as it is, or without one. */
    denied() {
      show(token.isKnown ? say("access.refused") : "");
      token.forget();
    },
  };
}
