"""Who may import whom. The table is the rule; the reasons are in docs/design.md."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
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
        "chat": {"measuring"},
        "rig": {"measuring", "chat"},
        "stack": {"rig"},
        "load": {"measuring", "chat"},
        "capacity": {"measuring", "chat", "rig", "load", "stack"},
        "compare": {"measuring", "rig", "stack", "chat"},
        "bench": {"measuring", "rig", "stack", "load"},
        "proofs": {"measuring", "rig", "stack", "chat"},
    },
}
"""The rooms of a package, in the order in which they may be built, and whose doors each may use.

`load` knows a URL and nothing else: neither how a process is started nor which app answers there.
"""

ENTRANCES = {
    "webapp": {"__init__", "__main__", "app", "gunicorn.conf", "wsgi"},
    "mockllm": {"__init__", "__main__", "pytest_plugin"},
    "loadtests": {"__init__", "__main__", "locustfile"},
}
"""The files of a package that stand before its rooms: what is run or imported from outside."""

MOST_ROOMS = 9
MOST_FILES = 9
"""In one room, its door apart."""

LEAST_FILES = {"mockllm": 3}
"""A room of fewer is a part of another."""

INSIDE = {("webapp", "gunicorn.conf"), ("loadtests", "locustfile")}
"""Who may pass a door by: gunicorn's arbiter must not load what the door would bring; Locust patches what it
finds, which the command that starts it must not suffer.
"""

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
        "relay.relay",
        "chat.conversation",
        "upstream.decoding.chunk",
        "upstream.decoding.decoder",
        "upstream.decoding.document",
        "upstream.decoding.events",
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


def modules(package: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        if "peers" not in path.parts:
            yield ".".join(path.relative_to(ROOT / package).with_suffix("").parts), path


def imported(path: Path) -> set[str]:
    """Every module that a file imports, by its dotted name, wherever in the file it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


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
    assert namers <= ONLY_IN[package, library]


@pytest.mark.parametrize("package", PACKAGES)
def test_what_decides_touches_nothing_outside(package: str) -> None:
    found = dict(modules(package))
    strays = {name: bad for name in PURE[package] if (bad := top(imported(found[name])) & IMPURE_IMPORTS)}
    assert strays == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    known = {f"{package}.{name}" for name, _ in modules(package)}
    graph = {f"{package}.{name}": imported_at_start(path) & known for name, path in modules(package)}
    while leaves := {name for name, needs in graph.items() if not needs}:
        graph = {name: needs - leaves for name, needs in graph.items() if name not in leaves}
    assert graph == {}, "these import each other in a circle"


@pytest.mark.parametrize("package", ROOMS)
def test_every_file_stands_in_a_room(package: str) -> None:
    names = [name for name, _ in modules(package)]
    assert len(ROOMS[package]) <= MOST_ROOMS
    assert {name.partition(".")[0] for name in names if "." in name} - {"gunicorn"} == set(ROOMS[package])
    assert {name for name in names if "." not in name or name == "gunicorn.conf"} == ENTRANCES[package]


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_has_few_enough_files_to_know_them_all(package: str) -> None:
    folders = [path.parent for _, path in modules(package)]
    files = {folder: folders.count(folder) - 1 for folder in folders if folder != ROOT / package}
    assert {folder.name: count for folder, count in files.items() if count > MOST_FILES} == {}
    least = LEAST_FILES.get(package, 0)
    assert {folder.name: count for folder, count in files.items() if count < least} == {}


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_uses_only_the_doors_that_it_may(package: str) -> None:
    strays = {
        f"{name} -> {other}"
        for name, path in modules(package)
        if (room := name.partition(".")[0]) in ROOMS[package]
        for other in rooms_imported(path, package) - {room}
        if other not in ROOMS[package][room]
    }
    assert strays == set()


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_is_entered_by_its_door(package: str) -> None:
    strays = {
        f"{name} -> {module}"
        for name, path in modules(package)
        if (package, name) not in INSIDE
        for module in modules_imported(path)
        if module.startswith(f"{package}.")
        and module.count(".") > 1
        and module.split(".")[1] != name.partition(".")[0]
    }
    assert strays == set()


def test_doors_may_be_used_in_one_direction_only() -> None:
    for rooms in ROOMS.values():
        order = list(rooms)
        assert all(order.index(used) < order.index(room) for room in order for used in rooms[room])


def rooms_imported(path: Path, package: str) -> set[str]:
    """The rooms of its own package that a file uses."""
    parts = [name.split(".") for name in imported(path)]
    return {part[1] for part in parts if part[0] == package and len(part) > 1 and part[1] in ROOMS[package]}


def modules_imported(path: Path) -> set[str]:
    """What stands behind `from` or `import`, without the names that are taken from it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def imported_at_start(path: Path) -> set[str]:
    """What a file imports when it is imported itself: not inside functions, not for type checkers alone."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = ast.Module(body=[node], type_ignores=[])
            names |= {
                alias.name
                for item in ast.walk(module)
                if isinstance(item, ast.Import)
                for alias in item.names
            }
            if isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


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
