/** One side of the race: a clock, the text under it, and how it ended. */

import { MarkdownView } from "../markdown/markdown_view.js";
import { html } from "../page/elements.js";
import { Answer } from "../turns/turns.js";
import { notice } from "../words/notice.js";
import { number, say } from "../words/words.js";

/** @typedef {import("./racers.js").Racer} Racer */

export class Lane {
  #root;
  #clock;
  #text;
  #racer;

  /**
   * @param {HTMLElement} root
   * @param {Racer} racer
   */
  constructor(root, racer) {
    this.#root = root;
    this.#racer = racer;
    this.#clock = html("[data-part=clock]", root);
    this.#text = html("[data-part=text]", root);
    this.#tick(0);
  }

  get name() {
    return html("h3", this.#root).textContent ?? "";
  }

  /**
   * @param {import("../stream/answer_stream.js").Question} question
   * @param {AbortSignal} signal
   * @param {typeof fetch} fetcher
   * @returns {Promise<Answer>} ended, in whichever way
   */
  async run(question, signal, fetcher) {
    const answer = new Answer();
    this.#text.replaceChildren();
    const view = new MarkdownView(this.#text, { strings: { copy: say("copy"), copied: say("copied") } });
    answer.begin(now());
    this.#root.dataset["state"] = "waiting";
    const ticking = setInterval(() => this.#tick(answer.seconds(now())), 33);
    for await (const object of this.#racer(question, signal, fetcher)) {
      if (answer.ending) continue;
      answer.take(object, now());
      if (object.type !== "delta") continue;
      this.#root.dataset["state"] = "writing";
      view.append(object.text);
      this.#text.scrollTop = this.#text.scrollHeight;
    }
    clearInterval(ticking);
    view.finish();
    this.#tick(answer.seconds(now()));
    this.#root.dataset["state"] = "ended";
    this.#say(notice(answer)?.sentence ?? "");
    return answer;
  }

  #tick(/** @type {number} */ seconds) {
    this.#clock.textContent = number(seconds, 2);
  }

  #say(/** @type {string} */ sentence) {
    if (sentence === "") return;
    const said = document.createElement("p");
    said.className = "problem";
    said.textContent = sentence;
    this.#text.append(said);
  }
}

function now() {
  return performance.now() / 1000;
}
