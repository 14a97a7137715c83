/** One question and its answer on the page. Their text enters as text, never as markup. */

import { CountdownButton } from "./countdown_button.js";
import { element } from "./elements.js";
import { GrowingText } from "./growing_text.js";
import { figures, notice } from "./wording.js";

/** @typedef {import("./conversation.js").Turn} Turn */

export class TurnView {
  #turn;
  #parts;
  #text;
  #action;

  /**
   * @param {HTMLTemplateElement} template
   * @param {Turn} turn
   * @param {() => void} onAction the reader asks to retry or to continue
   */
  constructor(template, turn, onAction) {
    const root = element(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), ".turn", HTMLElement);
    this.root = root;
    this.#turn = turn;
    this.#parts = {
      answer: element(root, ".answer", HTMLElement),
      notice: element(root, "[data-part=notice]", HTMLElement),
      sentence: element(root, "[data-part=sentence]", HTMLElement),
      fineprint: element(root, "[data-part=fineprint]", HTMLElement),
      share: element(root, "[data-part=share]", HTMLElement),
      figures: element(root, "[data-part=figures]", HTMLElement),
    };
    this.#text = new GrowingText(element(root, "[data-part=text]", HTMLElement));
    element(root, "[data-part=question]", HTMLElement).textContent = turn.question;
    this.#action = new CountdownButton(element(root, "[data-part=action]", HTMLButtonElement), onAction);
  }

  /**
   * @param {string} text
   * @param {number} at
   */
  append(text, at) {
    this.#text.append(text);
    if (this.#parts.answer.dataset["state"] === "waiting") this.render(at);
  }

  /** @param {number} at */
  render(at) {
    const { answer } = this.#turn;
    const state = answer.ending ? "ended" : answer.text === "" ? "waiting" : "writing";
    if (answer.ending) this.#text.flush();
    this.#parts.answer.dataset["state"] = state;
    this.#parts.answer.ariaBusy = String(state !== "ended");
    this.#parts.figures.textContent = figures(answer, at);
    const waited = (answer.firstTextSeconds ?? Infinity) / answer.seconds(at);
    this.#parts.share.style.setProperty("--waited", `${Math.min(1, waited) * 100}%`);
    this.#renderNotice();
  }

  /** Only the last answer can be retried or continued. */
  retire() {
    this.#action.hide();
  }

  remove() {
    this.#action.hide();
    this.root.remove();
  }

  #renderNotice() {
    const shown = notice(this.#turn.answer);
    this.#parts.notice.hidden = !shown;
    this.#action.hide();
    if (!shown) return;
    this.#parts.notice.dataset["tone"] = shown.tone;
    this.#parts.sentence.textContent = shown.sentence;
    this.#parts.fineprint.textContent = shown.fineprint;
    if (shown.action !== "") this.#action.show(shown.action, shown.waitSeconds);
  }
}
