from loadtests.stack import complaints


def test_what_locust_complains_of_is_shown_or_else_its_end() -> None:
    assert complaints("a/INFO/b: x\na/ERROR/b: y\nz") == ["a/ERROR/b: y"]
    assert complaints("\n".join(map(str, range(30)))) == [str(line) for line in range(10, 30)]
