/** What replaces the text it was made from: highlighted code, typeset formulas; and the copying of code. */

import { isCopied } from "../page/handing_out.js";

/** Highlighting longer code would hold up the page for longer than a frame. */
const LONGEST_HIGHLIGHTED = 20_000;
const LONGEST_FORMULA = 5_000;
const THANKS_MILLISECONDS = 2_000;
const BEYOND_A_FORMULA = "a, img, script, style, iframe, svg, [href], [src]";

const LANGUAGES = new Map(
	`asm nasm assembly; bash sh shell zsh console shell-session; c h cpp c++ cc hpp; css scss; csv; diff patch; docker dockerfile;
	git; go golang; html xhtml vue svelte jinja jinja2; http; ini cfg properties dotenv env; java; js javascript jsx mjs cjs node;
	json jsonc json5 ndjson jsonl; log; lua; make makefile mk; md markdown; pl perl; py python python3 py3; regex regexp; rs rust;
	sql postgresql mysql sqlite plpgsql; toml; ts typescript tsx; uri url; xml svg xsd xslt plist; yaml yml`
		.split(/;\s*/)
		.flatMap((names) => names.split(" ").map((name, _, [first = ""]) => /** @type {const} */ ([name, first]))),
);

const { href } = new URL("../vendor/temml/temml.css", import.meta.url);
const MATH_STYLES = Object.assign(document.createElement("link"), { rel: "stylesheet", href });

/** Where no library comes, the text stays. @param {Say} say @returns {Draw} */
export function drawWith(say) {
	return (element, drawing) => {
		if (drawing.kind === "copy") copyOnClick(element, say);
		else (drawing.kind === "code" ? highlight : typeset)(element, drawing).catch(() => {});
	};
}

/** @param {HTMLElement} element @param {Drawing} drawing */
async function highlight(element, { text = "", option = "" }) {
	const language = LANGUAGES.get(option.toLowerCase());
	if (language === undefined || text.length > LONGEST_HIGHLIGHTED) return;
	const { tokenize } = await import("../vendor/speed-highlight/index.js");
	const parts = new DocumentFragment();
	await tokenize(text, language, (textContent, kind) => {
		if (textContent === "") return;
		parts.append(kind ? Object.assign(document.createElement("span"), { className: `token-${kind}`, textContent }) : textContent);
	});
	if (parts.textContent === text) element.replaceChildren(parts);
}

/** @param {HTMLElement} element @param {Drawing} drawing */
async function typeset(element, { text = "", option }) {
	if (text.length > LONGEST_FORMULA) return;
	const { default: temml } = await import("../vendor/temml/temml.js");
	if (!MATH_STYLES.isConnected) document.head.append(MATH_STYLES);
	const formula = document.createElement("span");
	temml.render(text, formula, { displayMode: option === "display", throwOnError: true, trust: false, maxSize: [10, 100] });
	if (formula.querySelector(BEYOND_A_FORMULA)) return;
	// \label would take the name of a part of the page.
	for (const named of formula.querySelectorAll("[id]")) named.removeAttribute("id");
	element.replaceChildren(...formula.childNodes);
}

/** @param {HTMLElement} button @param {Say} say */
function copyOnClick(button, say) {
	button.textContent = say("copy");
	button.onclick = async () => {
		const code = button.closest(".code")?.querySelector("code");
		if (!(await isCopied(code?.textContent ?? ""))) return;
		button.textContent = say("copied");
		setTimeout(() => (button.textContent = say("copy")), THANKS_MILLISECONDS);
	};
}
