import time

import pytest

from mockllm.text.regex import PatternError, check_pattern, found

LONG = 200_000


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("rivers?", "Tell me about rivers", True),
        ("^rivers", "Tell me about rivers", False),
        ("(?i)RIVERS$", "Tell me about rivers", True),
        ("(?m)^two$", "one\ntwo", True),
        (r"^(?!.*no)(?=.*yes).+$", "oh yes", True),
        (r"^(?!.*no)(?=.*yes).+$", "oh yes, no", False),
        (r"(\w)\1", "hello", True),
        (r"(?P<x>ab)c", "abc", True),
        (r"\p{L}", "ü", True),
    ],
)
def test_found(pattern: str, text: str, expected: bool) -> None:
    assert found(pattern, text) is expected


@pytest.mark.parametrize(("pattern", "text"), [(r"\w", "ü"), (r"\d", "٣"), (r"\d", "\U00011f50")])
def test_letters_and_digits_are_those_of_every_python(pattern: str, text: str) -> None:
    assert not found(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * LONG + "!"),
        ("(a|aa)+$", "a" * LONG + "!"),
        (r"^(\w+\s?)*$", "word " * (LONG // 5) + "!"),
        ("(?:x*)*y", "x" * LONG),
        ("(.*)(.*)(.*)(.*)x", "a" * LONG),
        (r"\s+$", " " * LONG + "x"),
        (".*a.*b.*c", "ab" * (LONG // 2)),
        ("a.{0,200}b.{0,200}c", "ab" * (LONG // 20)),
    ],
)
def test_what_takes_others_for_ever_takes_one_pass(pattern: str, text: str) -> None:
    started = time.thread_time()
    assert not found(pattern, text)
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    ("pattern", "text", "problem"),
    [
        (r"(?:(a|aa)(?=.?))+b$", "a" * 60, "takes more than 100000 steps"),
        (r"(?=.*a)(?=.*b)z", "ab" * LONG, "only tried on texts of at most 4096 characters, got 400000"),
    ],
)
def test_what_goes_back_has_a_limit(pattern: str, text: str, problem: str) -> None:
    started = time.thread_time()
    with pytest.raises(PatternError, match=problem):
        found(pattern, text)
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    "pattern", ["(", "[", r"\Z", "a{99999999}", "(?:(?:a{999}){999}){999}", "x" * 5000, 5, None]
)
def test_what_is_refused(pattern: object) -> None:
    with pytest.raises(PatternError):
        check_pattern(pattern)
