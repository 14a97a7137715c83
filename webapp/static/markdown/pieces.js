/** Long text in pieces: a browser lays out a paragraph as one, in a time that grows faster than its length. */

/** One megabyte of Arabic and Latin in one paragraph takes 42 s; a piece of this length 10 ms. */
const LONGEST_PIECE = 4_000;
const SHORTEST_PIECE = 3_000;
const HIGH_SURROGATE = /[\ud800-\udbff]$/;

/** Each cut depends on what stands before it alone, so that a text that grows keeps the pieces that it has. */
export function pieces(text = "") {
	const found = [];
	let at = 0;
	while (text.length - at > LONGEST_PIECE) {
		const piece = text.slice(at, at + LONGEST_PIECE);
		const end = cut(piece);
		found.push(piece.slice(0, end));
		at += end;
	}
	return [...found, text.slice(at)];
}

function cut(piece = "") {
	const last = piece.slice(SHORTEST_PIECE);
	const at = last.lastIndexOf("\n") + 1 || last.search(/\s(?=\S*$)/) + 1;
	if (at > 0) return SHORTEST_PIECE + at;
	return HIGH_SURROGATE.test(piece) ? piece.length - 1 : piece.length;
}
