"""The tables of docs/mockllm.md that the code itself tells; `python -m tests.mockllm.manual` writes them."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from mockllm import create_app
from mockllm.faults import FAULTS
from mockllm.faults.fault import Kind
from mockllm.serving import cli
from mockllm.timing.pacing import PROFILES

ENDPOINTS = {
    "/health": "the same as `/healthz`, where guidellm and vLLM's own tools look",
    "/healthz": "`saturated` if tokens leave too late to be believed, the lateness, and how the rule file is",
    "/metrics": "the same for Prometheus, with a histogram of all tokens' lateness; requests, faults and tokens by path and model",
    "/mock/requests": "the journal: what came, what was answered, when each token was due and left",
    "/mock/reset": "forget journal, quotas, given rules and kept answers",
    "/mock/rules": "give the running server a rule, list what was given, take it all back",
    "/v1/chat/completions": "chat completions, whole and streamed; `GET` lists those that are stored",
    "/v1/chat/completions/<key>": "one that was asked for with `store`: show it, change its metadata, delete it",
    "/v1/chat/completions/<key>/messages": "what it answered",
    "/v1/completions": "legacy completions, whole and streamed",
    "/v1/conversations": "begin a conversation",
    "/v1/conversations/<key>": "show it, change its metadata, delete it",
    "/v1/conversations/<key>/items": "list what was said in it, the latest first, or add to it",
    "/v1/conversations/<key>/items/<item>": "one item of it",
    "/v1/embeddings": "seeded unit vectors",
    "/v1/messages": "Anthropic's messages, whole and streamed",
    "/v1/messages/count_tokens": "what such a message would be billed for its prompt",
    "/v1/models": "a model for each profile, as OpenAI, Anthropic or Google lists them",
    "/v1/models/<path:name>": "any model that is accepted; none can be deleted; `POST` as under `/v1beta`",
    "/v1/moderations": "moderations: a category is flagged where a text names it",
    "/v1/responses": "responses, whole and streamed, and in the background",
    "/v1/responses/<key>": "a response that is kept: show it, stream it again from an event on, delete it",
    "/v1/responses/<key>/cancel": "cancel one that runs in the background",
    "/v1/responses/<key>/input_items": "list what it answered, the latest first",
    "/v1/responses/compact": "an item that stands for a conversation",
    "/v1/responses/input_tokens": "what such a response would be billed for its prompt",
    "/v1beta/models": "the models as Google lists them",
    "/v1beta/models/<path:name>": "Gemini's API: `POST` to `<name>:generateContent`, `:streamGenerateContent`, `:countTokens`, `:embedContent`, `:batchEmbedContents`",
}
"""What each path is for. One that the code has and this has not stops the test of the manual."""

MANUAL = Path(__file__).parents[2] / "docs" / "mockllm.md"


def settings() -> str:
    rows = []
    for parameter in cli._mockllm.params:
        match = re.fullmatch(
            r"(.*?)  \[(\w+)(?:; (.*))?\]", getattr(parameter, "help", None) or "", re.DOTALL
        )
        if match:
            flag = f"`{parameter.opts[0]}`"
            rows.append((flag, f"`{match[2]}`", f"`{match[3]}`" if match[3] else "", match[1].rstrip(".")))
    return _table(("flag", "variable", "default", "what it sets"), rows)


def profiles() -> str:
    rows = [
        (
            f"`{name}`",
            f"{pace.ttft_seconds * 1000:g}",
            f"{pace.itl_seconds * 1000:.4g}",
            f"{pace.prefill_seconds * 1000:g}",
        )
        for name, pace in PROFILES.items()
    ]
    return _table(("profile", "`ttft` ms", "`itl` ms", "`prefill` ms"), rows)


def faults() -> str:
    rows = [(f"`{_notation(name, kind)}`", _told(kind.change)) for name, kind in FAULTS.items()]
    return _table(("fault", "what the client sees"), rows)


def endpoints() -> str:
    rules = [rule for rule in create_app().url_map.iter_rules() if rule.endpoint != "static"]
    methods: dict[str, set[str]] = {}
    for rule in rules:
        methods.setdefault(rule.rule, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    rows = [
        (f"`{path.replace('path:', '')}`", ", ".join(sorted(found)), ENDPOINTS[path])
        for path, found in sorted(methods.items())
    ]
    return _table(("path", "methods", "what it does"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "profiles": profiles,
    "faults": faults,
    "endpoints": endpoints,
}


def filled(text: str) -> str:
    """Return the manual with its tables as the code tells them."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, after = text.partition(begin)[0], text.partition(end)[2]
        text = f"{before}{begin}{table()}\n{end}{after}"
    return text


def _notation(name: str, kind: Kind) -> str:
    amount = f":{kind.amount}" if kind.amount is not None else ""
    place = {"none": "", "token": "@token", "byte": "@token.byte"}[kind.place]
    return f"{name}{amount}{place}{'=text' if kind.speaks else ''}"


def _told(change: Callable[..., object]) -> str:
    return " ".join((change.__doc__ or "").split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    MANUAL.write_text(filled(MANUAL.read_text("utf-8")), "utf-8")
