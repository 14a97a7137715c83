/** One side of the race: a clock, the text under it, and how it ended. */

import { MarkdownView } from "../markdown/markdown_view.js";
import { part } from "../page/elements.js";
import { Answer } from "../turns/answer.js";
import { notice } from "../words/notice.js";
import { number, say } from "../words/words.js";

const TICK_MILLISECONDS = 33;
const now = () => performance.now() / 1000;

/**
 * @param {HTMLElement} root
 * @param {AsyncIterable<AnswerObject>} objects
 * @returns {Promise<Answer>} ended, in whichever way
 */
export async function run(root, objects) {
  const answer = new Answer();
  const text = part("text", root);
  const enter = (state = "") => (root.dataset["state"] = state);
  const tick = () => (part("clock", root).textContent = number(answer.seconds(now()), 2));
  text.replaceChildren();
  const view = new MarkdownView(text, { strings: { copy: say("copy"), copied: say("copied") } });
  answer.begin(now());
  enter("waiting");
  const ticking = setInterval(tick, TICK_MILLISECONDS);
  for await (const object of objects) {
    if (answer.ending) continue;
    answer.take(object, now());
    if (object.type !== "delta") continue;
    enter("writing");
    view.append(object.text);
    text.scrollTop = text.scrollHeight;
  }
  clearInterval(ticking);
  view.finish();
  tick();
  enter("ended");
  const textContent = notice(answer)?.sentence;
  if (textContent) text.append(Object.assign(document.createElement("p"), { className: "problem", textContent }));
  return answer;
}
