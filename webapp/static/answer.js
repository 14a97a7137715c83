/** What is known of one answer: its text, how it stands, and the times its reader saw. No clock, no page. */

import { isTerminal } from "./answer_stream.js";

/** @typedef {import("./answer_stream.js").AnswerObject} AnswerObject */
/** @typedef {import("./answer_stream.js").Terminal} Terminal */
/** @typedef {import("./answer_stream.js").Done} Done */
/** @typedef {import("./continuation.js").Continuing} Continuing */

export class Answer {
  text = "";
  /** @type {Terminal | null} how it ended, if it has */
  ending = null;
  /** @type {number | null} from sending the question to the first text */
  firstTextSeconds = null;
  /** @type {number | null} null as soon as a part ended without a count */
  completionTokens = 0;
  #begunAt = 0;
  #endedAt = 0;
  #secondsBefore = 0;

  /**
   * The question goes out at this moment: for the first time, again, or to continue the text that is there.
   * @param {number} at
   */
  begin(at) {
    // The pause in which a stopped answer waited for its reader is nobody's waiting time.
    if (this.text !== "") this.#secondsBefore = this.seconds(at);
    else this.completionTokens = 0;
    this.#begunAt = at;
    this.ending = null;
  }

  /**
   * @param {AnswerObject | Continuing} object
   * @param {number} at
   */
  take(object, at) {
    if (object.type === "delta") this.#append(object.text, at);
    if (object.type === "continuing") this.#count(object.usage);
    if (!isTerminal(object)) return;
    this.#count(object.type === "done" ? object.usage : null);
    this.#endedAt = at;
    this.ending = object;
  }

  /**
   * How long it has been waited for and written: until its end, or until this moment.
   * @param {number} at
   */
  seconds(at) {
    return this.#secondsBefore + (this.ending ? this.#endedAt : at) - this.#begunAt;
  }

  #append(/** @type {string} */ text, /** @type {number} */ at) {
    if (text !== "") this.firstTextSeconds ??= this.seconds(at);
    this.text += text;
  }

  #count(/** @type {Done["usage"]} */ usage) {
    const before = this.completionTokens;
    this.completionTokens = usage && before !== null ? before + usage.completion_tokens : null;
  }
}
