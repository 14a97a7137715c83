from mockllm.journal.cassettes.secrets import (
    clean_path,
    kept_headers,
    pieces_without_secrets,
    secrets_in,
    without_secrets,
)

KEY = "sk-proj-abcdefgh12345678"


def test_only_headers_about_the_answer_are_kept() -> None:
    kept = [
        ("Content-Type", "text/event-stream"),
        ("retry-after-ms", "20"),
        ("OpenAI-Processing-MS", "81"),
        ("x-ratelimit-remaining-tokens", "5"),
    ]
    dropped = [
        ("Set-Cookie", "__cf_bm=abc"),
        ("OpenAI-Organization", "user-x"),
        ("x-request-id", "req_1"),
        ("CF-Ray", "1"),
    ]
    assert kept_headers([*dropped, *kept]) == kept


def test_the_secrets_of_a_request() -> None:
    headers = [
        ("Authorization", f"Bearer {KEY}"),
        ("api-key", "azure-key-1234"),
        ("X-Goog-Api-Key", "google-key-1234"),
        ("Cookie", "session=0123456789abcdef; theme=dark"),
        ("OpenAI-Organization", "org-secret99"),
        ("OpenAI-Project", "proj_secret99"),
        ("User-Agent", "OpenAI/Python"),
    ]
    found = secrets_in(headers)
    for secret in (
        KEY,
        "azure-key-1234",
        "google-key-1234",
        "0123456789abcdef",
        "org-secret99",
        "proj_secret99",
    ):
        assert secret.encode() in found
    assert b"OpenAI/Python" not in found
    assert b"dark" not in found


def test_they_are_crossed_out_at_their_length() -> None:
    secrets = secrets_in([("Authorization", f"Bearer {KEY}")])
    assert without_secrets(f"Bad key {KEY}.".encode(), secrets) == b"Bad key " + b"*" * len(KEY) + b"."


def test_even_where_one_comes_in_two_pieces() -> None:
    secrets = secrets_in([("Authorization", f"Bearer {KEY}")])
    pieces = [f"Bad key {KEY[:5]}".encode(), f"{KEY[5:]}.".encode()]
    clean = pieces_without_secrets(pieces, secrets)
    assert list(map(len, clean)) == list(map(len, pieces))
    assert b"".join(clean) == b"Bad key " + b"*" * len(KEY) + b"."


def test_secrets_of_the_query() -> None:
    assert clean_path("/v1/models", "") == "/v1/models"
    assert clean_path("/v1/models", "key=AIza&limit=5&api-version=1") == "/v1/models?limit=5&api-version=1"
    assert clean_path("/v1/models", "api-key=x") == "/v1/models"
