/** The door of this room: Markdown shown on the page, whole or while it is being written. */

import { blockNodes } from "./block_nodes.js";
import { copyOnClick } from "./code_copying.js";
import { drawWith } from "./drawings.js";
import { GrowingSource } from "./growing_source.js";
import { patch } from "./node_tree.js";

/** @typedef {import("./code_copying.js").Strings} Strings */
/** @typedef {import("./node_tree.js").Description} Description */

export class MarkdownView {
  #element;
  #draw;
  #growing = new GrowingSource();
  #received = "";
  /** @type {Description[]} */
  #settled = [];
  /** @type {Description[]} */
  #tail = [];
  #frame = 0;

  /**
   * @param {HTMLElement} element empty; the view is all that it holds
   * @param {{ strings: Strings }} options
   */
  constructor(element, { strings }) {
    this.#element = element;
    this.#draw = drawWith(strings);
    element.classList.add("markdown");
    copyOnClick(element, strings);
  }

  /** The Markdown as it came. */
  get source() {
    return this.#received;
  }

  /**
   * The first text shows at once, what follows once a frame.
   * @param {string} text
   */
  append(text) {
    if (text === "") return;
    const isFirst = this.#received.trim() === "";
    this.#received += text;
    this.#growing.append(text);
    if (isFirst) this.#render();
    else this.#frame ||= requestAnimationFrame(() => this.#render());
  }

  /** No more text comes: all of it is lexed once more, and what reads differently as a whole is replaced. More text may follow all the same. */
  finish() {
    this.#cancelFrame();
    const { settled, tail } = this.#growing.whole();
    const before = [...this.#settled, ...this.#tail];
    this.#settled = blockNodes(settled, false);
    this.#tail = blockNodes(tail, false);
    patch(this.#element, before, [...this.#settled, ...this.#tail], this.#draw);
  }

  #render() {
    this.#cancelFrame();
    const { settled, tail } = this.#growing.advance();
    const fresh = blockNodes(settled, false);
    const first = this.#settled.length;
    const before = this.#tail;
    this.#tail = blockNodes(tail, true);
    patch(this.#element, before, [...fresh, ...this.#tail], this.#draw, first);
    this.#settled.push(...fresh);
  }

  #cancelFrame() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} source
 * @param {{ strings: Strings }} options
 */
export function renderWhole(element, source, options) {
  const view = new MarkdownView(element, options);
  view.append(source);
  view.finish();
  return view;
}
