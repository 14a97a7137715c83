/** The chat page: what its user does, and what that sets going. */

import { Answering, now } from "./chat/answering.js";
import { LogView } from "./chat/log_view.js";
import { Notes } from "./chat/notes.js";
import { AccessForm } from "./composer/access_form.js";
import { AccessToken } from "./composer/access_token.js";
import { Composer } from "./composer/composer.js";
import { Drafts, History, ListView, exported, imported } from "./history/history.js";
import { button, element, facts, html } from "./page/elements.js";
import { save } from "./page/files.js";
import { listenToKeys } from "./page/keyboard.js";
import { Speaker } from "./page/speaker.js";
import { Settings } from "./settings/settings.js";
import { SettingsView } from "./settings/settings_view.js";
import { Conversation, isDenied, isRefused, questionOf, unreadTurns } from "./turns/turns.js";
import { FiguresView } from "./view/figures_view.js";
import { announcement } from "./words/notice.js";
import { say, seconds, speak } from "./words/words.js";

/** @typedef {import("./turns/conversation.js").Turn} Turn */
/** @typedef {import("./turns/conversation.js").Node} Node */

const { words, language, limits, heartbeat_seconds } = facts();
speak(words, language);

let conversation = Conversation.empty();
/** @type {Answering | null} the answer that is being written */
let running = null;

const settings = new Settings();
const drafts = new Drafts();
const notes = new Notes();
const speaker = new Speaker(html("#spoken"));
const token = new AccessToken(() => sessionStorage);
const access = new AccessForm(element(document, "#access", HTMLFormElement), token, onTokenGiven);
const composer = new Composer(element(document, "#composer", HTMLFormElement), {
  send,
  stop,
  changed: (draft) => drafts.set(keyOfDraft(), draft),
  mostCharacters: limits.characters,
  sendsOn: () => settings.values.sendKey,
});
const log = new LogView({ again, edit, regenerate, remove, leaf, copy, alternatives, new_chat: newChat, settings: openSettings });
const settingsView = new SettingsView(settings, onSettings);
const figuresView = new FiguresView(copy);
const list = new ListView({
  open: (id) => void open(id).then(() => list.closeIfOver()),
  rename: (id, title) => void rename(id, title),
  remove: (head) => void forget(head),
  export: (id) => void exportFile(id),
  import: (files) => void importFiles([...files]),
  matching: (searched) => history.matching(searched),
});
composer.draft = drafts.of("");
const history = History.open(onTrouble, changedElsewhere);

/**
 * Asks a question, unless an answer is still being written, or waits for an access token.
 * @param {string} text
 */
function send(text) {
  if (running || text.trim() === "") return;
  if (lastDenied()) return access.focus();
  const isNew = conversation.turns.length === 0;
  composer.asked(text);
  ask(conversation.ask(text));
  if (isNew) location.hash === `#${conversation.head.id}` || window.history.pushState(null, "", `#${conversation.head.id}`);
}

/** Shows a turn at the end and has it answered. @param {Turn} turn */
function ask(turn) {
  log.show(conversation.turns);
  keep(turn.question, turn.reply);
  log.toEnd();
  answer(turn);
}

/** Gets the answer of a turn: for the first time, again, or the rest of it. @param {Turn} turn */
function answer(turn) {
  const { head } = conversation;
  const view = log.viewOf(turn);
  /** @type {import("./stream/answer_stream.js").Message[]} */
  let asked = [];
  const task = new Answering(conversation, turn, {
    question: () => {
      const sent = question();
      asked = sent.messages;
      return sent;
    },
    fetcher: token.authorized(fetch),
    took: (object, at) => {
      view?.take(object, at);
      if (object.type === "delta") speaker.hear(object.text);
      if (object.type === "done" && object.dropped_messages) {
        const n = unreadTurns(conversation.turns, asked, object.dropped_messages);
        log.sayLeftOut(n, say("no_room", { n }));
      }
    },
    ended: () => ended(task),
    save: (at) => void history.saveGrowing(head, turn.reply, at),
    refresh: (at, silent) => {
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

/** What goes out now: asked again for each part of an answer, for its text has grown meanwhile. */
function question() {
  const { question, leftOut } = questionOf(conversation.turns, settings, limits, chosenModel());
  log.sayLeftOut(leftOut, say("left_out", { n: leftOut, most: limits.messages }));
  return question;
}

/** @param {Answering} task */
function ended(task) {
  const { turn } = task;
  void history.save(task.conversation, [turn.reply], now()).then(showList);
  if (task !== running) return;
  setRunning(null);
  log.viewOf(turn)?.render(now());
  speaker.finish();
  notes.status(announcement(turn.reply.answer));
  // What was refused for what it is has to be changed, not retried.
  if (isRefused(turn)) composer.returned(turn.question.text);
  if (isDenied(turn)) access.denied();
}

/** @param {Answering | null} task */
function setRunning(task) {
  running = task;
  composer.setRunning(task !== null);
  composer.catchFocus();
}

function stop() {
  running?.stop();
}

/** Leaves the open conversation: what is being written there is stopped, and kept as far as it came. */
function leave() {
  stop();
  setRunning(null);
  notes.status("");
  drafts.set(keyOfDraft(), composer.draft);
}

function newChat() {
  leave();
  show(Conversation.empty());
  if (location.hash) window.history.pushState(null, "", location.pathname + location.search);
  list.closeIfOver();
  composer.focus();
}

/** @param {string} id */
async function open(id) {
  if (id === conversation.head.id) return;
  const found = await history.load(id);
  if (!found) return;
  leave();
  show(found);
  if (location.hash !== `#${id}`) window.history.pushState(null, "", `#${id}`);
  log.toEnd();
}

/** @param {Conversation} shown */
function show(shown) {
  conversation = shown;
  log.show([]);
  log.show(conversation.turns);
  log.sayLeftOut(0, "");
  composer.draft = drafts.of(keyOfDraft());
  void showList();
}

/** @param {Node[]} nodes */
function keep(...nodes) {
  conversation.head.updated = Date.now();
  void history.save(conversation, nodes, now()).then(showList);
}

async function showList() {
  const { id, title } = conversation.head;
  document.title = conversation.turns.length > 0 && title ? `${title} · First Token` : "First Token";
  list.show(await history.heads(), id);
}

/** @param {Turn} turn */
function again(turn) {
  if (running) return;
  answer(turn);
  // The button that was pressed goes.
  composer.focus();
}

/** @param {Turn} turn */
function regenerate({ question: asked }) {
  if (!running) ask(conversation.replyTo(asked));
}

/** @param {Turn} turn @param {string} text */
function edit({ question: asked }, text) {
  if (!running) ask(conversation.ask(text, asked));
}

/** @param {Turn} turn @param {"question" | "reply"} of */
function alternatives(turn, of) {
  const all = conversation.alternatives(turn[of]);
  return { n: all.findIndex(({ id }) => id === turn[of].id) + 1, all: all.length };
}

/** @param {Turn} turn @param {"question" | "reply"} of @param {number} by */
function leaf(turn, of, by) {
  if (running) return;
  const all = conversation.alternatives(turn[of]);
  const next = all[all.findIndex(({ id }) => id === turn[of].id) + by];
  if (!next) return;
  conversation.choose(next);
  log.show(conversation.turns);
  keep();
}

/** @param {Turn} turn */
function remove({ question: asked }) {
  if (running) return;
  const from = conversation;
  const before = conversation.turns.length;
  const { ...chosen } = conversation.head.chosen;
  const removed = conversation.remove(asked);
  const shorten = () => from === conversation && log.show(conversation.turns);
  shorten();
  void history.forget(from, removed).then(showList);
  notes.toast(say("removed_turns", { n: Math.max(1, before - conversation.turns.length) }), () => {
    from.restore(removed);
    from.head.chosen = chosen;
    shorten();
    void history.save(from, removed, now()).then(showList);
  });
}

/** @param {string} id @param {string} title */
async function rename(id, title) {
  if (id === conversation.head.id) Object.assign(conversation.head, { title, named: true });
  await history.rename(id, title);
  await showList();
}

/** @param {import("./turns/conversation.js").Head} head */
async function forget({ id, title }) {
  if (id === conversation.head.id) newChat();
  const undo = await history.remove(id);
  await showList();
  notes.toast(say("removed", { title: title || say("untitled") }), () => void undo().then(showList));
}

/** @param {string} [id] */
async function exportFile(id) {
  const rows = await history.rows(id);
  const names = { user: say("you"), assistant: say("answer") };
  const title = id ? (rows[0]?.head["title"] ?? "") : "conversations";
  if (id) save(`${title}.md`, "text/markdown", exported(rows, "md", names));
  save(`${title}.json`, "application/json", exported(rows));
}

/** @param {File[]} files */
async function importFiles(files) {
  let count = 0;
  for (const file of files) {
    try {
      const found = imported(await file.text());
      if (!found) throw new Error("import.not_json");
      await history.add(found);
      count += found.length;
    } catch (error) {
      const places = error instanceof Error && "places" in error ? Object(error.places) : null;
      list.complain(say(places ? "import.field" : "import.not_json", { name: file.name, ...places }));
    }
  }
  await showList();
  if (count > 0) notes.toast(say("imported", { n: count }));
}

/** @param {string} text */
function copy(text) {
  navigator.clipboard?.writeText(text).then(
    () => notes.toast(say("copied")),
    () => notes.toast(say("not_copied")),
  ) ?? notes.toast(say("not_copied"));
}

/** Another tab has added to a conversation, renamed or deleted it. @param {string} id */
async function changedElsewhere(id) {
  await showList();
  if (id !== conversation.head.id || running) return;
  const found = await history.load(id);
  if (!found || running || id !== conversation.head.id) return;
  conversation = found;
  log.show(conversation.turns);
}

/** @param {import("./history/history.js").Trouble} trouble */
function onTrouble(trouble) {
  list.complain(say(trouble));
  notes.trouble(say(trouble));
}

/** Asks again what was denied, or the rest of it. */
function onTokenGiven() {
  const last = lastDenied();
  if (last) answer(last);
  else composer.focus();
}

function lastDenied() {
  const last = conversation.turns.at(-1);
  return last && isDenied(last) ? last : null;
}

function chosenModel() {
  const select = document.querySelector("#model");
  return select instanceof HTMLSelectElement ? { model: select.value } : {};
}

function openSettings() {
  settingsView.open();
}

function onSettings() {
  html("[data-part=keys]").textContent = say(`keys.${settings.values.sendKey}`);
}

function keyOfDraft() {
  return conversation.turns.length > 0 ? conversation.head.id : "";
}

function copyLast() {
  const last = conversation.turns.at(-1);
  if (last) copy(last.reply.answer.text);
}

const help = element(document, "#help", HTMLDialogElement);
const select = document.querySelector("#model");
if (select instanceof HTMLSelectElement) {
  if ([...select.options].some(({ value }) => value === settings.values.model)) select.value = settings.values.model;
  select.addEventListener("change", () => settings.set({ model: select.value }));
}
button("#new-chat").addEventListener("click", newChat);
button("#settings-button").addEventListener("click", openSettings);
button("#help-button").addEventListener("click", () => help.showModal());
button("#figures-button").addEventListener("click", () => figuresView.open(conversation.turns));
for (const suggestion of document.querySelectorAll("#suggestions button")) {
  suggestion.addEventListener("click", () => send(suggestion.textContent ?? ""));
}
listenToKeys({
  newChat,
  stop,
  write: () => html("#prompt").focus(),
  copy: copyLast,
  list: () => list.toggle(),
  figures: () => figuresView.open(conversation.turns),
  settings: openSettings,
  help: () => help.showModal(),
});
addEventListener("popstate", () => {
  const id = location.hash.slice(1);
  if (id) void open(id);
  else if (conversation.turns.length > 0) newChat();
});
addEventListener("pagehide", () => running && history.leave(running.conversation.head, running.turn.reply, now()));
onSettings();
notes.watchLine();
if (location.hash) void open(location.hash.slice(1));
void showList();
