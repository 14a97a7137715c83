/** The browser's storages. Blocked or full ones keep nothing, and what they should have kept lives as long as the page. */

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Items */

export const ofTab = () => sessionStorage;
export const ofBrowser = () => localStorage;

/** @param {() => Items} storage */
export const kept = (storage, key = "") => allowed(() => storage().getItem(key)) ?? "";

/** What is empty goes. @param {() => Items} storage */
export function keep(storage, key = "", value = "") {
  allowed(() => (value ? storage().setItem(key, value) : storage().removeItem(key)));
}

/** Raises what is not the storage's. @template T @param {() => T} use */
function allowed(use) {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
