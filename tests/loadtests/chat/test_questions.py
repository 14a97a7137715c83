from loadtests.chat.questions import questions


def test_a_seed_always_gives_the_same_questions() -> None:
    assert questions(7, 24) == questions(7, 24)
    assert questions(7, 24)[:5] == questions(7, 5)
    assert questions(7, 24) != questions(8, 24)


def test_the_questions_differ_in_what_relays_break() -> None:
    asked = questions(1, 24)
    assert len(set(asked)) == 24
    assert {len(question.messages) for question in asked} == {1, 3, 7}
    assert {question.max_tokens for question in asked} == {None, 1, 7, 30}
    text = "".join(message.content for question in asked for message in question.messages)
    assert {"\u2028", "\u0085", "\u200d", "ü", "日", "\n"} <= set(text)
    assert max(len(message.content) for question in asked for message in question.messages) > 1_000


def test_the_user_speaks_first_last_and_in_turn() -> None:
    for question in questions(1, 24):
        roles = [message.role for message in question.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
