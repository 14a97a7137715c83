/** Keeps the end of a growing content in view, for as long as its reader is there. */

/** Fractions of a pixel that zooming leaves between the end and the place a reader scrolled to. */
const SLACK_PIXELS = 2;

export class Following {
  #scroller;
  #onChange;
  #lastTop = 0;
  #isOn = false;

  /**
   * @param {Element} scroller
   * @param {Element} content
   * @param {(isOn: boolean) => void} onChange
   */
  constructor(scroller, content, onChange) {
    this.#scroller = scroller;
    this.#onChange = onChange;
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    // Told of a new size after layout and before paint: following costs no layout of its own.
    const resized = new ResizeObserver(() => this.#isOn && this.#toEnd());
    resized.observe(scroller);
    resized.observe(content);
  }

  /** Goes to the end and stays there. */
  start() {
    this.#set(true);
    this.#toEnd();
  }

  stop() {
    this.#set(false);
  }

  /** Content only grows, so whoever moves up has scrolled, be it by a pixel: being near the end is not staying there. */
  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const isAtEnd = scrollHeight - clientHeight - scrollTop <= SLACK_PIXELS;
    if (isAtEnd) this.#set(true);
    else if (scrollTop < this.#lastTop) this.#set(false);
    this.#lastTop = scrollTop;
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #set(/** @type {boolean} */ isOn) {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    this.#onChange(isOn);
  }
}
