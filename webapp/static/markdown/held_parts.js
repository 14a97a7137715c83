/** One block that grows for long: those of its rows, items or lines that no further text can change are read once. */

/** The last may grow, and the one before it may turn out to go on. */
const UNHELD = 2;
const OPENING = /^ {0,3}(?:`{3,}|~{3,})[^\n]*\n/;

/** The first lines of a text, each with its end. */
const lines = (text = "", count = 0) => text.split("\n", count).map((line) => `${line}\n`).join("");
const rawOf = (/** @type {Token[]} */ tokens) => tokens.map(({ raw }) => raw).join("");

/** What is closed of a block, how that is written, and what has to stand before the rest for it to be one. @type {Record<string, (token: any) => Closed>} */
const CLOSED = {
	list({ items }) {
		const parts = items.slice(0, -UNHELD);
		return { parts, head: "", raw: rawOf(parts) };
	},
	table({ rows, raw }) {
		const parts = rows.slice(0, -UNHELD);
		const head = lines(raw, 2);
		return { parts, head, raw: lines(raw.slice(head.length), parts.length) };
	},
	code({ text, raw }) {
		const head = OPENING.exec(raw)?.[0] ?? raw;
		// The end of the fence, and the line break behind it, may be among these; the one before it is no text.
		const count = raw.slice(head.length).split("\n").length - UNHELD - 1;
		return { parts: count > 0 ? [lines(text, count)] : [], head, raw: lines(raw.slice(head.length), Math.max(0, count)) };
	},
};

/** The block with what was closed before. @type {Record<string, (token: any, parts: any[]) => Token>} */
const WHOLE = {
	list: (token, parts) => ({ ...token, items: [...parts, ...token.items] }),
	table: (token, parts) => ({ ...token, rows: [...parts, ...token.rows] }),
	code: (token, parts) => ({ ...token, text: parts.join("") + token.text }),
};

export function heldParts() {
	/** @type {Token[]} what stands before the block */
	let before = [];
	/** @type {Token | null} the block as it was first read */
	let block = null;
	/** @type {any[]} */
	let parts = [];
	let head = "";
	let length = 0;

	return {
		isEmpty: () => block === null,

		/** What of a text has to be read. */
		rest: (text = "") => head + text.slice(length),

		/** What the text reads as, from what its rest reads as; null where that is another block. @param {Token[]} tokens */
		joined(tokens, text = "") {
			const [first, ...others] = tokens;
			if (block === null) return tokens;
			if (first?.type !== block.type || !fits(first, block)) return null;
			const whole = WHOLE[first.type]?.(first, parts) ?? first;
			const raw = text.slice(rawOf(before).length, length) + first.raw.slice(head.length);
			return [...before, { ...whole, start: block["start"], raw }, ...others];
		},

		/** Hold what is closed of the block that grows. @param {Token[]} tokens what the rest reads as */
		hold(tokens, text = "") {
			const at = tokens.findLastIndex(({ type }) => type !== "space");
			const token = tokens[at];
			const closed = token && CLOSED[token.type]?.(token);
			if (!closed || closed.parts.length === 0 || (block !== null && at > 0)) return;
			// What makes it loose may turn out to be no item at all.
			if (block === null && token["loose"] && !closed.parts.some(isLoose)) return;
			const raw = block === null ? rawOf(tokens.slice(0, at)) + closed.head + closed.raw : closed.raw;
			// Where marked joined or trimmed lines, the text says otherwise.
			if (!text.startsWith(raw, length)) return;
			if (block === null) before = tokens.slice(0, at);
			block ??= token;
			({ head } = closed);
			length += raw.length;
			parts = token.type === "code" ? [parts.join("") + closed.parts[0]] : parts.concat(closed.parts);
		},

		release() {
			before = parts = [];
			block = null;
			head = "";
			length = 0;
		},
	};
}

/** Whether an item that others follow makes its list loose. @param {Token} item */
function isLoose({ raw, tokens = [] }) {
	return /\n[ \t]*\n[ \t]*$/.test(raw) || tokens.some((inner) => inner.type === "space" && /\n.*\n/.test(inner.raw));
}

/** One loose item makes all of them so, those that were closed before too. @param {Token} token @param {Token} block */
function fits(token, block) {
	if (token.type !== "list" || token["loose"] === block["loose"]) return true;
	const { items } = token;
	if (!block["loose"] || items.some((/** @type {Token} */ { task }) => task)) return false;
	for (const item of items) for (const inner of item.tokens) if (inner.type === "text") inner.type = "paragraph";
	return true;
}
