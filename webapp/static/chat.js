/** The chat page: what its user does, and what that sets going. */

import { AccessForm } from "./access_form.js";
import { AccessToken } from "./access_token.js";
import { Answer } from "./answer.js";
import { answerStream } from "./answer_stream.js";
import { Composer } from "./composer.js";
import { continued, sleepUntilAborted } from "./continuation.js";
import { isDenied, isRefused, messages } from "./conversation.js";
import { element } from "./elements.js";
import { Following } from "./following.js";
import { TurnView } from "./turn_view.js";
import { announcement } from "./wording.js";

/** @typedef {{ turn: import("./conversation.js").Turn, view: TurnView }} Shown */

const log = element(document, "#log", HTMLElement);
const turns = element(document, "#turns", HTMLElement);
const welcome = element(document, "#welcome", HTMLElement);
const toBottom = element(document, "#to-bottom", HTMLButtonElement);
const status = element(document, "#status", HTMLElement);
const template = element(document, "#turn", HTMLTemplateElement);

const REFRESH_MILLISECONDS = 100;

/** @type {Shown[]} */
let shown = [];
/** @type {{ controller: AbortController, view: TurnView } | null} the answer that is being written, and what stops it */
let running = null;
let refreshing = 0;

const composer = new Composer(element(document, "#composer", HTMLFormElement), send, stop);
const token = new AccessToken(() => sessionStorage);
const access = new AccessForm(element(document, "#access", HTMLFormElement), token, onTokenGiven);
const following = new Following(log, turns, (isOn) => (toBottom.hidden = isOn || shown.length === 0));

/**
 * Asks a question, unless an answer is still being written, or waits for an access token.
 * @param {string} question
 */
function send(question) {
  if (running || question.trim() === "") return;
  if (lastDenied()) return access.focus();
  shown.at(-1)?.view.retire();
  const turn = { question, answer: new Answer() };
  const view = new TurnView(template, turn, () => answer({ turn, view }));
  shown.push({ turn, view });
  composer.asked(question);
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
  const ask = () => answerStream(question(), controller.signal, token.authorized(fetch));
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
  if (isRefused(turn)) composer.returned(turn.question);
  if (isDenied(turn)) access.denied();
}

/** @param {typeof running} started */
function setRunning(started) {
  running = started;
  composer.setRunning(started !== null);
  clearInterval(refreshing);
  if (started) {
    status.textContent = "The answer is being written.";
    started.view.render(now());
    refreshing = setInterval(() => started.view.render(now()), REFRESH_MILLISECONDS);
  }
}

function stop() {
  running?.controller.abort();
}

function newChat() {
  stop();
  setRunning(null);
  for (const { view } of shown) view.remove();
  shown = [];
  welcome.hidden = false;
  status.textContent = "";
  following.stop();
}

/** Asks again what was denied, or the rest of it. */
function onTokenGiven() {
  const last = lastDenied();
  if (last) void answer(last);
  else composer.focus();
}

function lastDenied() {
  const last = shown.at(-1);
  return last && isDenied(last.turn) ? last : null;
}

function chosenModel() {
  const select = document.querySelector("#model");
  return select instanceof HTMLSelectElement ? { model: select.value } : {};
}

function now() {
  return performance.now() / 1000;
}

toBottom.addEventListener("click", () => following.start());
element(document, "#new-chat", HTMLButtonElement).addEventListener("click", newChat);
for (const suggestion of document.querySelectorAll("#suggestions button")) {
  suggestion.addEventListener("click", () => send(suggestion.textContent ?? ""));
}
