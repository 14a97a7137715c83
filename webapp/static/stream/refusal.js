/** An answer that was refused before its first byte, by the app or by a router in front of it. */

/**
 * A router refuses without the app's JSON; its status has to do.
 * @param {Response} response
 * @returns {Promise<Failure>}
 */
export async function refusal(response) {
	const { status, statusText, headers } = response;
	const said = await response.json().catch(() => null);
	// Asked again, it may be none: too many, too slow, or trouble of the server's.
	const mayPass = status === 408 || status === 429 || status >= 500;
	const { code = `http_${status}`, message, request_id, retryable = mayPass } = said?.error ?? {};
	const words = typeof message === "string" ? message : `The server answered ${status} ${statusText}`.trim() + ".";
	const wait = secondsToWait(headers);
	return { type: "error", code, message: words, retryable, request_id, ...(wait > 0 && { retry_after_seconds: wait }) };
}

/** In seconds or a moment (RFC 9110, 10.2.3), which the server's own clock knows best. @param {Headers} headers */
function secondsToWait(headers) {
	const said = headers.get("Retry-After") ?? "";
	if (/^\d+$/.test(said)) return Number(said);
	return (Date.parse(said) - Date.parse(headers.get("Date") ?? "")) / 1000;
}
