/** One question and its answer on the page. */

import { MarkdownView } from "../markdown/markdown_view.js";
import { CountdownButton } from "../page/countdown_button.js";
import { copyOf, fit, html } from "../page/elements.js";
import { figures, rate } from "../words/figures.js";
import { notice } from "../words/notice.js";
import { say } from "../words/words.js";
import { ThinkingView } from "./thinking_view.js";

/** @typedef {import("../turns/conversation.js").Turn} Turn */
/** @typedef {import("../stream/answer_stream.js").AnswerObject} AnswerObject */
/**
 * @typedef {{ again: (turn: Turn) => void, new_chat: () => void, settings: () => void, edit: (turn: Turn, text: string) => void,
 *   remove: (turn: Turn) => void, regenerate: (turn: Turn) => void, copy: (text: string) => void,
 *   leaf: (turn: Turn, of: "question" | "reply", by: number) => void, alternatives: (turn: Turn, of: "question" | "reply") =>
 *   { n: number, all: number } }} Actions what a reader can do with a turn
 */

export class TurnView {
  #actions;
  #action;
  #text;
  #thinking;

  /**
   * @param {Turn} turn
   * @param {Actions} actions
   */
  constructor(turn, actions) {
    this.turn = turn;
    this.root = copyOf("#turn");
    this.#actions = actions;
    this.#part("question").textContent = turn.question.text;
    this.#action = new CountdownButton(this.#button("action"), () => actions.again(turn));
    this.#thinking = new ThinkingView(this.#part("thinking"));
    this.#text = this.#fresh();
    this.#listen();
  }

  /**
   * @param {AnswerObject} object
   * @param {number} at
   */
  take(object, at) {
    if (object.type === "reasoning") this.#thinking.append(object.text);
    if (object.type === "delta") this.#text.append(object.text);
    if (this.#part("text").closest(".answer")?.getAttribute("data-state") === "waiting") this.render(at);
  }

  /** The answer goes out again: what has no text begins from nothing. @param {number} at */
  begin(at) {
    const { answer } = this.turn.reply;
    if (answer.text === "" && this.#text.source !== "") this.#text = this.#fresh();
    if (answer.reasoning === "") this.#thinking.clear();
    this.render(at);
  }

  /** @param {number} at */
  render(at) {
    const { answer } = this.turn.reply;
    const article = html(".answer", this.root);
    article.dataset["state"] = answer.ending ? "ended" : answer.text === "" ? "waiting" : "writing";
    article.ariaBusy = String(!answer.ending);
    if (answer.ending) this.#text.finish();
    this.#thinking.render(answer, at);
    this.#part("figures").textContent = figures(answer, at);
    this.#part("rate").textContent = rate(answer, at);
    this.#renderShare(at);
    this.#renderNotice();
    this.#renderLeaf("question");
    this.#renderLeaf("reply");
  }

  /** Says that something is amiss while the answer is being written; nothing takes it back. @param {string} sentence */
  warn(sentence) {
    this.#part("notice").hidden = sentence === "";
    this.#part("notice").dataset["tone"] = "calm";
    this.#part("sentence").textContent = sentence;
    this.#part("fineprint").textContent = "";
    this.#action.hide();
    this.#part("other").hidden = true;
  }

  /** Only the last answer can be retried or continued. */
  retire() {
    this.#action.hide();
    this.#part("other").hidden = true;
  }

  remove() {
    this.#action.hide();
    this.root.remove();
  }

  #fresh() {
    this.#part("text").replaceChildren();
    const text = new MarkdownView(this.#part("text"), { strings: { copy: say("copy"), copied: say("copied") } });
    text.append(this.turn.reply.answer.text);
    return text;
  }

  #part(/** @type {string} */ name) {
    return html(`[data-part=${name}]`, this.root);
  }

  #button(/** @type {string} */ name) {
    return /** @type {HTMLButtonElement} */ (this.#part(name));
  }

  #renderShare(/** @type {number} */ at) {
    const { answer } = this.turn.reply;
    const total = answer.seconds(at);
    const share = (/** @type {number | null} */ moment) => `${Math.min(1, (moment ?? Infinity) / total) * 100}%`;
    const { style } = this.#part("share");
    style.setProperty("--waited", share(answer.firstThoughtSeconds ?? answer.firstTextSeconds));
    style.setProperty("--thought", share(answer.firstTextSeconds));
  }

  #renderNotice() {
    const { answer } = this.turn.reply;
    const shown = notice(answer);
    if (!answer.ending) return;
    this.warn(shown?.sentence ?? "");
    if (!shown) return;
    this.#part("notice").dataset["tone"] = shown.tone;
    this.#part("fineprint").textContent = shown.fineprint;
    for (const action of shown.actions) {
      if (action === "retry" || action === "continue") this.#action.show(say(action), shown.waitSeconds);
      else this.#offer(action);
    }
  }

  #offer(/** @type {"new_chat" | "settings"} */ action) {
    const other = this.#button("other");
    other.textContent = say(action);
    other.hidden = false;
    other.onclick = () => this.#actions[action]();
  }

  #renderLeaf(/** @type {"question" | "reply"} */ of) {
    const leaf = this.#part(of === "question" ? "question-leaf" : "answer-leaf");
    const { n, all } = this.#actions.alternatives(this.turn, of);
    leaf.hidden = all < 2;
    const [earlier, place, later] = leaf.children;
    if (place) place.textContent = `${n}/${all}`;
    for (const [control, by] of /** @type {const} */ ([[earlier, -1], [later, 1]])) {
      if (!(control instanceof HTMLButtonElement)) continue;
      control.ariaDisabled = String(n + by < 1 || n + by > all);
      control.onclick = () => control.ariaDisabled !== "true" && this.#actions.leaf(this.turn, of, by);
    }
  }

  #listen() {
    const { turn } = this;
    const actions = this.#actions;
    /** @type {Record<string, () => void>} */
    const does = {
      edit: () => this.#edit(true),
      copyQuestion: () => actions.copy(turn.question.text),
      copyAnswer: () => actions.copy(turn.reply.answer.text),
      regenerate: () => actions.regenerate(turn),
      remove: () => actions.remove(turn),
    };
    for (const control of this.root.querySelectorAll("[data-action]")) {
      control.addEventListener("click", () => does[control.getAttribute("data-action") ?? ""]?.());
    }
    const form = this.#part("edit");
    const box = /** @type {HTMLTextAreaElement} */ (html("textarea", form));
    box.addEventListener("input", () => fit(box));
    this.#part("cancel").addEventListener("click", () => this.#edit(false));
    form.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") this.#edit(false);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) /** @type {HTMLFormElement} */ (form).requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (box.value.trim() !== "") actions.edit(turn, box.value);
    });
  }

  /** Instead of the question a box with its text, or back. */
  #edit(/** @type {boolean} */ isEditing) {
    const form = this.#part("edit");
    const box = /** @type {HTMLTextAreaElement} */ (html("textarea", form));
    for (const name of ["question", "question-actions"]) this.#part(name).hidden = isEditing;
    form.hidden = !isEditing;
    if (!isEditing) return html("[data-action=edit]", this.root).focus();
    box.value = this.turn.question.text;
    fit(box);
    box.focus();
  }
}
