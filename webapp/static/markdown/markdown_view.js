/** The door of this room: Markdown shown on the page, whole or while it is being written. */

import { blockNodes } from "./block_nodes.js";
import { copyOnClick, drawWith } from "./drawings.js";
import { GrowingSource } from "./growing_source.js";
import { patch } from "./node_tree.js";

/** What a browser lays out within a frame or two; of more that comes at once the rest waits for the next frame. */
const MOST_CHARACTERS_A_FRAME = 8_000;
/** Of the page's time this much may go into Markdown: after costly work it rests three times as long. */
const REST = 3;
/** What the mark that more is coming may stand in. */
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, pre, div, table, tbody, tr, td, .piece";

export class MarkdownView {
  #element;
  #draw;
  #source = "";
  #growing = new GrowingSource();
  /** How much of the source the growing text has taken. */
  #taken = 0;
  /** @type {Description[]} what the settled blocks on the page were made from */
  #settled = [];
  /** @type {Description[]} the same for what stands behind them */
  #tail = [];
  /** @type {Element | null} */
  #caret = null;
  #isFinished = true;
  #frame = 0;
  #restsUntil = 0;

  /** @param {HTMLElement} element empty; the view is all that it holds @param {{ strings: Strings }} options */
  constructor(element, { strings }) {
    this.#element = element;
    this.#draw = drawWith(strings);
    element.classList.add("markdown");
    copyOnClick(element, strings);
  }

  /** The Markdown as it came. */
  get source() {
    return this.#source;
  }

  /** The first text shows at once, what follows once a frame. */
  append(text = "") {
    if (text === "") return;
    const isFirst = this.#source.trim() === "";
    this.#source += text;
    this.#isFinished = false;
    if (isFirst) this.#work();
    else this.#schedule();
  }

  /** A text that is complete, in a view that is empty. */
  show(text = "") {
    this.#source = text;
    this.finish();
  }

  /**
   * No more text comes: the whole is lexed once more, and only what reads differently is replaced. It is done on return,
   * unless far more text is waiting than a frame can show. More may be appended all the same.
   */
  finish() {
    this.#isFinished = true;
    // A hidden tab has no frames, and lays nothing out.
    do this.#work();
    while (document.hidden && this.#isBehind());
  }

  #work() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const begun = performance.now();
    const isWholeAtOnce = this.#isFinished && this.#taken === 0 && this.#source.length <= MOST_CHARACTERS_A_FRAME;
    const piece = this.#source.slice(this.#taken, this.#taken + MOST_CHARACTERS_A_FRAME);
    this.#taken += piece.length;
    this.#growing.append(piece);
    if (!isWholeAtOnce) this.#grow();
    if (this.#isBehind()) this.#schedule();
    else if (this.#isFinished) this.#complete();
    const ended = performance.now();
    this.#restsUntil = ended + REST * (ended - begun);
  }

  #isBehind() {
    return this.#taken < this.#source.length;
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      if (now < this.#restsUntil) this.#schedule();
      else this.#work();
    });
  }

  #grow() {
    const { settled, tail } = this.#growing.advance();
    const fresh = blockNodes(settled);
    const before = this.#tail;
    this.#tail = blockNodes(tail, true);
    patch(this.#element, before, [...fresh, ...this.#tail], this.#draw);
    this.#settled.push(...fresh);
    this.#setCaret(lastBlock(this.#element));
  }

  #complete() {
    const { settled, tail } = this.#growing.whole();
    const before = [...this.#settled, ...this.#tail];
    this.#settled = blockNodes(settled);
    this.#tail = blockNodes(tail);
    patch(this.#element, before, [...this.#settled, ...this.#tail], this.#draw);
    this.#setCaret(null);
  }

  #setCaret(/** @type {Element | null} */ at) {
    if (at === this.#caret) return;
    this.#caret?.classList.remove("caret");
    if (this.#caret?.classList.length === 0) this.#caret.removeAttribute("class");
    this.#caret = at === this.#element ? null : at;
    this.#caret?.classList.add("caret");
  }
}

/** @param {Element} within @returns {Element} */
function lastBlock(within) {
  const last = within.lastElementChild;
  return last && last === within.lastChild && last.matches(BLOCKS) ? lastBlock(last) : within;
}

/** @param {HTMLElement} element @param {{ strings: Strings }} options */
export function renderWhole(element, source = "", options) {
  const view = new MarkdownView(element, options);
  view.show(source);
  return view;
}
