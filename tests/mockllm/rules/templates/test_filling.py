import pytest

from mockllm.rules import Question, RuleError, read_rule
from mockllm.rules.templates import rendered
from mockllm.values import ApiError
from mockllm.values.conversation import Turn

ASKED = Question(
    "gpt-5",
    (
        Turn("system", "Be brief."),
        Turn("user", "Order 1234, please"),
        Turn("tool", "sent", answers="find_order"),
    ),
    {"x-tenant": "acme"},
    ("find_order",),
)


def answered(answer: object, **when: object) -> object:
    return dict(
        rendered(read_rule({"when": {"tool": "find_order", **when}, "answer": answer}, ()), ASKED).answer
    )


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("You said: {{ text }}", "You said: Order 1234, please"),
        ("{{ model }} {{ turn }} {{ headers['x-tenant'] }} {{ tools[0] }}", "gpt-5 1 acme find_order"),
        ("{{ system }}{% for result in results %} {{ result }}{% endfor %}", "Be brief. sent"),
        ("Order {{ text.split()[1].strip(',') }}", "Order 1234"),
        ("{{ text | upper }}{% if images %} with pictures{% endif %}", "ORDER 1234, PLEASE"),
        ("\n{{ turn }}\n", "\n1\n"),
    ],
)
def test_what_was_asked_stands_in_the_words(words: str, filled: str) -> None:
    assert answered({"template": True, "text": words}, text="order") == {"text": filled}


def test_calls_and_thoughts_are_filled_too() -> None:
    calls = [{"name": "{{ tools[0] }}", "arguments": {"deep": ["{{ text }}", 7]}}]
    assert answered({"template": True, "calls": calls, "reasoning": "{{ turn }}!", "ttft": 5}) == {
        "calls": [{"name": "find_order", "arguments": {"deep": ["Order 1234, please", 7]}}],
        "reasoning": "1!",
        "ttft": 5,
    }


@pytest.mark.parametrize(
    "answer", ["{{ text }}", {"text": "{{ text }}"}, {"text": "{{ text }}", "template": False}]
)
def test_braces_are_words_unless_it_is_said(answer: object) -> None:
    assert answered(answer) == {"text": "{{ text }}"}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            {"template": True, "text": "{{ txt }}"},
            "answer.template: unknown name 'txt'; a template may name text,",
        ),
        ({"template": True, "text": "{{ text"}, "answer.template: not a template: unexpected end"),
        ({"template": True, "calls": [{"name": "f", "arguments": {"a": "{{ b }}"}}]}, "unknown name 'b'"),
        ({"template": "yes", "text": "a"}, "answer.template: expected true or false, got 'yes'"),
        ({"template": True}, "answer: expected at least one knob"),
        ({"template": True, "text": "{{ [1, 2] | random }}"}, "not a template: No filter named 'random'"),
        ({"template": True, "text": "{{ lipsum() }}"}, "unknown name 'lipsum'"),
    ],
)
def test_a_mistake_is_told_when_the_rule_is_read(answer: object, problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_rule({"answer": answer}, ())
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        "{{ results[3] }}",
        "{{ headers['x-none'] }}",
        "{{ turn / 0 }}",
        "{{ text.__class__ }}",
        "{{ 1 | dictsort }}",
        "{{ text | truncate(1) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include text %}",
        "{{ '\\ud83d' }}",
        "{{ 9 ** 9000 }}",
    ],
)
def test_what_did_not_come_is_told_to_the_client(words: str) -> None:
    with pytest.raises(ApiError, match="The template of a rule failed"):
        answered({"template": True, "text": words})


def test_what_is_filled_is_looked_at_again() -> None:
    with pytest.raises(ApiError, match="expected a call with a name"):
        answered({"template": True, "calls": [{"name": "{{ text[:0] }}", "arguments": {}}]})


def test_a_template_that_is_too_deep_is_a_mistake() -> None:
    with pytest.raises(RuleError, match="not a template"):
        read_rule({"answer": {"template": True, "text": "{{ " + "(" * 5000 + ")" * 5000 + " }}"}}, ())
