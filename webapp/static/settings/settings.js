/** What its reader has set on the page: kept in this browser, sent along where it differs from the usual. */

import { keep, kept, ofBrowser } from "../page/storage.js";

const KEY = "settings";
export const USUAL = {
  model: "",
  system: "",
  temperature: /** @type {number | null} */ (null),
  max_tokens: /** @type {number | null} */ (null),
  reasoning_effort: "",
  theme: "",
  sendKey: "enter",
};
/** The others are texts. */
export const NUMBERS = ["temperature", "max_tokens"];

export class Settings {
  values = { ...USUAL };
  #storage;

  /** @param {() => import("../page/storage.js").Items} storage */
  constructor(storage = ofBrowser) {
    this.#storage = storage;
    this.#adopt(kept(storage, KEY));
  }

  /** @param {Partial<typeof USUAL>} change */
  set(change) {
    Object.assign(this.values, change);
    keep(this.#storage, KEY, JSON.stringify(this.values));
  }

  /** The fields of a request that are set. @param {{ temperature: number, tokens: number }} most what the app takes */
  fields(most) {
    const { temperature, max_tokens, reasoning_effort } = this.values;
    return {
      ...(temperature !== null && { temperature: Math.min(Math.max(temperature, 0), most.temperature) }),
      ...(max_tokens !== null && { max_tokens: Math.min(Math.max(Math.round(max_tokens), 1), most.tokens) }),
      ...(reasoning_effort && { reasoning_effort }),
    };
  }

  /** Somebody else may have written it. */
  #adopt(stored = "") {
    try {
      const values = JSON.parse(stored || "{}");
      for (const name of Object.keys(USUAL)) {
        const isOfKind = NUMBERS.includes(name) ? Number.isFinite(values[name]) : typeof values[name] === "string";
        if (isOfKind) Object.assign(this.values, { [name]: values[name] });
      }
    } catch {
      // Not JSON: the usual then.
    }
  }
}
