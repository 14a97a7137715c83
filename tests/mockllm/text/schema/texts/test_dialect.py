import pytest

from mockllm.text.regex import found
from mockllm.text.schema.texts.dialect import in_python
from mockllm.text.schema.texts.patterns import matching
from mockllm.values.draws import Draws, digest


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\p{L}+$",
        r"^\p{Lu}\p{Ll}*(?: \p{Letter}+)?$",
        r"^[\p{L}\p{N} .'-]{2,50}$",
        r"^[\p{L}\p{M}\p{Zs}'’.-]{1,255}$",
        r"^[^\p{L}]{2}$",
        r"^\P{L}\P{N}\P{Zs}\P{ASCII}$",
        r"^\p{Script=Greek}{2}\p{sc=Han}\p{gc=Lu}$",
        r"^\p{Emoji}\p{Sc}\p{Pd}$",
        r"^[\p{Ps}\p{Pe}]{4}$",
        r"^\u{1F600}\u00e9\x41\cJ$",
        r"^[[\]&&||~~]{6}$",
        r"^\\p\{L\}[\\p]$",
        r"^(?<sign>[(?<]x)$",
    ],
)
def test_a_text_is_found_by_the_expression_that_it_was_written_by(pattern: str) -> None:
    for seed in range(30):
        text = matching(pattern, Draws(digest(seed)))
        assert found(pattern, text), text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"(?<a>\d)\k<a>", r"(?P<a>\d)(?P=a)"),
        (r"(?<=x)(?<!y)", r"(?<=x)(?<!y)"),
        (r"\u{110000}", r"\u{110000}"),
        (r"\p{Nonsense}\p{sc}", r"\p{Nonsense}\p{sc}"),
        (r"a[b]c[d", "a[b]c[d"),
    ],
)
def test_it_is_read_as_python_has_it(written: str, read: str) -> None:
    assert in_python(written) == read
