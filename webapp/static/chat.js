/** The chat page: what its user does, and what that sets going. */

import { Answer } from "./answer.js";
import { answerStream } from "./answer_stream.js";
import { continued, sleepUntilAborted } from "./continuation.js";
import { isRefused, messages } from "./conversation.js";
import { element } from "./elements.js";
import { Following } from "./following.js";
import { TurnView } from "./turn_view.js";
import { announcement } from "./wording.js";

/** @typedef {{ turn: import("./conversation.js").Turn, view: TurnView }} Shown */

const log = element(document, "#log", HTMLElement);
const turns = element(document, "#turns", HTMLElement);
const welcome = element(document, "#welcome", HTMLElement);
const composer = element(document, "#composer", HTMLFormElement);
const prompt = element(document, "#prompt", HTMLTextAreaElement);
const sendButton = element(document, "#send", HTMLButtonElement);
const stopButton = element(document, "#stop", HTMLButtonElement);
const toBottom = element(document, "#to-bottom", HTMLButtonElement);
const status = element(document, "#status", HTMLElement);
const template = element(document, "#turn", HTMLTemplateElement);

const REFRESH_MILLISECONDS = 100;

/** @type {Shown[]} */
let shown = [];
/** @type {{ controller: AbortController, view: TurnView } | null} the answer that is being written, and what stops it */
let running = null;
let refreshing = 0;

const following = new Following(log, turns, (isOn) => (toBottom.hidden = isOn || shown.length === 0));

/**
 * Asks a question, unless an answer is still being written.
 * @param {string} question
 */
function send(question) {
  if (running || question.trim() === "") return;
  shown.at(-1)?.view.retire();
  const turn = { question, answer: new Answer() };
  const view = new TurnView(template, turn, () => answer({ turn, view }));
  shown.push({ turn, view });
  if (prompt.value === question) prompt.value = "";
  welcome.hidden = true;
  turns.append(view.root);
  following.start();
  void answer({ turn, view });
}

/**
 * Gets the answer of a turn: for the first time, again, or the rest of it.
 * @param {Shown} last
 */
async function answer({ turn, view }) {
  const controller = new AbortController();
  const question = () => ({ messages: messages(shown.map((each) => each.turn)), ...chosenModel() });
  const ask = () => answerStream(question(), controller.signal);
  turn.answer.begin(now());
  setRunning({ controller, view });
  for await (const object of continued(ask, sleepUntilAborted(controller.signal))) {
    turn.answer.take(object, now());
    if (object.type === "delta") view.append(object.text, now());
    // The loop goes on to the end of the body; the next question need not wait for that.
    if (turn.answer.ending) ended({ turn, view });
  }
}

/** @param {Shown} last */
function ended({ turn, view }) {
  view.render(now());
  if (running?.view !== view) return;
  setRunning(null);
  status.textContent = announcement(turn.answer);
  // What was refused for what it is has to be changed, not retried.
  if (isRefused(turn) && prompt.value === "") prompt.value = turn.question;
}

/** @param {typeof running} started */
function setRunning(started) {
  running = started;
  sendButton.hidden = started !== null;
  stopButton.hidden = started === null;
  clearInterval(refreshing);
  if (started) {
    status.textContent = "The answer is being written.";
    started.view.render(now());
    refreshing = setInterval(() => started.view.render(now()), REFRESH_MILLISECONDS);
  }
  // Where focus opens a keyboard over half of the screen, it is the user's to take.
  if (matchMedia("(hover: hover)").matches) prompt.focus();
}

function stop() {
  running?.controller.abort();
}

function newChat() {
  stop();
  setRunning(null);
  for (const { view } of shown) view.root.remove();
  shown = [];
  welcome.hidden = false;
  status.textContent = "";
  following.stop();
}

function chosenModel() {
  const select = document.querySelector("#model");
  return select instanceof HTMLSelectElement ? { model: select.value } : {};
}

function now() {
  return performance.now() / 1000;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send(prompt.value);
});
prompt.addEventListener("keydown", (event) => {
  // An Enter that chooses a word of an input method is not the message's; Safari says so by the key code alone.
  const isComposing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || isComposing) return;
  event.preventDefault();
  send(prompt.value);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) stop();
});
stopButton.addEventListener("click", stop);
toBottom.addEventListener("click", () => following.start());
element(document, "#new-chat", HTMLButtonElement).addEventListener("click", newChat);
for (const suggestion of document.querySelectorAll("#suggestions button")) {
  suggestion.addEventListener("click", () => send(suggestion.textContent ?? ""));
}
