/** An answer that its host interrupts is continued by itself, a bounded number of times. */

export const MOST_CONTINUATIONS = 20;

/** A process that was told to leave needs a moment before the next one listens; a deadline needs none. */
const SHUTDOWN_PAUSE_MILLISECONDS = 1000;

/**
 * The objects of `ask()`, with those of another `ask()` in place of each interruption.
 * @param {() => AsyncIterable<AnswerObject>} ask sends the conversation as it stands, the text so far at its end
 * @param {(milliseconds: number) => Promise<void>} sleep
 * @returns {AsyncGenerator<AnswerObject | Continuing, void, void>}
 */
export async function* continued(ask, sleep) {
	for (let left = MOST_CONTINUATIONS; ; left -= 1) {
		/** @type {Done | null} */
		let interruption = null;
		for await (const object of ask()) {
			if (left > 0 && object.type === "done" && object.finish_reason === "interrupted") interruption = object;
			else yield object;
		}
		if (!interruption) return;
		yield { type: "continuing", usage: interruption.usage };
		if (interruption.reason === "shutdown") await sleep(SHUTDOWN_PAUSE_MILLISECONDS);
	}
}

/** Ends early when the signal says so. @param {AbortSignal} signal @returns {(milliseconds: number) => Promise<void>} */
export function sleepUntilAborted(signal) {
	return (milliseconds) =>
		new Promise((resolve) => {
			const timer = setTimeout(resolve, signal.aborted ? 0 : milliseconds);
			signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
		});
}
