/**
 * The token that a private chat asks for, sent as `Authorization: Bearer …` and kept for the tab. A browser sends cookies
 * along with what any other site makes it send; this only a script of ours can send, so nobody can ask in its owner's name.
 */

import { keep, kept, ofTab } from "../page/storage.js";

const KEY = "access_token";

export class AccessToken {
  #value;
  #storage;

  /** @param {() => import("../page/storage.js").Items} storage */
  constructor(storage = ofTab) {
    this.#storage = storage;
    this.#value = kept(storage, KEY);
  }

  get isKnown() {
    return this.#value !== "";
  }

  set(value = "") {
    this.#value = value;
    keep(this.#storage, KEY, value);
  }

  forget() {
    this.set("");
  }

  /** The same `fetch`, with the token, if there is one. @param {typeof fetch} fetcher @returns {typeof fetch} */
  authorized(fetcher) {
    return (input, options) => {
      const headers = new Headers(options?.headers);
      if (this.isKnown) headers.set("Authorization", `Bearer ${this.#value}`);
      return fetcher(input, { ...options, headers });
    };
  }
}
