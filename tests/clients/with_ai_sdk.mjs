// The AI SDK with its client of OpenAI, by the Responses API, which is its default.
import { readFileSync } from "node:fs";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, Output, streamText, tool } from "ai";
import { z } from "zod";

const openai = createOpenAI({ baseURL: `${process.env.MOCK_URL}/v1`, apiKey: "any" });
const prompt = "What is the weather in Paris?";
const ask = (fields = {}, model = "mock-tokens20") =>
  generateText({ model: openai(model), prompt, maxRetries: 0, ...fields });
const expect = (isRight, why = "not as expected") => {
  if (!isRight) throw new Error(why);
};

const checks = {
  text: async () => expect((await ask()).text),
  stream: async () => {
    let text = "";
    for await (const delta of streamText({ model: openai("mock-tokens20"), prompt }).textStream) text += delta;
    expect(text === (await ask()).text);
  },
  tools: async () => {
    const weather = tool({
      description: "Look up a forecast",
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => `18 degrees in ${city}`,
    });
    const { steps } = await ask({ tools: { weather }, stopWhen: ({ steps }) => steps.length > 1 }, "mock");
    expect(steps.length > 1 && steps.at(-1).text.includes("18 degrees"), "the result was not taken up");
  },
  structured: async () => {
    const schema = z.object({ city: z.string(), days: z.number() });
    const { output } = await ask({ output: Output.object({ schema }) });
    expect(output.city);
  },
  errors: async () => {
    try {
      await ask({}, "mock-rate_limit:10");
    } catch (error) {
      return expect(error.statusCode === 429, String(error));
    }
    throw new Error("nothing was thrown");
  },
  usage: async () => expect((await ask()).usage.outputTokens === 20),
};

const told = { version: JSON.parse(readFileSync("node_modules/ai/package.json", "utf-8")).version };
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    told[name] = "ok";
  } catch (error) {
    told[name] = String(error).slice(0, 300);
  }
}
console.log(JSON.stringify(told));
