"""What a template may do, and how much of it."""

import time
from typing import Any

import pytest
from jinja2 import TemplateError

from mockllm.rules.templates.sandbox import Sandbox

NAMES: dict[str, Any] = {"text": "Order 12, please", "results": ["b", "a"], "headers": {"x": "1"}, "turn": 3}
SANDBOX = Sandbox()


def fill(words: str, **names: Any) -> str:
    return SANDBOX.fill(words, {**NAMES, **names})


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("{{ text.split()[1].strip(',') }}", "12"),
        ("{{ text | map('upper') | join }}", "ORDER 12, PLEASE"),
        ("{{ results | map('upper') }}", "['B', 'A']"),
        ("{{ results | sort | join(', ') }} {{ results | tojson(2) }}", 'a, b [\n  "b",\n  "a"\n]'),
        ("{{ text | replace('please', 'at once') | truncate(12, true, leeway=0) }}", "Order 12,..."),
        ("{{ headers.get('x') }}{{ headers['x'] ~ turn }}{{ turn * 2 + 2 ** 3 }}", "11314"),
        ("{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}", "3210"),
        ("{% for each in results recursive %}{{ loop.index }}{{ each }}{% endfor %}", "1b2a"),
        ("{{ 'x' * 3 }}{{ text[::-1][:3] }}{{ text is string }}{{ 'Order' in text }}", "xxxesaTrueTrue"),
        ("{{ none }}{{ [1, 'a'] }}{{ missing | default('-') }}", "None[1, 'a']-"),
        ("{{ text | upper }}" * 100, "ORDER 12, PLEASE" * 100),
    ],
)
def test_what_people_write_is_filled(words: str, filled: str) -> None:
    assert fill(words) == filled


def test_a_large_text_is_filled() -> None:
    assert fill("{{ text | upper }}!", text="x" * 5_000_000).endswith("X!")


@pytest.mark.parametrize(
    "words",
    [
        "{{ text.split }}",
        "{{ text.split ~ '' }}",
        "{{ [text.split] }}",
        "{{ text.split | string }}",
        "{{ {'a': text.upper} | tojson }}",
        "{{ results | map(attribute='upper') | join }}",
        "{% macro m() %}{% endmacro %}{{ m }}",
        "{% for each in results %}{{ loop }}{% endfor %}",
        "{{ text.__class__ }}",
        "{{ text.format }}",
        "{{ text.encode() }}",
        "{{ '%s' % text.split }}",
    ],
)
def test_nothing_tells_where_in_memory_it_stands(words: str) -> None:
    with pytest.raises((TemplateError, TypeError)):
        fill(words)


@pytest.mark.parametrize(
    "words",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in text %}" * 9 + "{% endfor %}" * 9,
        "{{ 'x' * 1000000000 }}",
        "{{ 1000000000 * [1] }}",
        "{{ [[['x' * 1000] * 1000] * 1000] * 1000 }}",
        "{{ 2 ** 10000000000 }}",
        "{{ (10 ** 1000) ** 1000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 5 | round(-1000000000) }}",
        "{{ 5 | round(1000000000, 'ceil') }}",
        "{{ text | tojson(100000) }}",
        "{{ big | replace('', big) }}",
        "{{ big.replace('', big) }}",
        "{{ big | join(big) }}",
        "{{ big.join(big) }}",
        "{{ range(99999) | join(big) }}",
        "{% for a in range(99999) %}{{ 'a' in range(99999) }}{% endfor %}",
        "{% for a in range(2) recursive %}" + "x" * 1000 + "{{ loop(range(99999)) }}{% endfor %}",
        "{{ (big | replace('a', 'f') | int(base=16)) // 7 }}",
        "{% for a in big %}{{ 'zz' in big }}{% endfor %}",
        "{% for a in big %}{{ big == big ~ 'a' }}{% endfor %}",
        "{% for a in big %}{{ big[1:] | length }}{% endfor %}",
        "{% for a in big %}{{ big is in big }}{% endfor %}",
        "{{ big | map('replace', '', big) | list | length }}",
        "{{ big | sum(start=[]) }}",
        "{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}{{ m(text) }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for a in range(90000) %}" + "x" * 1000 + "{% endfor %}",
    ],
)
def test_what_would_take_for_ever_is_given_up(words: str) -> None:
    begun = time.process_time()
    with pytest.raises((TemplateError, TypeError, ValueError, RecursionError)):
        fill(words, big="a" * 20_000)
    assert time.process_time() - begun < 5


def test_what_it_costs_is_the_same_each_time() -> None:
    words = "{% for a in range(90000) %}{{ a }}{% endfor %}"
    ends = []
    for _ in range(2):
        try:
            ends.append(len(fill(words)))
        except TemplateError:
            ends.append(-1)
    assert ends[0] == ends[1]
