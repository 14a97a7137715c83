/** What a model lets see of its thinking: quiet, folded, under a clock of its own. */

import { html } from "../page/elements.js";
import { thinking } from "../words/figures.js";

/** @param {HTMLElement} block a details element */
export function thinkingView(block) {
  // What stands in it is never touched again, so it can be selected while it grows.
  let text = new Text();
  let pending = "";
  let frame = 0;
  const write = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    text.appendData(pending);
    pending = "";
  };
  const clear = () => html("div", block).replaceChildren((text = new Text()));
  clear();
  return {
    clear,
    /** The first text shows at once, what follows once a frame. */
    append(more = "") {
      pending += more;
      if (text.length === 0) write();
      else frame ||= requestAnimationFrame(write);
    },
    /** @param {Answer} answer */
    render(answer, at = 0) {
      block.hidden = answer.reasoning === "";
      if (block.hidden) return;
      if (text.length === 0) pending = answer.reasoning;
      // A hidden tab has no frames; the end does not wait for one.
      if (!answer.isThinking) write();
      block.classList.toggle("thinks", answer.isThinking);
      html("summary", block).textContent = thinking(answer, at);
    },
  };
}
