/** The race: one prompt, sent twice at the same moment; what its watcher does, and what that sets going. */

import { AccessForm } from "./composer/access_form.js";
import { AccessToken } from "./composer/access_token.js";
import { button, element, facts, fit, hideAndPassFocus, html } from "./page/elements.js";
import { save } from "./page/files.js";
import { Lane } from "./race/lane.js";
import { picture } from "./race/picture.js";
import { blocking, streaming } from "./race/racers.js";
import { number, say, seconds, speak } from "./words/words.js";

const { words, language } = facts();
speak(words, language);

const form = element(document, "#start", HTMLFormElement);
const prompt = element(document, "#prompt", HTMLTextAreaElement);
const token = new AccessToken(() => sessionStorage);
const access = new AccessForm(element(document, "#access", HTMLFormElement), token, () => prompt.focus());
const lanes = [new Lane(html("#blocking"), blocking), new Lane(html("#streaming"), streaming)];
let hangUp = new AbortController();

/** Both leave at once, and the table waits for the slower one. */
async function race() {
  hangUp = new AbortController();
  setRunning(true);
  const question = { messages: [{ role: /** @type {const} */ ("user"), content: prompt.value }] };
  const results = await Promise.all(lanes.map((lane) => lane.run(question, hangUp.signal, token.authorized(fetch))));
  setRunning(false);
  if (results.some(({ ending }) => ending?.type === "error" && ending.code === "access_denied")) access.denied();
  showResult(results);
}

/** @param {boolean} isOn */
function setRunning(isOn) {
  prompt.readOnly = isOn;
  html(isOn ? "#stop" : "#send").hidden = false;
  hideAndPassFocus(html(isOn ? "#send" : "#stop"), html(isOn ? "#stop" : "#send"));
  if (!isOn) return;
  html("#result").hidden = true;
  html("#status").textContent = say("race.running");
}

/** @param {import("./turns/turns.js").Answer[]} results */
function showResult(results) {
  if (results.some(({ firstTextSeconds }) => firstTextSeconds === null)) return;
  html("[data-part=rows]").replaceChildren(...results.map((answer, index) => row(lanes[index]?.name ?? "", answer)));
  const [whole, flowing] = results.map(({ firstTextSeconds }) => seconds(firstTextSeconds ?? 0));
  const sentence = say("race.over", { blocking: whole ?? "", streaming: flowing ?? "" });
  html("#result [data-part=sentence]").textContent = sentence;
  html("#status").textContent = sentence;
  html("#result").hidden = false;
  html("#result").scrollIntoView({ block: "nearest" });
  button("#picture").onclick = async () => save("race.png", "image/png", await picture(results, prompt.value));
}

/** @param {string} name @param {import("./turns/turns.js").Answer} answer */
function row(name, answer) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  line.append(head);
  const { firstTextSeconds, completionTokens } = answer;
  const tokens = completionTokens ? number(completionTokens) : "–";
  for (const value of [seconds(firstTextSeconds ?? 0), seconds(answer.seconds(0)), tokens]) line.insertCell().textContent = value;
  return line;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (html("#stop").hidden && prompt.value.trim() !== "") void race();
});
prompt.addEventListener("input", () => fit(prompt));
prompt.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});
button("#stop").addEventListener("click", () => hangUp.abort());
document.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && hangUp.abort());
fit(prompt);
