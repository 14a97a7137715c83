"""Who may import whom. The table is the rule; the reasons are in docs/design.md."""

import re
import sys

import pytest

from tests.imports import (
    ROOT,
    files_imported,
    folder_entered,
    handed_out,
    imported,
    modules,
)

PACKAGES = ("webapp", "mockllm", "loadtests")

ROOMS = {
    "webapp": {
        "configuration": set(),
        "chat": {"configuration"},
        "limits": {"configuration", "chat"},
        "upstream": {"configuration", "chat"},
        "relay": {"chat", "upstream"},
        "serving": {"configuration", "chat"},
        "observing": {"chat", "relay", "serving"},
        "page": {"configuration", "chat"},
        "http": {"configuration", "chat", "page", "limits", "upstream", "relay", "serving", "observing"},
    },
    "mockllm": {
        "values": set(),
        "text": {"values"},
        "timing": {"values", "text"},
        "faults": {"values"},
        "rules": {"values", "text", "timing", "faults"},
        "api": {"values", "text", "timing", "rules"},
        "journal": {"values", "timing", "faults", "api"},
        "serving": {"values", "text", "timing", "faults", "rules", "api", "journal"},
        "testing": {"values", "rules", "api"},
    },
    "loadtests": {
        "measuring": set(),
        "chat": set(),
        "rig": {"measuring", "chat"},
        "stack": {"rig"},
        "load": {"measuring", "chat"},
        "capacity": {"measuring", "chat", "rig", "load", "stack"},
        "compare": {"measuring", "rig", "stack", "chat"},
        "bench": {"measuring", "rig", "stack", "load"},
        "proofs": {"measuring", "rig", "stack", "chat"},
    },
}
"""The rooms of a package, in the order in which they may be built, and whose doors each uses.

`load` knows a URL and nothing else: neither how a process is started nor which app answers there.
"""

ENTRANCES = {
    "webapp": {"__init__", "__main__", "app", "gunicorn.conf", "wsgi"},
    "mockllm": {"__init__", "__main__", "pytest_plugin"},
    "loadtests": {"__init__", "__main__", "locustfile"},
}
"""The files of a package that stand before its rooms: what is run or imported from outside."""

LEAST_ROOMS, MOST_ROOMS = 6, 9
MOST_FILES = 9
"""In one room, its door apart."""

LEAST_FILES = 3
"""A room of fewer is a part of another."""

INSIDE = {
    "webapp.gunicorn.conf": {
        "webapp.serving.metrics_folder",
        "webapp.serving.worker",
    },
    "webapp.upstream.client": {"webapp.upstream.transport.exchange"},
    "webapp.upstream.prepared": {"webapp.upstream.transport.exchange", "webapp.upstream.transport.http1"},
    "loadtests.locustfile": {
        "loadtests.load.clock",
        "loadtests.load.hooks",
        "loadtests.load.options",
        "loadtests.load.processes.asking",
        "loadtests.load.processes.records",
        "loadtests.load.receiving.receiving",
        "loadtests.load.receiving.taking",
        "loadtests.load.rows",
        "loadtests.load.schedule.arriving",
    },
}
"""Who may pass which door by. Python opens the door all the same, so this spares who stands here nothing: it
spares all others, who come through the door. The app under another server than gunicorn has no use for
gunicorn's worker; where gevent has not patched, none for what works on its loop alone; and Locust patches what it
finds, which the command that starts it must not suffer.
"""

PARTS = {
    "webapp.serving.clients",
    "loadtests.load.diffing",
    "loadtests.load.judging",
    "loadtests.load.ledger",
    "loadtests.load.page",
    "loadtests.load.processes",
    "loadtests.load.receiving",
    "loadtests.load.schedule",
    "loadtests.capacity.levels",
    "loadtests.capacity.page",
}
"""Folders without a door, whose files all of their room may name: what a door of theirs would bring, Locust above
all, or what only gunicorn's worker has a use for, is not for everybody who needs one of them.
"""

LATER = {"mockllm": {"mockllm.serving", "mockllm.testing"}}
"""What a door loads only when it is asked for: it stands before those who have its version from it."""

FORBIDDEN = {
    "webapp": {"mockllm", "loadtests", "locust", "requests"},
    "mockllm": {"webapp", "loadtests", "locust", "openai", "httpx2", "requests"},
    "loadtests": {"webapp", "mockllm"},
}

ONLY_IN = {
    ("webapp", "gevent"): {
        "observing.log_stream",
        "serving.clients.connection",
        "serving.clients.gone",
        "serving.clients.server",
        "serving.clients.turns",
        "serving.clients.watch",
        "serving.lifecycle",
        "serving.worker",
        "upstream.transport.connections",
        "upstream.transport.exchange",
        "upstream.transport.tasks",
    },
    ("webapp", "openai"): {
        "upstream.asking",
        "upstream.client",
        "upstream.environment",
        "upstream.failures.log_fields",
        "upstream.failures.translation",
        "upstream.model",
        "upstream.prepared",
        "upstream.questions.refusals",
        "upstream.readiness",
    },
    ("mockllm", "gevent"): {"serving.gunicorn_server", "timing.clockwork", "timing.stream"},
    ("mockllm", "gunicorn"): {"serving.gunicorn_server"},
}
"""Packages that few files may name: what they are for is those files' whole business."""

PURE = {
    "webapp": {
        "chat.continuation",
        "chat.errors",
        "chat.events",
        "chat.messages",
        "configuration.hosts",
        "configuration.misspelling",
        "http.formats",
        "relay.blocking",
        "relay.ending",
        "relay.relay",
        "relay.values",
        "relay.waits",
        "chat.conversation",
        "upstream.decoding.chunk",
        "upstream.decoding.decoder",
        "upstream.decoding.document",
        "upstream.decoding.documented",
        "upstream.decoding.errors",
        "upstream.decoding.events",
        "upstream.decoding.fields.finish_reasons",
        "upstream.decoding.fields.growing",
        "upstream.decoding.fields.halves",
        "upstream.decoding.fields.parts",
        "upstream.decoding.fields.reported",
        "upstream.decoding.think_tags",
        "upstream.decoding.tolerant",
        "upstream.decoding.fields.usage",
        "upstream.questions.dialects",
        "upstream.failures.retry_after",
        "upstream.failures.words",
        "upstream.questions.payload",
        "upstream.questions.room",
        "upstream.transport.http1",
    },
    "mockllm": {
        "api.answering.completing",
        "api.answering.json_answer",
        "api.answering.tool_calls",
        "api.timed_reply",
        "api.wire",
        "journal.cassettes.cassette",
        "journal.cassettes.matching",
        "journal.cassettes.playing",
        "rules.knobs",
        "rules.mistakes",
        "rules.reading",
        "rules.rule",
        "text.schema.build",
        "text.schema.checks.form",
        "text.schema.texts.patterns",
        "text.tokens",
        "text.writing",
        "timing.pacing",
        "timing.writes",
        "values.draws",
        "values.reply",
        "values.shown",
    },
    "loadtests": {
        "chat.collecting",
        "chat.events",
        "chat.questions",
        "chat.timing",
        "capacity.curve",
        "capacity.finding",
        "capacity.search",
        "capacity.step",
        "bench.floor.claims",
        "load.diffing.differences",
        "load.judging.limits",
        "load.judging.verdict",
        "load.ledger.ledger",
        "load.page.charts",
        "load.page.frame",
        "load.report",
        "load.schedule.arrivals",
        "load.schedule.stages",
        "load.summary",
    },
}
IMPURE_IMPORTS = {
    "flask",
    "gevent",
    "locust",
    "os",
    "socket",
    "subprocess",
    "threading",
    "time",
    "openai",
    "urllib",
}
"""What a module that only decides has no use for: it is given its clock, its bytes and its settings."""


def top(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_meet_only_over_http(package: str) -> None:
    strays = {
        name: found for name, path in modules(package) if (found := top(imported(path)) & FORBIDDEN[package])
    }
    assert strays == {}


@pytest.mark.parametrize(("package", "library"), ONLY_IN)
def test_a_library_stays_where_it_is_the_business_of_the_file(package: str, library: str) -> None:
    namers = {name for name, path in modules(package) if library in top(imported(path))}
    assert namers == ONLY_IN[package, library]


@pytest.mark.parametrize("package", PACKAGES)
def test_what_decides_touches_nothing_outside(package: str) -> None:
    found = dict(modules(package))
    strays = {name: bad for name in PURE[package] if (bad := top(imported(found[name])) & IMPURE_IMPORTS)}
    assert strays == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_who_says_that_it_only_decides_does(package: str) -> None:
    strays = {
        name: bad
        for name, path in modules(package)
        if path.read_text(encoding="utf-8").partition("\n")[0].rstrip('"').endswith(" Pure.")
        and (
            bad := top({one for one in imported(path) if not one.startswith("urllib.parse")}) & IMPURE_IMPORTS
        )
    }
    assert strays == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    paths = {f"{package}.{name}".removesuffix(".__init__"): path for name, path in modules(package)}
    graph = {
        name: files_imported(path.read_text(encoding="utf-8"), for_types=False) & paths.keys()
        for name, path in paths.items()
    }
    graph = {name: needs - LATER.get(name, set()) for name, needs in graph.items()}
    while leaves := {name for name, needs in graph.items() if not needs}:
        graph = {name: needs - leaves for name, needs in graph.items() if name not in leaves}
    assert graph == {}, "these import each other in a circle"


@pytest.mark.parametrize("package", ROOMS)
def test_every_file_stands_in_a_room(package: str) -> None:
    names = [name for name, _ in modules(package)]
    assert LEAST_ROOMS <= len(ROOMS[package]) <= MOST_ROOMS
    assert {name.partition(".")[0] for name in names if name not in ENTRANCES[package]} == set(ROOMS[package])
    assert {name for name in names if "." not in name} <= ENTRANCES[package] <= set(names)


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_has_few_enough_files_to_know_them_all(package: str) -> None:
    folders = [path.parent for _, path in modules(package)]
    files = {folder: folders.count(folder) - 1 for folder in folders if folder != ROOT / package}
    assert {folder.name: count for folder, count in files.items() if count > MOST_FILES} == {}
    rooms = {room: files[ROOT / package / room] for room in ROOMS[package]}
    assert {room: count for room, count in rooms.items() if count < LEAST_FILES} == {}


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_uses_the_doors_that_it_may(package: str) -> None:
    used: dict[str, set[str]] = {room: set() for room in ROOMS[package]}
    for name, path in modules(package):
        if (room := name.partition(".")[0]) in used:
            used[room] |= rooms_imported(path.read_text(encoding="utf-8"), package) - {room}
    assert used == ROOMS[package]


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_uses_only_what_may_be_built_before_it(package: str) -> None:
    rooms = list(ROOMS[package])
    assert {room for at, room in enumerate(rooms) if not ROOMS[package][room] <= set(rooms[:at])} == set()


@pytest.mark.parametrize("package", ROOMS)
def test_a_folder_is_entered_by_its_door(package: str) -> None:
    strays = {
        f"{package}.{name} -> {module}"
        for name, path in modules(package)
        for module in passed_by(f"{package}.{name}", path.read_text(encoding="utf-8"))
        if module not in INSIDE.get(f"{package}.{name}", ())
    }
    assert strays == set()


def test_what_has_no_door_has_none_and_who_may_pass_one_by_does() -> None:
    assert {part for part in PARTS if handed_out(part)} == set()
    for name, allowed in INSIDE.items():
        package, _, rest = name.partition(".")
        source = dict(modules(package))[rest].read_text(encoding="utf-8")
        assert passed_by(name, source) == allowed


@pytest.mark.parametrize(
    ("importer", "source", "found"),
    [
        ("webapp.app", "from webapp.upstream import client", {"webapp.upstream.client"}),
        ("webapp.app", "import webapp.upstream.client", {"webapp.upstream.client"}),
        ("webapp.app", "from webapp.upstream.client import http_client", {"webapp.upstream.client"}),
        ("webapp.app", "from webapp.upstream import ChatModel", set()),
        (
            "webapp.app",
            "try:\n    from webapp.limits import admission\nexcept ImportError:\n    pass",
            {"webapp.limits.admission"},
        ),
        ("webapp.app", "def go():\n    from webapp.limits import admission", {"webapp.limits.admission"}),
        ("webapp.app", "importlib.import_module('webapp.limits.admission')", {"webapp.limits.admission"}),
        ("webapp.app", "__import__('webapp.limits.admission')", {"webapp.limits.admission"}),
        (
            "webapp.upstream.asking",
            "from webapp.upstream.transport import http1",
            {"webapp.upstream.transport.http1"},
        ),
        (
            "webapp.upstream.decoding.chunk",
            "from webapp.upstream.transport.body import Body",
            {"webapp.upstream.transport.body"},
        ),
        ("webapp.upstream.decoding.chunk", "from webapp.upstream import client", set()),
        ("webapp.serving.worker", "from webapp.serving.clients import turns", set()),
        ("webapp.app", "from webapp.serving.clients import turns", {"webapp.serving.clients.turns"}),
    ],
)
def test_a_door_that_is_passed_by_is_found(importer: str, source: str, found: set[str]) -> None:
    assert passed_by(importer, source) == found


def rooms_imported(source: str, package: str) -> set[str]:
    """The rooms of its own package that a source uses."""
    parts = [name.split(".") for name in files_imported(source)]
    return {part[1] for part in parts if part[0] == package and len(part) > 1 and part[1] in ROOMS[package]}


def passed_by(importer: str, source: str) -> set[str]:
    """The modules behind doors that a source names instead of the doors."""
    package = importer.partition(".")[0]
    return {
        module
        for module in files_imported(source)
        if module.startswith(f"{package}.")
        and (folder := folder_entered(importer, module))
        and not (folder in PARTS and importer.startswith(folder.rpartition(".")[0]))
    }


def test_every_dependency_is_declared() -> None:
    declared = {"click", "flask", "gevent", "geventhttpclient", "gunicorn", "httpx2", "msgspec", "openai"}
    declared |= {
        "certifi",
        "jsonschema_rs",
        "limits",
        "prometheus_client",
        "pydantic",
        "pydantic_core",
        "redis",
        "structlog",
    }
    declared |= {"greenlet", "jinja2", "markupsafe", "werkzeug", "yaml", "pytest", "_pytest"}
    used = set().union(
        *(top(imported(path)) for package in ("webapp", "mockllm") for _, path in modules(package))
    )
    assert used - declared - set(sys.stdlib_module_names) - set(PACKAGES) == set()


def test_the_app_has_no_use_for_what_only_the_mock_needs() -> None:
    """So that an image of the app alone may leave it out."""
    used = set().union(*(top(imported(path)) for _, path in modules("webapp")))
    assert not used & {"jsonschema_rs", "yaml"}


@pytest.mark.parametrize("package", ROOMS)
def test_the_drawing_shows_every_file_where_it_is(package: str) -> None:
    built = {tuple(name.split(".")) for name, _ in modules(package)}
    assert drawn(package) == {
        parts for parts in built if parts[0] in ROOMS[package] and parts[-1] != "__init__"
    }


def drawn(package: str) -> set[tuple[str, ...]]:
    """The files in a package's table of docs/design.md. A room's name ends in `/`; so does a folder's in it."""
    _, _, text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").partition(f"`{package}` has")
    rows = [line.split("|")[1:-1] for line in text.partition("| --- |")[2].partition("\n\n")[0].splitlines()]
    found, room = set(), ""
    for head, *told in rows[1:]:
        room = head.strip(" `/") or room
        folder = [room]
        for name in re.findall(r"`([\w/]+)`", told[-1]):
            if name.endswith("/"):
                folder = [room, *name.strip("/").split("/")]
            else:
                found.add((*folder, name))
    return found
