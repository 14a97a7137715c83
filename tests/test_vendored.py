"""What the page takes from npm lies beside its lock file, as locked, with its licences."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.programs import NODE, required

VENDOR = Path(__file__).resolve().parents[1] / "webapp" / "static" / "vendor"
LOCK = json.loads((VENDOR / "package-lock.json").read_text())
PINS = json.loads((VENDOR / "package.json").read_text())
PACKAGES = {name.removeprefix("node_modules/"): package for name, package in LOCK["packages"].items() if name}
FOLDERS = {
    "@speed-highlight/core": "speed-highlight",
    "character-entities-html4": "character-entities-html4",
    "marked": "marked",
    "temml": "temml",
}
BEFORE_THE_FIRST_ANSWER = ("marked/marked.js", "character-entities-html4/index.js")
MOST_BYTES_BEFORE_THE_FIRST_ANSWER = 60_000


def test_every_package_is_pinned_by_version_and_hash_and_by_no_host() -> None:
    assert {**PINS["dependencies"], **PINS["devDependencies"]} == {
        name: package["version"] for name, package in PACKAGES.items()
    }
    assert all(package["integrity"].startswith("sha512-") for package in PACKAGES.values())
    assert not re.search(r'"resolved"|registry\.', (VENDOR / "package-lock.json").read_text())


@pytest.mark.parametrize("name", PINS["dependencies"])
def test_what_is_served_comes_with_its_licence(name: str) -> None:
    folder = VENDOR / FOLDERS[name]
    assert (folder / "LICENSE").stat().st_size > 0
    row = f"| {name} | {PACKAGES[name]['version']} | {PACKAGES[name]['license']} |"
    assert row in (VENDOR / "README.md").read_text()


def test_nothing_lies_there_that_no_package_brought() -> None:
    assert {path.name for path in VENDOR.iterdir() if path.is_dir()} == set(FOLDERS.values())


def test_little_is_loaded_before_the_first_answer() -> None:
    size = sum((VENDOR / name).stat().st_size for name in BEFORE_THE_FIRST_ANSWER)
    assert size <= MOST_BYTES_BEFORE_THE_FIRST_ANSWER


def test_every_file_is_the_packages_own() -> None:
    node = required(NODE)
    check = subprocess.run(
        [node, VENDOR / "vendor.mjs", "--check"], capture_output=True, text=True, timeout=110
    )
    if "ENOENT" in check.stderr or re.search(r"npm error (code E|network)", check.stderr):
        pytest.skip(f"npm cannot get the packages: {check.stderr.strip()[-300:]}")
    assert (check.returncode, check.stdout) == (0, "all as locked\n"), check.stderr
