// Node 20 or newer, without packages; the openai package takes the same URL as `baseURL`.
const base = process.env.OPENAI_BASE_URL ?? "http://127.0.0.1:8001/v1";
const response = await fetch(`${base}/chat/completions`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    model: "mock",
    messages: [{ role: "user", content: "Tell me about rivers" }],
    mock: { profile: "instant", text: "Rivers are wet." },
  }),
});
console.log((await response.json()).choices[0].message.content);
