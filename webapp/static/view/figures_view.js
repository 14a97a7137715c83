/** The figures of a conversation: a row for each answer, medians below. */

import { element, html, part, tableRow } from "../page/elements.js";
import { median, row, rowInWords } from "../words/figures.js";
import { say } from "../words/words.js";

const QUESTION_CHARACTERS = 200;
const dialog = element("#figures", HTMLDialogElement);

/** @param {Turn[]} turns */
export function showFigures(turns) {
	const ended = turns.filter(({ reply }) => reply.answer.ending);
	const rows = ended.map(({ reply }) => row(reply.answer));
	const lines = ended.map(({ question, reply }, at) =>
		tableRow([question.text.slice(0, QUESTION_CHARACTERS), reply.answer.model || "–", ...rowInWords(rows[at] ?? [])]),
	);
	const medians = (rows[0] ?? []).map((_, column) => median(rows.map((each) => each[column] ?? null)));
	part("rows", dialog).replaceChildren(...lines);
	part("summary", dialog).replaceChildren(...(rows.length > 1 ? [tableRow([say("figures.median"), "", ...rowInWords(medians)])] : []));
	part("none", dialog).hidden = rows.length > 0;
	part("copy", dialog).hidden = html(".scroller", dialog).hidden = rows.length === 0;
	dialog.showModal();
}

export function figuresAsMarkdown() {
	const rows = [...dialog.querySelectorAll("tr")].map(({ cells }) =>
		[...cells].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|")),
	);
	rows.splice(1, 0, (rows[0] ?? []).map(() => "---"));
	return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
