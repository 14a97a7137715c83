/** One question and its answer on the page. What a reader does with them bubbles up as an `act` event. */

import { markdownView } from "../markdown/markdown_view.js";
import { countdownButton } from "../page/countdown_button.js";
import { button, copyOf, element, fit, html, onActions, part } from "../page/elements.js";
import { figures, rate } from "../words/figures.js";
import { notice } from "../words/notice.js";
import { say } from "../words/words.js";
import { thinkingView } from "./thinking_view.js";

/** @param {Turn} turn @param {Conversation} conversation where it has its alternatives */
export function turnView(turn, conversation) {
	const root = copyOf("#turn");
	const { question, reply } = turn;
	const { answer } = reply;
	const article = html(".answer", root);
	const of = (name = "") => part(name, root);
	/** @type {Doing} */
	const act = (does, more = {}) => root.dispatchEvent(new CustomEvent("act", { bubbles: true, detail: { does, turn, ...more } }));
	const again = countdownButton(button("[data-part=action]", root), () => act("again"));
	const thinking = thinkingView(of("thinking"));
	let text = markdownView(of("text"), say);
	of("question").textContent = question.text;
	listen(root, turn, act);

	/** @type {TurnView} */
	const view = {
		turn,
		root,
		isDrawn: answer.text === "",
		draw() {
			if (!view.isDrawn) text.show(answer.text);
			view.isDrawn = true;
		},
		take(object, at) {
			if (object.type === "reasoning") thinking.append(object.text);
			if (object.type === "delta") text.append(object.text);
			if (article.dataset["state"] === "waiting") view.render(at);
		},
		begin(at) {
			view.draw();
			if (answer.text === "" && text.source() !== "") text = markdownView(of("text"), say);
			if (answer.reasoning === "") thinking.clear();
			view.render(at);
		},
		render(at) {
			article.dataset["state"] = answer.ending ? "ended" : answer.text === "" ? "waiting" : "writing";
			article.ariaBusy = String(!answer.ending);
			if (answer.ending) text.finish();
			thinking.render(answer, at);
			of("figures").textContent = figures(answer, at);
			of("rate").textContent = rate(answer, at);
			renderShare(of("share"), answer, at);
			if (answer.ending) renderNotice();
			for (const kind of /** @type {const} */ (["question", "reply"])) renderLeaf(kind);
		},
		warn(sentence) {
			of("notice").hidden = sentence === "";
			of("notice").dataset["tone"] = "calm";
			of("sentence").textContent = sentence;
			of("fineprint").textContent = "";
			view.retire();
		},
		retire() {
			again.hide();
			of("other").hidden = true;
		},
		remove() {
			again.hide();
			root.remove();
		},
	};
	return view;

	function renderNotice() {
		const shown = notice(answer);
		view.warn(shown?.sentence ?? "");
		if (!shown) return;
		of("notice").dataset["tone"] = shown.tone;
		of("fineprint").textContent = shown.fineprint;
		for (const action of shown.actions) {
			if (action === "retry" || action === "continue") again.show(say(action), shown.waitSeconds);
			else Object.assign(of("other"), { textContent: say(action), hidden: false, onclick: () => act(action) });
		}
	}

	/** @param {"question" | "reply"} kind */
	function renderLeaf(kind) {
		const all = conversation.alternatives(turn[kind]);
		const leaf = of(`${kind}-leaf`);
		leaf.hidden = all.length < 2;
		if (leaf.hidden) return;
		const n = all.findIndex(({ id }) => id === turn[kind].id) + 1;
		html("span", leaf).textContent = `${n}/${all.length}`;
		for (const [control, by] of /** @type {const} */ ([["button", -1], ["button:last-child", 1]])) {
			const isEnd = n + by < 1 || n + by > all.length;
			Object.assign(html(control, leaf), { ariaDisabled: String(isEnd), onclick: () => isEnd || act("leaf", { of: kind, by }) });
		}
	}
}

/** The longer the pale part, the longer the page said nothing. @param {HTMLElement} bar @param {Answer} answer */
function renderShare({ style }, answer, at = 0) {
	const { firstSeconds, firstTextSeconds: first } = answer;
	const share = (moment = Infinity) => `${Math.min(1, moment / answer.seconds(at)) * 100}%`;
	style.setProperty("--waited", share(firstSeconds));
	style.setProperty("--thought", share(first ?? undefined));
}

/** @param {HTMLElement} root @param {Turn} turn @param {Doing} act */
function listen(root, { question, reply }, act) {
	const form = element("form", HTMLFormElement, root);
	const box = element("textarea", HTMLTextAreaElement, form);
	// Instead of the question a box with its text, or back.
	const edit = (isEditing = false) => {
		for (const name of ["question", "question-actions"]) part(name, root).hidden = isEditing;
		form.hidden = !isEditing;
		if (!isEditing) return html("[data-action=edit]", root).focus();
		box.value = question.text;
		fit(box);
		box.focus();
	};
	onActions(root, {
		edit: () => edit(true),
		copyQuestion: () => act("copy", { text: question.text }),
		copyAnswer: () => act("copy", { text: reply.answer.text }),
		regenerate: () => act("regenerate"),
		remove: () => act("remove"),
	});
	box.oninput = () => fit(box);
	part("cancel", form).onclick = () => edit();
	form.onkeydown = ({ isComposing, key, ctrlKey, metaKey }) => {
		if (isComposing) return;
		if (key === "Escape") edit();
		if (key === "Enter" && (ctrlKey || metaKey)) form.requestSubmit();
	};
	form.onsubmit = (event) => {
		event.preventDefault();
		if (box.value.trim() !== "") act("edit", { text: box.value });
	};
}
