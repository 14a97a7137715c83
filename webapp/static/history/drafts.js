/**
 * What was typed and not sent, for each conversation: it survives a reload, and the tab.
 *
 * The tab's own storage comes first, so that two tabs do not overwrite what is typed in the other; the browser's is
 * for the day after a crash.
 */

const PREFIX = "draft:";

export class Drafts {
  /** @param {string} conversation empty for a chat that has not begun */
  of(conversation) {
    return read(() => sessionStorage, conversation) ?? read(() => localStorage, conversation) ?? "";
  }

  /** @param {string} conversation @param {string} text */
  set(conversation, text) {
    for (const storage of [() => sessionStorage, () => localStorage]) {
      try {
        if (text) storage().setItem(PREFIX + conversation, text);
        else storage().removeItem(PREFIX + conversation);
      } catch {
        // Blocked or full: the draft lives as long as the page.
      }
    }
  }
}

/** @param {() => Storage} storage @param {string} conversation */
function read(storage, conversation) {
  try {
    return storage().getItem(PREFIX + conversation);
  } catch {
    return null;
  }
}
