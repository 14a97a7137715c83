/** What the app is sent: one JSON object. docs/page.md has its fields; tests/page_requests.json holds both sides to them. */

import { messages } from "./messages.js";

/**
 * @param {Turn[]} turns
 * @param {import("../settings/settings.js").Settings} settings
 * @param {AppLimits} limits
 * @param {{ model?: string }} chosen empty where there is one model alone
 */
export function questionOf(turns, settings, limits, chosen) {
  const system = limits.system ? settings.values.system : "";
  const { messages: sent, leftOut } = messages(turns, { ...limits, messages: limits.messages - (system ? 1 : 0) });
  if (system) sent.unshift({ role: "system", content: system });
  return { leftOut, question: { messages: sent, ...chosen, ...settings.fields(limits) } };
}
