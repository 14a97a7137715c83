/** What a reader asks, and what they do with a turn. While an answer is being written, nothing else is asked. */

import { accessForm } from "../composer/access_form.js";
import { AccessToken } from "../composer/access_token.js";
import * as composer from "../composer/composer.js";
import { facts } from "../page/elements.js";
import * as notes from "../page/notes.js";
import * as speaker from "../page/speaker.js";
import { settings } from "../settings/settings_view.js";
import { isDenied, isRefused, unreadTurns } from "../turns/messages.js";
import { questionOf } from "../turns/question.js";
import { announcement } from "../words/notice.js";
import { say, seconds } from "../words/words.js";
import { Answering, now } from "./answering.js";
import * as log from "./log_view.js";
import { history, keep, open, showList } from "./open_conversation.js";

/** @typedef {(act: Act) => void} Does */

const { limits, heartbeat_seconds } = facts();
const token = new AccessToken();
const access = accessForm(token, () => {
  // What was denied is asked again, or the rest of it.
  const last = lastDenied();
  if (last) answer(last);
  else composer.focus();
});

/** Asks a question, unless an answer is still being written, or waits for an access token. */
export function send(text = "") {
  if (open.running || text.trim() === "") return;
  if (lastDenied()) return access.focus();
  const { conversation } = open;
  const address = `#${conversation.head.id}`;
  // What was asked is no draft any more, unless it came from elsewhere.
  if (composer.draft() === text) composer.setDraft("");
  ask(conversation.ask(text));
  if (location.hash !== address) window.history.pushState(null, "", address);
}

export const stop = () => open.running?.stop();

/** Shows a turn at the end and has it answered. @param {Turn} turn */
function ask(turn) {
  log.show(open.conversation);
  void keep([turn.question, turn.reply]);
  log.toEnd();
  answer(turn);
}

/** Gets the answer of a turn: for the first time, again, or the rest of it. @param {Turn} turn */
function answer(turn) {
  const { conversation } = open;
  const view = log.viewOf(turn);
  /** @type {Message[]} */
  let asked = [];
  const task = new Answering(conversation, turn, {
    question() {
      const sent = question();
      asked = sent.messages;
      return sent;
    },
    fetcher: token.authorized(fetch),
    took(object, at) {
      view?.take(object, at);
      if (object.type === "delta") speaker.hear(object.text);
      if (object.type !== "done" || !object.dropped_messages) return;
      const n = unreadTurns(conversation.turns, asked, object.dropped_messages);
      log.sayLeftOut(n, say("no_room", { n }));
    },
    ended: () => ended(task),
    save: (at) => void history.saveGrowing(conversation.head, turn.reply, at),
    refresh(at, silent) {
      view?.render(at);
      view?.warn(silent > 2 * heartbeat_seconds ? say("silent", { time: seconds(Math.floor(silent), 0) }) : "");
    },
  });
  setRunning(task);
  speaker.begin();
  notes.status(say("end.writing"));
  void task.run();
  view?.begin(now());
}

/** What goes out: made again for each part of an answer, for its text has grown meanwhile. @returns {ChatRequest} */
function question() {
  const select = document.querySelector("#model");
  const chosen = select instanceof HTMLSelectElement ? { model: select.value } : {};
  const { question, leftOut } = questionOf(open.conversation.turns, settings, limits, chosen);
  log.sayLeftOut(leftOut, say("left_out", { n: leftOut, most: limits.messages }));
  return question;
}

/** @param {Answering} task */
function ended(task) {
  const { turn, conversation } = task;
  void keep([turn.reply], conversation);
  if (task !== open.running) return;
  setRunning(null);
  log.viewOf(turn)?.render(now());
  speaker.finish();
  notes.status(announcement(turn.reply.answer));
  // What was refused for what it is has to be changed, not retried.
  if (isRefused(turn) && composer.draft() === "") composer.setDraft(turn.question.text);
  if (isDenied(turn)) access.denied();
}

/** @param {Answering | null} task */
export function setRunning(task) {
  open.running = task;
  // Not for longer than it is needed: it keeps pages out of the cache of those that one can go back to.
  window.onbeforeunload = task && (() => task.leave());
  composer.setRunning(task !== null);
}

function lastDenied() {
  const last = open.conversation.turns.at(-1);
  return last && isDenied(last) ? last : null;
}

/** @type {Record<string, Does>} by the name of an act */
const DOES = {
  again({ turn }) {
    answer(turn);
    // The button that was pressed goes.
    composer.focus();
  },
  regenerate: ({ turn }) => ask(open.conversation.replyTo(turn.question)),
  edit: ({ turn, text = "" }) => ask(open.conversation.ask(text, turn.question)),
  leaf({ turn, of = "reply", by = 0 }) {
    const { conversation } = open;
    const all = conversation.alternatives(turn[of]);
    const next = all[all.findIndex(({ id }) => id === turn[of].id) + by];
    if (!next) return;
    conversation.choose(next);
    log.show(conversation);
    void keep([]);
  },
  remove({ turn }) {
    const { conversation } = open;
    const before = conversation.turns.length;
    const chosen = { ...conversation.head.chosen };
    const removed = conversation.remove(turn.question);
    const show = () => open.conversation === conversation && log.show(conversation);
    show();
    void history.forget(conversation, removed).then(showList);
    notes.toast(say("removed_turns", { n: Math.max(1, before - conversation.turns.length) }), () => {
      conversation.restore(removed);
      conversation.head.chosen = chosen;
      show();
      void keep(removed, conversation);
    });
  },
};

/** @param {Act} act */
export function act(act) {
  if (!open.running) DOES[act.does]?.(act);
}
