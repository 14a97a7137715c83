/** The button over a block of code that copies it. */

/** @typedef {{ copy: string, copied: string }} Strings */

const THANKS_MILLISECONDS = 2_000;

/**
 * @param {HTMLElement} root
 * @param {Strings} strings
 */
export function copyOnClick(root, strings) {
  root.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest("button.copy") : null;
    const code = button?.closest(".code")?.querySelector("code");
    if (!button || !code || !(await copied(code))) return;
    button.textContent = strings.copied;
    setTimeout(() => (button.textContent = strings.copy), THANKS_MILLISECONDS);
  });
}

/** @param {Element} code */
async function copied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    // Plain http has no clipboard; a selection can still be copied.
    getSelection()?.selectAllChildren(code);
    return document.execCommand("copy");
  }
}
