/**
 * The token that a private chat asks for, sent as `Authorization: Bearer …`.
 *
 * It is kept in the tab's session storage. A browser sends cookies along with what any other site makes it send; this
 * only a script of ours can send, so nobody can ask in its owner's name. It outlives a reload and is gone with the tab.
 */

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

const KEY = "access_token";

export class AccessToken {
  #value = "";
  #storage;

  /** @param {() => Store} storage throws where the browser blocks it */
  constructor(storage) {
    this.#storage = storage;
    this.#ifStored((stored) => (this.#value = stored.getItem(KEY) ?? ""));
  }

  get isKnown() {
    return this.#value !== "";
  }

  /** @param {string} value */
  set(value) {
    this.#value = value;
    this.#ifStored((stored) => stored.setItem(KEY, value));
  }

  forget() {
    this.#value = "";
    this.#ifStored((stored) => stored.removeItem(KEY));
  }

  /**
   * The same `fetch`, with the token, if there is one.
   * @param {typeof fetch} fetcher
   * @returns {typeof fetch}
   */
  authorized(fetcher) {
    return (input, options) => {
      const headers = new Headers(options?.headers);
      if (this.isKnown) headers.set("Authorization", `Bearer ${this.#value}`);
      return fetcher(input, { ...options, headers });
    };
  }

  /** Without storage the token lives as long as the page. */
  #ifStored(/** @type {(storage: Store) => void} */ use) {
    try {
      use(this.#storage());
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
