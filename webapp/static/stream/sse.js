/**
 * Server-sent events from the bytes of a response: chunks, lines, events, by the HTML Living Standard, 9.2. A chunk of the
 * network may end within a character, a line or an event.
 */

/** The server sent what no reader of this stream could make sense of. */
export class NotUnderstood extends Error {}

/** Most in one line, and in the data of one event: a server gone mad must not eat the tab's memory. */
const MOST_CHARACTERS = 1024 * 1024;

/**
 * Leaving the loop early closes the connection. A reader instead of `for await (… of body)`, which Safari does not have.
 * @param {ReadableStream<Uint8Array>} body
 */
export async function* chunks(body, heard = () => {}) {
	const reader = body.getReader();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			heard();
			yield value;
		}
	} finally {
		await reader.cancel();
	}
}

/**
 * Lines end with CR, LF or CRLF, and no other (9.2.5; U+2028 is text). An unfinished last one is dropped with its event (9.2.6).
 * @param {AsyncIterable<Uint8Array>} chunks
 */
export async function* lines(chunks, mostCharacters = MOST_CHARACTERS) {
	// "UTF-8 decode" (9.2.6) drops one byte order mark and turns wrong bytes into U+FFFD: the decoder's defaults.
	const decoder = new TextDecoder();
	let unfinished = "";
	let afterCR = false;
	for await (const chunk of chunks) {
		let text = decoder.decode(chunk, { stream: true });
		if (text === "") continue; // an empty chunk, or the first bytes of a character: a CR still waits for its LF
		// The CR has ended its line already: waiting for its LF would hold back a whole event.
		if (afterCR && text.startsWith("\n")) text = text.slice(1);
		afterCR = text.endsWith("\r");
		// Only what has just come is searched, so that a long line in small chunks costs linear time.
		const pieces = text.split(/\r\n|\r|\n/);
		pieces[0] = unfinished + pieces[0];
		unfinished = pieces.at(-1) ?? "";
		for (const piece of pieces) bound("line", piece.length, mostCharacters);
		yield* pieces.slice(0, -1);
	}
}

/**
 * Events that carry data. `id` and `retry` serve reconnection: a paid answer is never asked for twice unasked.
 * @param {AsyncIterable<string>} lines
 */
export async function* events(lines, mostCharacters = MOST_CHARACTERS) {
	let type = "";
	/** @type {string[]} */
	let data = [];
	let characters = 0;
	for await (const line of lines) {
		if (line === "") {
			// An event without data is none, whatever its type; `data:` alone is one with empty data (9.2.6, dispatch).
			if (data.length > 0) yield { type: type || "message", data: data.join("\n") };
			type = "";
			data = [];
			characters = 0;
			continue;
		}
		const [name, value] = field(line);
		if (name === "event") type = value;
		if (name !== "data") continue;
		characters += value.length + 1;
		bound("event", characters, mostCharacters);
		data.push(value);
	}
}

/** One space after the colon is syntax; any other is the word's (9.2.6). @returns {[name: string, value: string]} */
function field(line = "") {
	const colon = line.indexOf(":");
	if (colon === -1) return [line, ""];
	return [line.slice(0, colon), line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1)];
}

function bound(what = "", characters = 0, most = 0) {
	if (characters > most) throw new NotUnderstood(`${what}: at most ${most} characters, got ${characters}`);
}
