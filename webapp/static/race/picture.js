/** The result of a race as a picture to share: two bars on one scale of seconds. */

import { titleOf } from "../turns/conversation.js";
import { say, seconds } from "../words/words.js";

const [WIDTH, HEIGHT, EDGE] = [1200, 630, 64];

/** @param {Answer[]} results blocking, streaming @returns {Promise<Blob>} a PNG in the colours of the page */
export function picture(results, prompt = "") {
	const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
	const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
	const { style } = document.documentElement;
	const shown = getComputedStyle(document.documentElement);
	const dip = (ink = "") => {
		// Only a property that is a colour says which of a pair holds.
		style.accentColor = `var(--${ink})`;
		pen.fillStyle = shown.accentColor;
	};
	const write = (text = "", y = 0, size = 28, ink = "ink", weight = 400) => {
		dip(ink);
		pen.font = `${weight} ${size}px ${shown.fontFamily}`;
		pen.fillText(text, EDGE, y, WIDTH - 2 * EDGE);
	};
	const fill = (ink = "", x = 0, y = 0, width = 0, height = 36) => {
		dip(ink);
		pen.fillRect(x, y, width, height);
	};
	fill("paper", 0, 0, WIDTH, HEIGHT);
	write("First Token", 104, 44, "ink", 700);
	write(titleOf(prompt), 156, 28, "faint");
	const slowest = Math.max(...results.map((answer) => answer.seconds()));
	results.forEach((answer, index) => {
		const y = 250 + index * 170;
		const first = answer.firstTextSeconds ?? 0;
		const total = answer.seconds();
		const length = (time = 0) => ((WIDTH - 2 * EDGE) * time) / slowest;
		write(say(index === 0 ? "race.blocking" : "race.streaming"), y, 32, "ink", 600);
		fill("line", EDGE, y + 20, length(first));
		fill("accent", EDGE + length(first), y + 20, Math.max(4, length(total - first)));
		write(`${say("race.first")} ${seconds(first)} · ${say("race.total")} ${seconds(total)}`, y + 96, 26, "faint");
	});
	style.accentColor = "";
	return canvas.convertToBlob();
}
