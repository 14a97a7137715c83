/** What the app is sent: the turns on the page as messages. */

/** @type {Limits} */
const NONE = { messages: Infinity, characters: Infinity, bytes: Infinity };
const encoder = new TextEncoder();

/**
 * Where the last answer has text, it is the last message and asks for its continuation; stopped and broken answers are sent
 * as far as they got. Questions that were never answered become one with the next: some chat templates refuse two in a row.
 * Of what does not fit, the oldest turns go: `leftOut` says how many.
 * @param {Turn[]} turns
 */
export function messages(turns, limits = NONE) {
  const parts = turns.filter((turn) => !isRefused(turn)).map(messagesOf);
  const kept = fitting(parts, limits);
  return { messages: joined(kept.flat(), limits.characters), leftOut: parts.length - kept.length };
}

/** How many turns went unread, where so many of the oldest of the sent messages were dropped. @param {Turn[]} turns @param {Message[]} sent */
export function unreadTurns(turns, sent, dropped = 0) {
  const unread = sent[0]?.role === "system" ? dropped + 1 : dropped;
  let answers = sent.slice(unread).filter(({ role }) => role !== "user").length;
  // Questions that were never answered went as one with the next.
  const answered = turns.map((turn) => !isRefused(turn) && turn.reply.answer.hasText);
  if (sent.at(-1)?.role === "user") answered[answered.length - 1] = false;
  let first = turns.length;
  while (first > 0 && (answers > 0 || !answered[first - 1])) {
    first -= 1;
    if (answered[first]) answers -= 1;
  }
  return first;
}

/** Whether it was refused for what it is: sent along, it would have every later one refused too. @param {Turn} turn */
export function isRefused(turn) {
  const { hasText, ending } = turn.reply.answer;
  return !hasText && ending?.type === "error" && !ending.retryable && !isDenied(turn);
}

/** Whether it was refused for who asks: the question is right, and wants another access token. @param {Turn} turn */
export function isDenied({ reply: { answer } }) {
  return answer.ending?.type === "error" && answer.ending.code === "access_denied";
}

/** @param {Turn} turn @returns {Message[]} */
function messagesOf({ question, reply: { answer } }) {
  /** @type {Message} */
  const asked = { role: "user", content: question.text };
  return answer.hasText ? [asked, { role: "assistant", content: answer.text }] : [asked];
}

/** @param {Message[][]} parts @param {Limits} limits */
function fitting(parts, limits) {
  let count = 0;
  let bytes = 0;
  for (let first = parts.length - 1; first >= 0; first -= 1) {
    const part = parts[first] ?? [];
    count += part.length;
    bytes += encoder.encode(JSON.stringify(part)).length;
    // The last question goes out whatever it is: what is wrong with it, the app says best.
    if (first < parts.length - 1 && (count > limits.messages || bytes > limits.bytes)) return parts.slice(first + 1);
  }
  return parts;
}

/** @param {Message[]} all */
function joined(all, mostCharacters = 0) {
  /** @type {Message[]} */
  const messages = [];
  for (const { role, content } of all) {
    const last = messages.at(-1);
    const both = `${last?.content}\n\n${content}`;
    if (last?.role !== role) messages.push({ role, content });
    else if (last.content.trim() === content.trim() || both.length > mostCharacters) last.content = content;
    else last.content = both;
  }
  return messages;
}
