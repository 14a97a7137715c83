/** Byte streams for the tests: any bytes, cut anywhere, ended well or badly. */

export const encode = (text) => new TextEncoder().encode(text);

/** The bytes in pieces that end at these places. */
export function cutAt(bytes, places) {
  const borders = [0, ...places, bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

/** The ways to cut in which every decoder case is run: whole, byte by byte, in two at every place, and at random ones. */
export function* waysToCut(bytes) {
  const everywhere = Array.from({ length: bytes.length }, (_, place) => place);
  yield [bytes];
  yield cutAt(bytes, everywhere);
  const twice = everywhere.flatMap((place) => [place, place]);
  yield cutAt(bytes, twice); // empty chunks between the bytes
  for (const place of everywhere) yield cutAt(bytes, [place]);
  for (let seed = 1; seed <= 20; seed += 1) yield cutAt(bytes, randomPlaces(everywhere, seed));
}

/** A third of the places, by a linear congruential generator (Numerical Recipes): the same for the same seed. */
function randomPlaces(places, seed) {
  let state = seed;
  return places.filter(() => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) < 2 ** 32 / 3);
}

export async function* each(items) {
  yield* items;
}

export async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A body of these pieces that then ends, breaks with this error, or stays open until it is left. */
export function body(pieces, end = null) {
  const left = [...pieces];
  return new ReadableStream({
    async pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else if (end instanceof Error) controller.error(end);
      else if (end === null) controller.close();
      else await new Promise(() => {});
    },
  });
}
