/** What is known of one answer: its text, its thinking, how it stands, and the times its reader saw. No clock, no page. */

import { isTerminal } from "../stream/stream.js";

/** @typedef {import("../stream/answer_stream.js").AnswerObject} AnswerObject */
/** @typedef {import("../stream/answer_stream.js").Terminal | { type: "left" | "elsewhere" }} Ending left: the page was, in
 * the middle; elsewhere: another tab writes it */
/** @typedef {import("../stream/answer_stream.js").Done} Done */
/** @typedef {import("../stream/continuation.js").Continuing} Continuing */

const SAVED = /** @type {const} */ ([
  "text",
  "reasoning",
  "model",
  "ending",
  "firstTextSeconds",
  "firstThoughtSeconds",
  "thoughtSeconds",
  "completionTokens",
  "promptTokens",
]);

export class Answer {
  text = "";
  reasoning = "";
  model = "";
  /** @type {Ending | null} how it ended, if it has */
  ending = null;
  /** @type {number | null} from sending the question to the first text */
  firstTextSeconds = null;
  /** @type {number | null} the same to the first of its thinking */
  firstThoughtSeconds = null;
  thoughtSeconds = 0;
  /** @type {number | null} null as soon as a part ended without a count */
  completionTokens = 0;
  /** @type {number | null} */
  promptTokens = null;
  #begunAt = 0;
  #endedAt = 0;
  #secondsBefore = 0;
  /** @type {number | null} */
  #thinkingSince = null;

  /**
   * One that was kept. What has no ending was left in the middle.
   * @param {Record<string, any>} saved
   */
  static from(saved) {
    const answer = new Answer();
    for (const name of SAVED) if (saved[name] !== undefined) Object.assign(answer, { [name]: saved[name] });
    if (!answer.ending) Object.assign(answer, { ending: { type: "left" }, completionTokens: null });
    answer.#secondsBefore = saved["seconds"] ?? 0;
    return answer;
  }

  /**
   * Everything of it as plain data.
   * @param {number} at
   */
  saved(at) {
    const thoughtSeconds = this.thinkingSeconds(at);
    return { ...Object.fromEntries(SAVED.map((name) => [name, this[name]])), thoughtSeconds, seconds: this.seconds(at) };
  }

  /**
   * The question goes out at this moment: for the first time, again, or to continue the text that is there.
   * @param {number} at
   */
  begin(at) {
    // The pause in which a stopped answer waited for its reader is nobody's waiting time.
    if (this.hasText) this.#secondsBefore = this.seconds(at);
    else this.#reset();
    this.#begunAt = at;
    this.ending = null;
  }

  /** White space alone is no answer: it is neither continued nor sent along. */
  get hasText() {
    return this.text.trim() !== "";
  }

  get isThinking() {
    return this.#thinkingSince !== null;
  }

  /**
   * @param {AnswerObject | Continuing} object
   * @param {number} at
   */
  take(object, at) {
    if (object.type === "start") this.model = object.model ?? "";
    if (object.type === "delta") this.#append(object.text, at);
    if (object.type === "reasoning") this.#think(object.text, at);
    if (object.type === "continuing") this.#count(object.usage);
    if (!isTerminal(object)) return;
    this.#count(object.type === "done" ? object.usage : null);
    this.#stopThinking(at);
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

  /** @param {number} at */
  thinkingSeconds(at) {
    return this.thoughtSeconds + (this.#thinkingSince === null ? 0 : at - this.#thinkingSince);
  }

  /** @param {number} at */
  tokensPerSecond(at) {
    const first = Math.min(this.firstTextSeconds ?? Infinity, this.firstThoughtSeconds ?? Infinity);
    const rate = (this.completionTokens ?? 0) / (this.seconds(at) - first);
    return this.ending && Number.isFinite(rate) && rate > 0 ? rate : null;
  }

  #append(/** @type {string} */ text, /** @type {number} */ at) {
    if (text === "") return;
    this.#stopThinking(at);
    this.firstTextSeconds ??= this.seconds(at);
    this.text += text;
  }

  #think(/** @type {string} */ text, /** @type {number} */ at) {
    if (text === "") return;
    this.firstThoughtSeconds ??= this.seconds(at);
    this.#thinkingSince ??= at;
    this.reasoning += text;
  }

  #stopThinking(/** @type {number} */ at) {
    this.thoughtSeconds = this.thinkingSeconds(at);
    this.#thinkingSince = null;
  }

  #count(/** @type {Done["usage"]} */ usage) {
    const before = this.completionTokens;
    this.completionTokens = usage && before !== null ? before + usage.completion_tokens : null;
    this.promptTokens = usage?.prompt_tokens ?? this.promptTokens;
  }

  #reset() {
    Object.assign(this, { text: "", reasoning: "", completionTokens: 0, thoughtSeconds: 0 });
    this.firstTextSeconds = this.firstThoughtSeconds = null;
    this.#secondsBefore = 0;
  }
}
