/** Says an answer to who cannot see it: whole sentences, as they are complete, never single tokens. */

/** Shorter ones wait for the next, so that nothing is said in shreds. */
const LEAST_CHARACTERS = 60;
const END_OF_SENTENCE = /[.!?…。！？]["'”’)\]]*\s+|\n{2,}/g;
const SIGNS = /[*_#`>|~]+/g;

export class Speaker {
  #region;
  #pending = "";

  /** @param {HTMLElement} region a polite live region */
  constructor(region) {
    this.#region = region;
  }

  begin() {
    this.#pending = "";
    this.#region.replaceChildren();
  }

  /** @param {string} text */
  hear(text) {
    this.#pending += text;
    if (this.#pending.length < LEAST_CHARACTERS) return;
    const end = [...this.#pending.matchAll(END_OF_SENTENCE)].at(-1);
    if (!end) return;
    const length = end.index + end[0].length;
    this.#say(this.#pending.slice(0, length));
    this.#pending = this.#pending.slice(length);
  }

  finish() {
    this.#say(this.#pending);
    this.#pending = "";
  }

  /** @param {string} text */
  #say(text) {
    const words = text.replace(SIGNS, "").trim();
    if (words === "") return;
    const sentence = document.createElement("p");
    sentence.dir = "auto";
    sentence.textContent = words;
    this.#region.append(sentence);
  }
}
