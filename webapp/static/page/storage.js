/** The browser's storages. Blocked or full ones keep nothing. */

export const ofTab = () => sessionStorage;
export const ofBrowser = () => localStorage;

/** @param {() => Storage} storage */
export const kept = (storage, key = "") => allowed(() => storage().getItem(key)) ?? "";

/** What is empty goes. @param {() => Storage} storage */
export const keep = (storage, key = "", value = "") =>
	allowed(() => (value ? storage().setItem(key, value) : storage().removeItem(key)));

/** Raises what is not the storage's. @template T @param {() => T} use */
function allowed(use) {
	try {
		return use();
	} catch (error) {
		if (!(error instanceof DOMException)) throw error;
	}
}
