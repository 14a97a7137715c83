/** The race: one prompt, sent twice at the same moment. */

import { accessForm } from "./composer/access.js";
import { button, element, facts, fit, hideAndPassFocus, html, part, tableRow } from "./page/elements.js";
import { save } from "./page/handing_out.js";
import { isEnter } from "./page/keyboard.js";
import { status } from "./page/notes.js";
import { blocking, run, streaming } from "./race/lane.js";
import { picture } from "./race/picture.js";
import { isDenied } from "./turns/messages.js";
import { number, say, seconds, speak } from "./words/words.js";

const { words, language } = facts();
speak(words, language);

const form = element("#start", HTMLFormElement);
const prompt = element("#prompt", HTMLTextAreaElement);
const [sending, stopping, result] = [button("#send"), html("#stop"), html("#result")];
const access = accessForm(() => prompt.focus());
const LANES = Object.entries({ blocking, streaming });
let hangUp = new AbortController();

async function race() {
	hangUp = new AbortController();
	setRunning(true);
	const question = { messages: [{ role: /** @type {const} */ ("user"), content: prompt.value }] };
	const results = await Promise.all(LANES.map(([id, ask]) => run(html(`#${id}`), ask(question, hangUp.signal, access.fetch))));
	setRunning(false);
	if (results.some(isDenied)) access.denied();
	if (results.every(({ ending, hasText }) => ending?.type === "done" && hasText)) showResult(results);
}

function setRunning(isOn = false) {
	const [shown, hidden] = isOn ? [stopping, sending] : [sending, stopping];
	prompt.readOnly = isOn;
	shown.hidden = false;
	hideAndPassFocus(hidden, shown);
	status(isOn ? say("race.running") : "");
	if (isOn) result.hidden = true;
}

/** @param {Answer[]} results */
function showResult(results) {
	const rows = results.map((answer, index) => [
		html(`#${LANES[index]?.[0]} h3`).textContent ?? "",
		seconds(answer.firstTextSeconds ?? 0),
		seconds(answer.seconds(0)),
		answer.completionTokens ? number(answer.completionTokens) : "–",
	]);
	part("rows").replaceChildren(...rows.map(tableRow));
	const [whole = "", flowing = ""] = rows.map(([, first = ""]) => first);
	const sentence = say("race.over", { blocking: whole, streaming: flowing });
	part("sentence", result).textContent = sentence;
	status(sentence);
	result.hidden = false;
	result.scrollIntoView({ block: "nearest" });
	button("#picture").onclick = async () => save("race.png", "image/png", await picture(results, prompt.value));
}

form.onsubmit = (event) => {
	event.preventDefault();
	if (stopping.hidden && prompt.value.trim() !== "") void race();
};
prompt.oninput = () => fit(prompt);
prompt.onkeydown = (event) => {
	if (!isEnter(event)) return;
	event.preventDefault();
	form.requestSubmit();
};
stopping.onclick = ({ detail }) => detail < 2 && hangUp.abort();
document.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && hangUp.abort());
fit(prompt);
sending.disabled = false;
