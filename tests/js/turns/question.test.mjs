import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Settings } from "../../../webapp/static/settings/settings.js";
import { questionOf } from "../../../webapp/static/turns/messages.js";
import { answerWith } from "../answers.mjs";

const rows = JSON.parse(readFileSync(new URL("../../page_requests.json", import.meta.url), "utf8"));
// As a page has them from an app with its usual settings; webapp/page/facts.py makes them, and the app's side of the
// table checks those that a row changes.
const USUAL = { messages: 200, characters: 32_000, bytes: 999_001, tokens: 4096, temperature: 2, system: false };
const LIMITS = {
  max_messages: (most) => ({ messages: most }),
  max_message_chars: (most) => ({ characters: most }),
  max_body_bytes: (most) => ({ bytes: most - 999 }),
  max_output_tokens: (most) => ({ tokens: most }),
  allow_system_messages: (system) => ({ system }),
  models: () => ({}),
};

for (const row of rows) {
  test(`the page sends: ${row.name}`, () => {
    const localStorage = { getItem: () => JSON.stringify(row.settings ?? {}) };
    Object.defineProperty(globalThis, "localStorage", { configurable: true, value: localStorage });
    const settings = new Settings();
    const turns = row.turns.map(({ question, answer }) => ({
      question: { text: question },
      reply: { answer: answerWith(...answer) },
    }));
    const changed = Object.entries(row.env ?? {}).map(([name, value]) => LIMITS[name](value));
    const limits = Object.assign({}, USUAL, ...changed);
    const { question, leftOut } = questionOf(turns, settings, limits, row.model ? { model: row.model } : {});
    assert.deepEqual(question, row.sent);
    assert.equal(leftOut, row.leftOut ?? 0);
  });
}
