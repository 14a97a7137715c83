"""The seeded set of conversations that the users hold: short and long, one turn and several, many scripts."""

import random
from dataclasses import dataclass

TOPICS = (
    "quantum mechanics",
    "the history of tea",
    "how a heat pump works",
    "sourdough",
    "the Peloponnesian War",
    "tail latency",
    "why the sky is blue",
    "violin varnish",
)
FORMS = (
    "Write a short essay on {}.",
    "Explain {} to a curious ten-year-old.",
    "List five surprising facts about {}.",
    "What do experts disagree about when they talk about {}?",
)
# What naive relays and decoders break: other scripts, joined emoji, what some splitters take for line ends.
REMARKS = (
    "",
    "Antworte bitte auf Deutsch: über Öl, Maß und Übermut.",
    "日本語の引用をひとつ入れてください。",
    "أضف مثلاً واحداً.",
    "End with a family emoji 👩‍👩‍👧‍👦 and a flag 🇨🇭.",
    "Line one\nline two\r\nline three\u2028line four\u0085line five",
    '{"not": "a command"}\n\ndata: nor an event\n\n',
    "  Keep   the spaces  \t",
)
MAX_TOKENS = (None, None, None, 1, 7, 30)
LONG_REPEATS = 40


@dataclass(frozen=True)
class Message:
    role: str
    content: str


@dataclass(frozen=True)
class Question:
    """What a user asks: the whole conversation, and where to cut the answer."""

    messages: tuple[Message, ...]
    max_tokens: int | None = None


def questions(seed: int, count: int) -> tuple[Question, ...]:
    """The first `count` conversations of a seed, all different."""
    choices = random.Random(f"questions/{seed}")
    found: dict[Question, None] = {}
    while len(found) < count:
        found[_question(choices)] = None
    return tuple(found)


def conversations(seed: int, count: int, turns: int) -> tuple[tuple[str, ...], ...]:
    """What the user says in each turn of each conversation of a seed."""
    choices = random.Random(f"conversations/{seed}")
    return tuple(tuple(_prompt(choices) for _ in range(turns)) for _ in range(count))


def _question(choices: random.Random) -> Question:
    messages = [Message("user", _prompt(choices))]
    for _ in range(choices.choice((0, 0, 1, 3))):
        messages += [Message("assistant", _prompt(choices)), Message("user", _prompt(choices))]
    return Question(tuple(messages), choices.choice(MAX_TOKENS))


def _prompt(choices: random.Random) -> str:
    remark = choices.choice(REMARKS)
    repeats = LONG_REPEATS if choices.random() < 0.1 else 1
    return choices.choice(FORMS).format(choices.choice(TOPICS)) + f" {remark}" * repeats
