import pytest

from loadtests.load.about import about, without_secrets


def test_no_key_is_in_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["locust", "--token", "s3cret", "--header=X-Key: s3cret", "--users", "2"]
    monkeypatch.setattr("sys.argv", given)
    assert about()["command"] == "locust --token *** --header=*** --users 2"


def test_no_report_has_the_password_of_a_url() -> None:
    assert list(without_secrets(["--host=http://me:secret@h:8/v1"])) == ["--host=http://***@h:8/v1"]
