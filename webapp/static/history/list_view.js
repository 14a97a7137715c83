/** The list of conversations: beside the chat where there is room, over it where there is not. */

import { button, copyOf, element, html } from "../page/elements.js";
import { say } from "../words/words.js";

/** @typedef {import("../turns/conversation.js").Head} Head */
/**
 * @typedef {{ open: (id: string) => void, rename: (id: string, title: string) => void, remove: (head: Head) => void,
 *   export: (id?: string) => void, import: (files: FileList) => void, matching: (words: string) => Promise<Set<string>> }} Uses
 */

const WIDE = "(min-width: 64rem)";

export class ListView {
  #dialog = element(document, "#list", HTMLDialogElement);
  #button = button("#list-button");
  #search = element(document, "#search", HTMLInputElement);
  #uses;
  /** @type {Head[]} */
  #heads = [];
  #current = "";
  #searches = 0;

  /** @param {Uses} uses */
  constructor(uses) {
    this.#uses = uses;
    this.#button.addEventListener("click", () => this.toggle());
    this.#part("close").addEventListener("click", () => this.close());
    this.#dialog.addEventListener("close", () => (this.#button.ariaExpanded = "false"));
    // A click beside what lies over the page is on the dialog itself.
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && !this.#isWide && this.close());
    this.#search.addEventListener("input", () => void this.#render());
    this.#part("export").addEventListener("click", () => uses.export());
    const file = element(this.#dialog, "[data-part=file]", HTMLInputElement);
    this.#part("import").addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      if (file.files) uses.import(file.files);
      file.value = "";
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  toggle() {
    if (this.isOpen) return this.close();
    if (this.#isWide) this.#dialog.show();
    else this.#dialog.showModal();
    this.#button.ariaExpanded = "true";
  }

  close() {
    this.#dialog.close();
  }

  /** Where it lies over the page, opening a conversation closes it. */
  closeIfOver() {
    if (this.isOpen && !this.#isWide) this.close();
  }

  /**
   * @param {Head[]} heads
   * @param {string} current
   */
  show(heads, current) {
    this.#heads = heads;
    this.#current = current;
    void this.#render();
  }

  /** @param {string} sentence */
  complain(sentence) {
    this.#part("trouble").hidden = false;
    this.#part("trouble").textContent = sentence;
  }

  get #isWide() {
    return matchMedia(WIDE).matches;
  }

  #part(/** @type {string} */ name) {
    return html(`[data-part=${name}]`, this.#dialog);
  }

  async #render() {
    const words = this.#search.value.trim();
    const search = (this.#searches += 1);
    const found = words ? await this.#uses.matching(words) : null;
    if (search !== this.#searches) return;
    const heads = found ? this.#heads.filter(({ id }) => found.has(id)) : this.#heads;
    const held = document.activeElement?.closest("#list li")?.id;
    this.#part("items").replaceChildren(...heads.map((head) => this.#item(head)));
    if (held) document.getElementById(held)?.querySelector("a")?.focus();
    this.#part("nothing").hidden = heads.length > 0;
    this.#part("nothing").textContent = say(words ? "list.no_match" : "list.empty");
  }

  /** @param {Head} head */
  #item(head) {
    const item = copyOf("#item");
    item.id = `item-${head.id}`;
    const title = head.title || say("untitled");
    const link = element(item, "a", HTMLAnchorElement);
    link.href = `#${head.id}`;
    link.textContent = title;
    if (head.id === this.#current) link.ariaCurrent = "page";
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#uses.open(head.id);
    });
    /** @type {Record<string, () => void>} */
    const does = {
      rename: () => this.#rename(item, head),
      export: () => this.#uses.export(head.id),
      remove: () => this.#uses.remove(head),
    };
    for (const control of item.querySelectorAll("[data-action]")) {
      const action = control.getAttribute("data-action") ?? "";
      control.ariaLabel = say("list.act", { action: say(`list.${action}`), title });
      control.addEventListener("click", () => does[action]?.());
    }
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {Head} head
   */
  #rename(item, head) {
    const input = element(item, "input", HTMLInputElement);
    const link = html("a", item);
    const finish = (/** @type {boolean} */ isKept) => {
      if (input.hidden) return;
      input.hidden = true;
      link.hidden = false;
      const title = input.value.trim();
      if (isKept && title && title !== head.title) this.#uses.rename(head.id, title);
      link.focus();
    };
    input.value = head.title;
    input.hidden = false;
    link.hidden = true;
    input.select();
    input.focus();
    input.addEventListener("blur", () => finish(true));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") finish(true);
      if (event.key !== "Escape") return;
      event.preventDefault();
      finish(false);
    });
  }
}
