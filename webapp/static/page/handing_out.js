/** What the page hands out: files, and text for the clipboard. */

/** @param {BlobPart} content */
export function save(name = "", type = "", content) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([content], { type }));
	link.download = name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, " ").trim();
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Whether the browser let it. Plain http has no clipboard, but what is selected can be copied. */
export async function isCopied(text = "") {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const { activeElement } = document;
		const box = Object.assign(document.createElement("textarea"), { value: text });
		// What lies under a dialog cannot be selected.
		(document.querySelector("dialog:modal") ?? document.body).append(box);
		box.select();
		const isDone = document.execCommand("copy");
		box.remove();
		if (activeElement instanceof HTMLElement) activeElement.focus();
		return isDone;
	}
}
