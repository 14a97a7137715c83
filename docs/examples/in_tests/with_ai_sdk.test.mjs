// The AI SDK on the mock, by Node's own test runner: a text, a stream, structured output, a tool, a retry.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, Output, streamText, tool } from "ai";
import { z } from "zod";
import { startMock } from "./mockllm.mjs";

let mock;
let model;
before(async () => {
  mock = await startMock();
  model = createOpenAI({ baseURL: mock.baseURL, apiKey: "any" })("gpt-5");
});
beforeEach(() => mock.reset());
after(() => mock.stop());

test("a text, and what was asked", async () => {
  await mock.answerWith("We refund within 14 days.", { when: { text: "refund" } });
  assert.equal((await generateText({ model, prompt: "A refund, please" })).text, "We refund within 14 days.");
  const [request] = await mock.requests();
  assert.equal(request.body.model, "gpt-5");
});

test("a stream", async () => {
  await mock.answerWith("One two three.");
  const pieces = [];
  for await (const piece of streamText({ model, prompt: "Count" }).textStream) pieces.push(piece);
  assert.deepEqual(pieces, ["One", " two", " three", "."]);
});

test("structured output", async () => {
  await mock.answerWith({ text: JSON.stringify({ name: "Paris", people: 2_100_000 }) });
  const schema = z.object({ name: z.string(), people: z.number() });
  const { output } = await generateText({ model, prompt: "Paris?", output: Output.object({ schema }) });
  assert.deepEqual(output, { name: "Paris", people: 2_100_000 });
});

test("a tool that is called, and its result", async () => {
  await mock.answerWith({ calls: [{ name: "weather", arguments: { city: "Paris" } }] }, { when: { text: "weather" } });
  await mock.answerWith("18 degrees in Paris.", { when: { tool: "weather" } });
  const weather = tool({
    description: "Look up a forecast",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `18 in ${city}`,
  });
  const stopWhen = ({ steps }) => steps.length > 1;
  const { text } = await generateText({ model, prompt: "How is the weather?", tools: { weather }, stopWhen });
  assert.equal(text, "18 degrees in Paris.");
});

test("a rate limit is waited for", async () => {
  // Counted, as this client does not say which attempt it is.
  await mock.failWith("rate_limit:20", { times: 1 });
  assert.ok((await generateText({ model, prompt: "Hi" })).text);
  assert.deepEqual(
    (await mock.requests()).map((request) => request.status),
    [429, 200],
  );
});

test("a refusal is an error", async () => {
  await mock.failWith("status:404=No such deployment.");
  await assert.rejects(generateText({ model, prompt: "Hi" }), /No such deployment/);
});
