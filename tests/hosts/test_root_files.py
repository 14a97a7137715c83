"""What the files in the root make a host take this project for: Python, and only Python.

Heroku asks its buildpacks in the order of BUILDPACKS and builds with the first that detects the app. The
rules are those of each bin/detect, https://github.com/heroku/heroku-buildpack-<name>.
"""

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase

import pytest

from tests.hosts.sources import ROOT, tracked_files

BUILDPACKS = {
    "ruby": ("Gemfile",),
    "nodejs": ("package.json",),
    "clojure": ("project.clj", "deps.edn"),
    "python": ("requirements.txt", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "setup.py"),
    "java": ("pom.xml", "pom.atom", "pom.clj", "pom.groovy", "pom.rb", "pom.scala", "pom.yaml", "pom.yml"),
    "gradle": ("gradlew", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"),
    "scala": ("*.sbt", "project/*.scala", ".sbt/*.scala", "project/build.properties"),
    "php": ("composer.json", "index.php"),
    "go": (
        "go.mod",
        "Gopkg.lock",
        "Godeps/Godeps.json",
        "vendor/vendor.json",
        "glide.yaml",
        "src/*/*.go",
    ),
    "dotnet": ("*.sln", "*.slnx", "*.csproj", "*.vbproj", "*.fsproj"),
}
PYTHON_MANIFESTS = {"requirements.txt", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock"}
"""Two of them are an error: the buildpack does not choose (lib/package_manager.sh)."""

HOSTS_OWN = {
    "static": ("static.json", "index.html"),  # heroku-buildpack-static; Render's and Vercel's static sites
    "deno": ("deno.json", "deno.jsonc"),
    "bun": ("bun.lockb", "bun.lock"),
    "rust": ("Cargo.toml",),
    "elixir": ("mix.exs",),
}
"""What railpack, nixpacks and other hosts' builders look for beside those."""


def detecting(files: Iterable[str]) -> list[str]:
    """The buildpacks that would take a project of these files, in Heroku's order and then the others'."""
    files = list(files)
    rules = {**BUILDPACKS, **HOSTS_OWN}
    return [name for name, patterns in rules.items() if any(_has(files, pattern) for pattern in patterns)]


def _has(files: Iterable[str], pattern: str) -> bool:
    # As a shell has it: a star does not cross a folder.
    return any(fnmatchcase(name, pattern) and name.count("/") == pattern.count("/") for name in files)


def test_no_other_buildpack_takes_this_project() -> None:
    assert detecting(tracked_files()) == ["python"]


def test_there_is_one_python_manifest() -> None:
    assert PYTHON_MANIFESTS & set(tracked_files()) == {"requirements.txt"}


def test_the_root_declares_no_package() -> None:
    """Vercel, uv and Google's buildpacks install what [project] lists, instead of requirements.txt."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(declared) == {"tool"}
    assert declared["tool"]["vercel"]["entrypoint"] == "webapp.wsgi:app"
    assert not {"setup.py", "setup.cfg", "environment.yml"} & set(tracked_files())


def test_no_virtual_environment_is_in_git() -> None:
    """Heroku's buildpack refuses one."""
    assert not [name for name in tracked_files() if name.startswith((".venv/", "venv/", "node_modules/"))]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ruby", "Gemfile"),
        ("nodejs", "package.json"),
        ("clojure", "project.clj"),
        ("java", "pom.xml"),
        ("gradle", "gradlew"),
        ("scala", "build.sbt"),
        ("php", "composer.json"),
        ("go", "go.mod"),
        ("go", "src/chat/main.go"),
        ("dotnet", "Chat.csproj"),
    ],
)
def test_the_rules_find_what_they_are_about(name: str, file: str) -> None:
    assert name in detecting([*tracked_files(), file])
    assert name not in detecting([*tracked_files(), f"docs/{file}"])
