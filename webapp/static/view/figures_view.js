/** The page of a conversation's figures: a row for each answer, their medians below. */

import { element, html } from "../page/elements.js";
import { median, row, rowInWords } from "../words/figures.js";
import { say } from "../words/words.js";

/** @typedef {import("../turns/conversation.js").Turn} Turn */

export class FiguresView {
  #dialog = element(document, "#figures", HTMLDialogElement);

  /** @param {(text: string) => void} copy */
  constructor(copy) {
    this.#part("copy").addEventListener("click", () => copy(this.#asMarkdown()));
  }

  /** @param {Turn[]} turns */
  open(turns) {
    const ended = turns.filter(({ reply }) => reply.answer.ending);
    const rows = ended.map(({ reply }) => row(reply.answer));
    const columns = (rows[0] ?? []).map((_, index) => rows.map((each) => each[index] ?? null));
    this.#part("rows").replaceChildren(
      ...ended.map(({ question, reply }, index) =>
        line([question.text.slice(0, 200), reply.answer.model || "–", ...rowInWords(rows[index] ?? [])]),
      ),
    );
    const medians = rowInWords(columns.map(median));
    this.#part("summary").replaceChildren(...(rows.length > 1 ? [line([say("figures.median"), "", ...medians])] : []));
    this.#part("none").hidden = rows.length > 0;
    this.#part("copy").hidden = rows.length === 0;
    html(".scroller", this.#dialog).hidden = rows.length === 0;
    this.#dialog.showModal();
  }

  #part(/** @type {string} */ name) {
    return html(`[data-part=${name}]`, this.#dialog);
  }

  #asMarkdown() {
    const rows = [...this.#dialog.querySelectorAll("tr")].map(({ cells }) =>
      [...cells].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|")),
    );
    rows.splice(1, 0, (rows[0] ?? []).map(() => "---"));
    return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }
}

/** @param {string[]} values */
function line([name = "", ...values]) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.dir = "auto";
  head.textContent = name;
  row.append(head);
  for (const value of values) row.insertCell().textContent = value;
  return row;
}
