// The mock for tests in JavaScript: a process of its own, told over HTTP what to answer. Node 20 or newer, no packages.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Start a server; `options` are those of the command, which is `mockllm` or what MOCKLLM says. */
export async function startMock(options = ["--profile", "instant"]) {
  const command = process.env.MOCKLLM ?? "mockllm";
  const server = spawn(command, ["--port", "0", "--stop-with-stdin", ...options], { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  server.stderr.on("data", (data) => (complaint += data));
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stdout).once("line", resolve);
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`mockllm did not start: ${complaint}`)));
  });
  const call = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, { method, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return response.status === 204 ? undefined : response.json();
  };
  return {
    url,
    baseURL: `${url}/v1`,
    /** Answer with a text, or with knobs such as `{ calls: [...] }`, what meets the conditions of `when`. */
    answerWith: (answer, { when, times } = {}) => call("POST", "/mock/rules", { answer, when, times }),
    /** Let a fault such as `rate_limit:20` strike; `status:404=No such order.` is any refusal. */
    failWith: (fault, { when, times } = {}) => call("POST", "/mock/rules", { answer: { fault }, when, times }),
    /** What came since the last reset. */
    requests: async () => (await call("GET", "/mock/requests?limit=1000&times=false")).requests,
    reset: () => call("POST", "/mock/reset"),
    stop: () => server.kill(),
  };
}
