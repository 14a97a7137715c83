/** What its reader has set on the page: kept in this browser, sent along where it differs from the usual. */

/** @typedef {{ model: string, system: string, temperature: number | null, max_tokens: number | null,
 *   reasoning_effort: string, theme: "" | "light" | "dark", sendKey: "enter" | "ctrl", list: boolean }} Values */

const KEY = "settings";

/** @type {Values} */
export const USUAL = {
  model: "",
  system: "",
  temperature: null,
  max_tokens: null,
  reasoning_effort: "",
  theme: "",
  sendKey: "enter",
  list: false,
};

export class Settings {
  values = { ...USUAL };
  #storage;

  /** @param {() => Pick<Storage, "getItem" | "setItem">} storage throws where the browser blocks it */
  constructor(storage = () => localStorage) {
    this.#storage = storage;
    try {
      this.#adopt(JSON.parse(storage().getItem(KEY) ?? "{}"));
    } catch {
      // Blocked, or written by something else: the usual then.
    }
  }

  /** @param {Partial<Values>} change */
  set(change) {
    Object.assign(this.values, change);
    try {
      this.#storage().setItem(KEY, JSON.stringify(this.values));
    } catch {
      // Blocked or full: it holds for as long as the page.
    }
  }

  /**
   * The fields of a request that these settings change.
   * @param {{ temperature: number, tokens: number }} most what the app takes
   */
  fields(most) {
    const { temperature, max_tokens, reasoning_effort } = this.values;
    return {
      ...(temperature === null ? {} : { temperature: Math.min(Math.max(temperature, 0), most.temperature) }),
      ...(max_tokens === null ? {} : { max_tokens: Math.min(Math.max(Math.round(max_tokens), 1), most.tokens) }),
      ...(reasoning_effort === "" ? {} : { reasoning_effort }),
    };
  }

  /** @param {any} stored */
  #adopt(stored) {
    for (const [name, usual] of Object.entries(USUAL)) {
      const value = stored?.[name];
      const isOfKind = usual === null ? typeof value === "number" && Number.isFinite(value) : typeof value === typeof usual;
      if (isOfKind) Object.assign(this.values, { [name]: value });
    }
  }
}
