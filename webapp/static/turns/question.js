/** What the app is sent: one JSON object. docs/page.md has its fields; tests/page_requests.json holds both sides to them. */

import { messages } from "./messages.js";

/** @typedef {import("./conversation.js").Turn} Turn */
/** @typedef {import("./messages.js").Limits & { temperature: number, tokens: number, system: boolean }} AppLimits */
/** @typedef {import("../settings/settings.js").Settings} Settings */

/**
 * @param {Turn[]} turns
 * @param {Settings} settings
 * @param {AppLimits} limits
 * @param {{ model?: string }} chosen empty where there is one model alone
 */
export function questionOf(turns, settings, limits, chosen) {
  const system = limits.system ? settings.values.system : "";
  const { messages: sent, leftOut } = messages(turns, { ...limits, messages: limits.messages - (system ? 1 : 0) });
  const before = system ? [/** @type {const} */ ({ role: "system", content: system })] : [];
  return { leftOut, question: { messages: [...before, ...sent], ...chosen, ...settings.fields(limits) } };
}
