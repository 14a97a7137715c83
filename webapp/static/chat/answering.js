/** One answer while it is being written: what comes in is taken, shown and kept; however it ends, it ends once. */

import { failure } from "../stream/answer_stream.js";
import { answerStream, continued, sleepUntilAborted } from "../stream/stream.js";

const REFRESH_MILLISECONDS = 100;
const SAVE_SECONDS = 1;

/** Seconds on a clock that nobody sets. */
export const now = () => performance.now() / 1000;

export class Answering {
  #hangUp = new AbortController();
  #uses;
  #heardAt = 0;
  #savedAt = 0;
  #isLeft = false;

  /**
   * @param {Conversation} conversation
   * @param {Turn} turn
   * @param {{ question: () => ChatRequest, fetcher: typeof fetch, took: (object: AnswerObject, at: number) => void,
   *   ended: () => void, save: (at: number) => void, refresh: (at: number, silentSeconds: number) => void }} uses
   */
  constructor(conversation, turn, uses) {
    this.conversation = conversation;
    this.turn = turn;
    this.#uses = uses;
  }

  stop() {
    this.#hangUp.abort();
  }

  /** The page is about to go. Firefox breaks its connections before it does. */
  leave() {
    this.#isLeft = true;
  }

  /** Asks, and returns when the body of the answer has ended, which is after its last object. */
  async run() {
    const { answer } = this.turn.reply;
    const { signal } = this.#hangUp;
    const heard = () => (this.#heardAt = now());
    const ask = () => answerStream(this.#uses.question(), { signal, fetcher: this.#uses.fetcher, heard });
    answer.begin(now());
    heard();
    const refreshing = setInterval(() => this.#refresh(), REFRESH_MILLISECONDS);
    try {
      for await (const object of continued(ask, sleepUntilAborted(signal))) {
        this.#take(object);
        // The loop goes on to the end of the body; the next question need not wait for that.
        if (answer.ending) clearInterval(refreshing);
      }
    } catch {
      // A fault of this page must not leave an answer that is never over.
      this.#take(failure("page_failed"));
    } finally {
      clearInterval(refreshing);
    }
  }

  /** @param {AnswerObject | Continuing} object */
  #take(object) {
    const { answer } = this.turn.reply;
    if (answer.ending) return;
    answer.take(object, now());
    if (this.#isLeft && object.type === "error") answer.ending = { type: "left" };
    try {
      if (object.type !== "continuing") this.#uses.took(object, now());
    } finally {
      if (answer.ending) this.#uses.ended();
    }
  }

  #refresh() {
    const at = now();
    this.#uses.refresh(at, at - this.#heardAt);
    if (at - this.#savedAt < SAVE_SECONDS) return;
    this.#savedAt = at;
    this.#uses.save(at);
  }
}
