/** Whose an id is: the store has one message by it, of whatever conversation. Pure. */

/**
 * Messages that another conversation has go by other names here, the same each time.
 * @param {Kept} kept
 * @param {Map<string, string>} owners the conversation that each known message is of
 * @returns {Kept}
 */
export function withOwnIds({ head, messages }, owners) {
	const isForeign = (id = "") => (owners.get(id) ?? head["id"]) !== head["id"];
	const own = new Map(messages.filter(({ id }) => isForeign(id)).map(({ id }) => [id, `${head["id"]} ${id}`]));
	const named = (id = "") => own.get(id) ?? id;
	const chosen = Object.fromEntries(Object.entries(head["chosen"]).map(([parent, id]) => [named(parent), named(id)]));
	return {
		head: { ...head, chosen },
		messages: messages.map((row) => ({ ...row, id: named(row.id), parent: named(row["parent"]) })),
	};
}
