/** The result of a race as a picture to share: two bars on one scale of seconds. */

import { say, seconds } from "../words/words.js";

const [WIDTH, HEIGHT, EDGE] = [1200, 630, 64];
const PROMPT_CHARACTERS = 70;

/**
 * @param {import("../turns/turns.js").Answer[]} results blocking, streaming
 * @param {string} prompt
 * @returns {Promise<Blob>} a PNG in the colours of the page
 */
export function picture(results, prompt) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const write = (/** @type {string} */ text, /** @type {number} */ y, size = 28, ink = "ink", weight = 400) => {
    pen.font = `${weight} ${size}px ${style.fontFamily}`;
    pen.fillStyle = colour(ink);
    pen.fillText(text, EDGE, y, WIDTH - 2 * EDGE);
  };
  pen.fillStyle = colour("paper");
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  write("First Token", 104, 44, "ink", 700);
  const asked = prompt.trim().replace(/\s+/g, " ");
  write(asked.length > PROMPT_CHARACTERS ? `${asked.slice(0, PROMPT_CHARACTERS)} …` : asked, 156, 28, "faint");
  const slowest = Math.max(...results.map((answer) => answer.seconds(0)));
  results.forEach((answer, index) => {
    const top = 250 + index * 170;
    const first = answer.firstTextSeconds ?? 0;
    const length = (/** @type {number} */ time) => ((WIDTH - 2 * EDGE) * time) / slowest;
    write(say(index === 0 ? "race.blocking" : "race.streaming"), top, 32, "ink", 600);
    pen.fillStyle = colour("line");
    pen.fillRect(EDGE, top + 20, length(first), 36);
    pen.fillStyle = colour("accent");
    pen.fillRect(EDGE + length(first), top + 20, Math.max(4, length(answer.seconds(0) - first)), 36);
    write(`${say("race.first")} ${seconds(first)} · ${say("race.total")} ${seconds(answer.seconds(0))}`, top + 96, 26, "faint");
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}
