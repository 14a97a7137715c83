/** What is known of one answer. No clock, no page. */

import { isTerminal } from "../stream/answer_stream.js";

/** What is kept of it. */
const SAVED = "text reasoning model ending firstTextSeconds firstThoughtSeconds thoughtSeconds completionTokens".split(" ");

export class Answer {
	text = "";
	reasoning = "";
	model = "";
	/** @type {Ending | null} */
	ending = null;
	/** @type {number | null} from sending the question to the first text */
	firstTextSeconds = null;
	/** @type {number | null} the same to the first of its thinking */
	firstThoughtSeconds = null;
	thoughtSeconds = 0;
	/** @type {number | null} null as soon as a part ended without a count */
	completionTokens = 0;
	#begunAt = 0;
	#endedAt = 0;
	#secondsBefore = 0;
	/** @type {number | null} */
	#thinkingSince = null;

	/** One that was kept. What has no ending was left in the middle. @param {Record<string, any>} saved */
	static from(saved) {
		const answer = new Answer();
		// A file may have been edited by hand.
		for (const name of SAVED) {
			const [given, usual] = [saved[name], Object(answer)[name]];
			const kind = name === "ending" ? "object" : typeof (usual ?? 0);
			if (typeof given === kind || (given === null && kind !== "string")) Object.assign(answer, { [name]: given });
		}
		if (!answer.ending || !isTerminal(answer.ending)) Object.assign(answer, { ending: { type: "left" }, completionTokens: null });
		answer.#secondsBefore = Number(saved["seconds"]) || 0;
		return answer;
	}

	saved(at = 0) {
		const fields = Object.fromEntries(SAVED.map((name) => [name, Object(this)[name]]));
		return { ...fields, thoughtSeconds: this.thinkingSeconds(at), seconds: this.seconds(at) };
	}

	/** The question goes out: for the first time, again, or to continue the text that is there. */
	begin(at = 0) {
		// The pause in which a stopped answer waited for its reader is nobody's waiting time.
		if (this.hasText) this.#secondsBefore = this.seconds(at);
		else {
			Object.assign(this, { text: "", reasoning: "", completionTokens: 0, thoughtSeconds: 0 });
			this.firstTextSeconds = this.firstThoughtSeconds = null;
			this.#secondsBefore = 0;
		}
		this.#begunAt = at;
		this.ending = null;
	}

	get hasText() {
		return this.text.trim() !== "";
	}

	get isThinking() {
		return this.#thinkingSince !== null;
	}

	/** To the first of its text or its thinking; infinite where there is neither. */
	get firstSeconds() {
		return Math.min(this.firstTextSeconds ?? Infinity, this.firstThoughtSeconds ?? Infinity);
	}

	/** @param {AnswerObject | Continuing} object */
	take(object, at = 0) {
		if (object.type === "start") this.model = object.model ?? "";
		if (object.type === "delta") this.#append(object.text, at);
		if (object.type === "reasoning") this.#think(object.text, at);
		if (object.type === "continuing") this.#count(object.usage);
		if (!isTerminal(object)) return;
		this.#count(object.type === "done" ? object.usage : null);
		this.#stopThinking(at);
		this.#endedAt = at;
		this.ending = object;
	}

	seconds(at = 0) {
		return this.#secondsBefore + (this.ending ? this.#endedAt : at) - this.#begunAt;
	}

	thinkingSeconds(at = 0) {
		return this.thoughtSeconds + at - (this.#thinkingSince ?? at);
	}

	tokensPerSecond(at = 0) {
		const rate = (this.completionTokens ?? 0) / (this.seconds(at) - this.firstSeconds);
		return this.ending && Number.isFinite(rate) && rate > 0 ? rate : null;
	}

	#append(text = "", at = 0) {
		if (text === "") return;
		this.#stopThinking(at);
		this.firstTextSeconds ??= this.seconds(at);
		this.text += text;
	}

	#think(text = "", at = 0) {
		if (text === "") return;
		this.firstThoughtSeconds ??= this.seconds(at);
		this.#thinkingSince ??= at;
		this.reasoning += text;
	}

	#stopThinking(at = 0) {
		this.thoughtSeconds = this.thinkingSeconds(at);
		this.#thinkingSince = null;
	}

	#count(/** @type {Done["usage"]} */ usage) {
		const before = this.completionTokens;
		this.completionTokens = usage && before !== null ? before + usage.completion_tokens : null;
	}
}
