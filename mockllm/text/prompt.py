"""What a conversation asks for: its topic, key words, wanted length and form. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mockllm.text.letters import lowered

# ASCII's letters and digits alone: what else is one changes with the Unicode of each Python.
_ANY_CASE = re.IGNORECASE | re.ASCII

_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|please|kindly|now|(?:can|could|would|will) you(?: please)?)[,!]? +)+",
    _ANY_CASE,
)
_VERB = (
    r"(?:write|compose|draft|give|tell|explain|describe|summari[sz]e|list|name|compare|discuss|outline|make|create"
    r"|show|teach|think|talk|define|suggest|recommend|invent|find)"
)
_FORM = re.compile(rf"^{_VERB}\b.{{0,60}}?\b(?:on|about|of|for|why|how|what|that|to) +(?=\S)", _ANY_CASE)
_COMMAND = re.compile(rf"^{_VERB} +(?:(?:me|us) +)?", _ANY_CASE)
_QUESTION = re.compile(
    r"^(?:what(?:'s| is| are| was| were)|who(?: is| was|'s)|where(?: is| are)"
    r"|how (?:do|does|did|can|to|should)(?: (?:i|you|we))?"
    r"|why (?:do|does|did|is|are)|tell me) +",
    _ANY_CASE,
)
_TAIL = re.compile(
    r"[,;]? *\b(?:in (?:one|a single|two|three|\d+|at most|under|about|less than|fewer than)\b.*|please)$",
    _ANY_CASE,
)
_WORD = re.compile(r"[^\s.,;:!?()\[\]{}<>\"'`“”*_#|/\\-]{4,}")
_PLAIN = re.compile(r"[A-Za-z0-9 ,.;:!?'()\n-]*")
_COMMON = frozenset(
    [
        "about",
        "above",
        "after",
        "again",
        "also",
        "always",
        "another",
        "answer",
        "because",
        "been",
        "before",
        "being",
        "between",
        "both",
        "cannot",
        "could",
        "does",
        "doing",
        "done",
        "down",
        "each",
        "essay",
        "every",
        "exactly",
        "explain",
        "first",
        "from",
        "give",
        "have",
        "here",
        "into",
        "just",
        "keep",
        "know",
        "least",
        "less",
        "like",
        "list",
        "long",
        "make",
        "many",
        "might",
        "more",
        "most",
        "much",
        "must",
        "need",
        "never",
        "next",
        "once",
        "only",
        "other",
        "over",
        "paragraph",
        "paragraphs",
        "please",
        "point",
        "points",
        "same",
        "sentence",
        "sentences",
        "short",
        "should",
        "since",
        "some",
        "such",
        "tell",
        "text",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "things",
        "think",
        "this",
        "those",
        "through",
        "under",
        "until",
        "upon",
        "very",
        "want",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "will",
        "with",
        "within",
        "without",
        "word",
        "words",
        "would",
        "write",
        "your",
        "yours",
    ]
)
_NUMBERS = {
    "a": 1,
    "one": 1,
    "single": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
}
_COUNT = r"(\d{1,4}|a|one|single|two|three|four|five|six|seven|ten)"
_WORDS_WANTED = re.compile(r"(\d{1,5})[- ]?words?\b", _ANY_CASE)
_SENTENCES_WANTED = re.compile(rf"\b{_COUNT}[- ]sentences?\b", _ANY_CASE)
_ITEMS_WANTED = re.compile(
    rf"\b(?:list of|list|top) {_COUNT}\b"
    rf"|\b{_COUNT} (?:\w+ )?(?:ideas|tips|reasons|examples|steps|ways|facts|items|things|points)\b",
    _ANY_CASE,
)
_LONG_FORM = re.compile(
    r"\b(?:essay|article|story|detailed|in detail|long|thorough|report|chapter)\b", _ANY_CASE
)
_SHORT_FORM = re.compile(r"\b(?:short|brief|briefly|concise|quick|haiku|slogan|title)\b", _ANY_CASE)
_TOPIC_WORDS = 9
_QUOTE_LENGTH = 400
_NO_TOPIC = "the question at hand"


@dataclass(frozen=True, slots=True)
class Brief:
    """What to write about, and how much of it; zero words, sentences or items means that none was named."""

    topic: str
    keys: tuple[str, ...]
    quote: str
    words: int
    sentences: int
    items: int
    form: str


def read_brief(prompt: str) -> Brief:
    """Read a prompt the way a hurried writer would; anything at all gives a usable brief."""
    head = prompt[:4000]
    words = _WORDS_WANTED.search(head)
    topic = _topic(head)
    return Brief(
        topic=topic,
        keys=_keys(head) or (topic,),
        quote="" if _PLAIN.fullmatch(head) else prompt[:_QUOTE_LENGTH],
        words=min(int(words[1]), 10_000) if words else 0,
        sentences=_count(_SENTENCES_WANTED, head),
        items=min(_count(_ITEMS_WANTED, head), 100),
        form="long" if _LONG_FORM.search(head) else "short" if _SHORT_FORM.search(head) else "",
    )


def _topic(prompt: str) -> str:
    line = next((line.strip() for line in re.split(r"[\r\n]+|(?<=[.?!]) ", prompt) if line.strip()), "")
    line = _POLITE.sub("", line)
    for lead in (_FORM, _COMMAND, _QUESTION):
        if lead.search(line):
            line = lead.sub("", line, count=1)
            break
    line = _TAIL.sub("", line.rstrip(".?! :")).rstrip(".?! :,")
    topic = " ".join(line.split()[:_TOPIC_WORDS])[:120]
    return topic if len(topic) > 3 and lowered(topic) not in _COMMON else _NO_TOPIC


def _keys(prompt: str) -> tuple[str, ...]:
    found: Sequence[str] = _WORD.findall(prompt)
    unique = dict.fromkeys(
        word for word in found if lowered(word) not in _COMMON and word[0] not in "0123456789"
    )
    return tuple(unique)[:8]


def _count(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    if not match:
        return 0
    named = next(group for group in match.groups() if group).lower()
    return _NUMBERS.get(named) or int(named)
