/** One question and its answer on the page. What a reader does with them bubbles up as an `act` event. */

import { MarkdownView } from "../markdown/markdown_view.js";
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
  const act = (does = "", more = {}) =>
    root.dispatchEvent(new CustomEvent("act", { bubbles: true, detail: { does, turn, ...more } }));
  const again = countdownButton(button("[data-part=action]", root), () => act("again"));
  const thinking = thinkingView(part("thinking", root));
  /** @type {MarkdownView} */
  let text;
  const fresh = () => {
    part("text", root).replaceChildren();
    text = new MarkdownView(part("text", root), { strings: { copy: say("copy"), copied: say("copied") } });
  };
  fresh();
  part("question", root).textContent = question.text;
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
      if (answer.text === "" && text.source !== "") fresh();
      if (answer.reasoning === "") thinking.clear();
      view.render(at);
    },
    render(at) {
      article.dataset["state"] = answer.ending ? "ended" : answer.text === "" ? "waiting" : "writing";
      article.ariaBusy = String(!answer.ending);
      if (answer.ending) text.finish();
      thinking.render(answer, at);
      part("figures", root).textContent = figures(answer, at);
      part("rate", root).textContent = rate(answer, at);
      renderShare(root, answer, at);
      if (answer.ending) renderNotice();
      for (const [of, node] of Object.entries(turn)) renderLeaf(part(`${of}-leaf`, root), conversation.alternatives(node), node, of);
    },
    warn(sentence) {
      const box = part("notice", root);
      box.hidden = sentence === "";
      box.dataset["tone"] = "calm";
      part("sentence", root).textContent = sentence;
      part("fineprint", root).textContent = "";
      view.retire();
    },
    retire() {
      again.hide();
      part("other", root).hidden = true;
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
    part("notice", root).dataset["tone"] = shown.tone;
    part("fineprint", root).textContent = shown.fineprint;
    for (const action of shown.actions) {
      if (action === "retry" || action === "continue") again.show(say(action), shown.waitSeconds);
      else Object.assign(part("other", root), { textContent: say(action), hidden: false, onclick: () => act(action) });
    }
  }

  /** @param {HTMLElement} leaf @param {TreeNode[]} all @param {TreeNode} node */
  function renderLeaf(leaf, all, node, of = "") {
    leaf.hidden = all.length < 2;
    if (leaf.hidden) return;
    const n = all.findIndex(({ id }) => id === node.id) + 1;
    html("span", leaf).textContent = `${n}/${all.length}`;
    for (const [control, by] of /** @type {const} */ ([["button", -1], ["button:last-child", 1]])) {
      const isEnd = n + by < 1 || n + by > all.length;
      const onclick = () => isEnd || act("leaf", { of, by });
      Object.assign(html(control, leaf), { ariaDisabled: String(isEnd), onclick });
    }
  }
}

/** The longer the pale part, the longer the page said nothing. @param {HTMLElement} root @param {Answer} answer */
function renderShare(root, answer, at = 0) {
  const { firstThoughtSeconds: thought, firstTextSeconds: first } = answer;
  const share = (/** @type {number | null} */ moment) => `${Math.min(1, (moment ?? Infinity) / answer.seconds(at)) * 100}%`;
  const { style } = part("share", root);
  style.setProperty("--waited", share(thought ?? first));
  style.setProperty("--thought", share(first));
}

/** @param {HTMLElement} root @param {Turn} turn @param {(does: string, more?: object) => void} act */
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
  part("cancel", form).onclick = () => edit(false);
  form.onkeydown = ({ isComposing, key, ctrlKey, metaKey }) => {
    if (isComposing) return;
    if (key === "Escape") edit(false);
    if (key === "Enter" && (ctrlKey || metaKey)) form.requestSubmit();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    if (box.value.trim() !== "") act("edit", { text: box.value });
  };
}
