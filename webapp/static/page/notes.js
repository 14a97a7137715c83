/** What the page says beside the conversation: to those who listen, for a moment with a way back, about the line. */

import { say } from "../words/words.js";
import { html, part } from "./elements.js";

const TOAST_MILLISECONDS = 10_000;
const ONLINE_MILLISECONDS = 4000;
let hiding = 0;

export function status(sentence = "") {
  html("#status").textContent = sentence;
}

/** @param {() => void} [undo] */
export function toast(sentence = "", undo) {
  const box = html("#toast");
  const control = part("undo", box);
  const hide = () => (box.hidden = true);
  clearTimeout(hiding);
  hiding = setTimeout(hide, TOAST_MILLISECONDS);
  part("said", box).textContent = sentence;
  control.hidden = !undo;
  control.onclick = () => {
    hide();
    undo?.();
  };
  box.hidden = false;
}

export function trouble(sentence = "") {
  Object.assign(html("#line"), { textContent: sentence, hidden: false });
}

/** Says when the browser loses its network, and when it has it again. Nothing is sent because of that. */
export function watchLine() {
  addEventListener("offline", () => trouble(say("offline")));
  addEventListener("online", () => {
    trouble(say("online"));
    setTimeout(() => (html("#line").hidden = true), ONLINE_MILLISECONDS);
  });
  if (!navigator.onLine) trouble(say("offline"));
}

export async function copy(text = "") {
  try {
    await navigator.clipboard.writeText(text);
    toast(say("copied"));
  } catch {
    toast(say("not_copied"));
  }
}
