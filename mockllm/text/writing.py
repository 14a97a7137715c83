"""Seeded prose that answers a brief, as an endless run of pieces. Pure.

A piece is a sentence, heading or list item with the white space before it. It ends in no white space, so
the tokens of a text are the tokens of its pieces.
"""

import re
from collections.abc import Iterable, Iterator

from mockllm.text import prose
from mockllm.text.essay import FOUNDING_ESSAY
from mockllm.text.letters import lowered
from mockllm.text.prompt import Brief
from mockllm.text.tokens import tokenize
from mockllm.values import Draws

_SLOT = re.compile(r"\{(\w+)\}")
_PIECE_BORDER = re.compile(r"(?<=[.!?:;])(?=\s)|(?=\n\n)|(?<!\n)(?=\n[^\n])")
_FILLERS = {
    length: tuple(text for text in prose.FILLERS if len(tokenize(" " + text)) == length)
    for length in range(3, 10)
}
_BODY = (prose.CLAIMS, prose.REASONS, prose.EXAMPLES, prose.CONTRASTS, prose.CLAIMS, prose.ADVICE)


def write(brief: Brief, draws: Draws, tokens: int | None, essay_allowed: bool) -> str:
    """Write an answer of exactly `tokens` tokens, or of the length that the brief asks for."""
    is_essay = essay_allowed and lowered(brief.topic) == "quantum mechanics" and brief.form == "long"
    if is_essay and tokens is None and not 0 < brief.words < 700:
        return FOUNDING_ESSAY
    writer = _Writer(brief, draws)
    pieces = writer.pieces(prelude=_PIECE_BORDER.split(FOUNDING_ESSAY) if is_essay else ())
    if tokens is not None:
        return _exactly(tokens, pieces, draws)
    if brief.sentences:
        return writer.sentences(min(brief.sentences, 200))
    if brief.items:
        return writer.listing(brief.items)
    words = brief.words or {"long": draws.between(380, 620), "short": draws.between(25, 60)}.get(
        brief.form, 0
    )
    return _about(words or draws.between(70, 210), pieces) + writer.closing()


class _Writer:
    """Fills the slots of sentences; each comes back only after all others of its kind had their turn."""

    def __init__(self, brief: Brief, draws: Draws) -> None:
        self._brief = brief
        self._draws = draws
        self._unused: dict[tuple[str, ...], list[str]] = {}

    def pieces(self, prelude: Iterable[str]) -> Iterator[str]:
        """Yield pieces for ever, the prelude first."""
        started = False
        for piece in prelude:
            started = True
            yield piece
        if not started:
            yield from self._introduction()
        paragraph = 1
        while True:
            yield from self._paragraph(paragraph)
            paragraph += 1

    def sentences(self, count: int) -> str:
        kinds = [prose.OPENINGS, *(_BODY[index % len(_BODY)] for index in range(count - 1))]
        return " ".join(self._fill(self._fresh(kind)) for kind in kinds)

    def listing(self, count: int) -> str:
        lines = [f"{number}. {self._fill(self._fresh(prose.ITEMS))}" for number in range(1, count + 1)]
        return "\n".join([self._fill(self._fresh(prose.LIST_LEADS)) + "\n", *lines])

    def closing(self) -> str:
        return "\n\n" + self._fill(self._fresh(prose.CLOSINGS))

    def _introduction(self) -> Iterator[str]:
        brief = self._brief
        separator = ""
        if brief.form == "long":
            yield "# " + _upper_first(brief.topic)
            separator = "\n\n"
        yield separator + self._fill(self._fresh(prose.OPENINGS))
        if brief.quote:
            yield " " + self._draws.pick(prose.QUOTES).replace("{quote}", brief.quote)
        yield " " + self._fill(self._fresh(prose.CLAIMS))

    def _paragraph(self, number: int) -> Iterator[str]:
        if number % 3 == 0:
            yield "\n\n## " + self._fill(self._fresh(prose.HEADINGS))
        if number > 1 and self._draws.chance(0.25):
            yield from self._bullets()
            return
        separator = "\n\n"
        offset = self._draws.between(0, len(_BODY) - 1)
        for index in range(self._draws.between(3, 5)):
            yield separator + self._fill(self._fresh(_BODY[(offset + index) % len(_BODY)]))
            separator = " "

    def _bullets(self) -> Iterator[str]:
        yield "\n\n" + self._fill(self._fresh(prose.LIST_LEADS))
        separator = "\n\n- "
        for _ in range(self._draws.between(3, 5)):
            yield separator + self._fill(self._fresh(prose.ITEMS))
            separator = "\n- "

    def _fresh(self, kind: tuple[str, ...]) -> str:
        unused = self._unused.get(kind)
        if not unused:
            unused = self._unused[kind] = list(kind)
        return unused.pop(self._draws.between(0, len(unused) - 1))

    def _fill(self, sentence: str) -> str:
        return _upper_first(_SLOT.sub(self._word, sentence))

    def _word(self, slot: re.Match[str]) -> str:
        name = slot[1]
        kind = name.lower().rstrip("2")
        if kind == "topic":
            return self._brief.topic
        word = self._draws.pick(self._brief.keys) if kind == "key" else self._fresh(prose.WORDS[kind])
        return _upper_first(word) if name[0].isupper() else word


def _upper_first(text: str) -> str:
    return text[0].upper() + text[1:] if "a" <= text[0] <= "z" else text


def _about(words: int, pieces: Iterator[str]) -> str:
    text: list[str] = []
    while words > 0:
        piece = next(pieces)
        words -= len(piece.split())
        text.append(piece)
    return "".join(text)


def _exactly(tokens: int, pieces: Iterator[str], draws: Draws) -> str:
    """Take whole pieces while they fit, then close the gap with sentences of known length."""
    taken: list[tuple[str, int]] = []
    left = tokens
    for piece in pieces:
        size = len(tokenize(piece))
        if size > left:
            break
        taken.append((piece, size))
        left -= size
    while taken and (0 < left < 3 or taken[-1][0][-1] not in ".!?”"):
        left += taken.pop()[1]
    text = "".join(piece for piece, _ in taken)
    return text + _fill_gap(left, draws, separator=" " if taken else "")


def _fill_gap(left: int, draws: Draws, separator: str) -> str:
    text = ""
    if 0 < left < 3:
        return ("Yes", "Yes.")[left - 1]
    while left:
        sizes = [size for size in _FILLERS if left == size or left - size >= 3]
        size = draws.pick(sizes)
        text += (separator if not text else " ") + draws.pick(_FILLERS[size])
        left -= size
    return text
