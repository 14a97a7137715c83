/** The box at the foot of the page: a draft, the buttons that send it and stop its answer, and their keys. */

import { button, element, fit, focusWithoutKeyboard, hideAndPassFocus, html } from "../page/elements.js";
import { isEnter } from "../page/keyboard.js";
import { say } from "../words/words.js";

/** From which part of the limit on it is said how far away it is. */
const NEAR = 0.9;
const prompt = element("#prompt", HTMLTextAreaElement);
const [sending, stopping, over] = [button("#send"), button("#stop"), html("#over")];
/** @type {(draft: string) => void} */
let onChange = () => {};
let most = Infinity;

/**
 * @param {{ send: (question: string) => void, stop: () => void, changed: (draft: string) => void, mostCharacters: number,
 *   sendsOn: () => string }} uses
 */
export function startComposer({ send, stop, changed, mostCharacters, sendsOn }) {
  onChange = changed;
  most = mostCharacters;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (look()) send(prompt.value);
  };
  stopping.onclick = stop;
  html("#composer").onsubmit = submit;
  prompt.oninput = () => {
    look();
    changed(prompt.value);
  };
  prompt.onkeydown = (event) => {
    const isMeant = sendsOn() !== "ctrl" || event.ctrlKey || event.metaKey;
    if (isEnter(event) && isMeant) submit(event);
  };
  look();
}

export const draft = () => prompt.value;

export function setDraft(text = "") {
  prompt.value = text;
  look();
  onChange(text);
}

export const focus = () => focusWithoutKeyboard(prompt);

/**
 * A focus that goes with its button comes here, and so does one that was lost with what held it; somebody who reads keeps
 * it.
 */
export function setRunning(isRunning = false) {
  const [shown, hidden] = isRunning ? [stopping, sending] : [sending, stopping];
  shown.hidden = false;
  hideAndPassFocus(hidden, prompt);
  if (document.activeElement === document.body && getSelection()?.isCollapsed !== false) focus();
}

/** Says how long the draft is, near the limit and over it. @returns {boolean} whether it can be sent as it is */
function look() {
  const { length } = prompt.value;
  const isNear = length > most * NEAR;
  // The app counts code points, which are never more than these units: only near the limit the difference counts.
  const n = isNear ? [...prompt.value].length : length;
  const isOver = n > most;
  over.textContent = n > most * NEAR ? say(isOver ? "over" : "near", { n, most }) : "";
  over.classList.toggle("is-over", isOver);
  prompt.ariaInvalid = sending.ariaDisabled = String(isOver);
  fit(prompt);
  return !isOver;
}
