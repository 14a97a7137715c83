"""What the README says of settings and commands is what there is."""

import ast
import inspect
import re
from itertools import pairwise
from pathlib import Path

from webapp.configuration.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def docstrings() -> dict[str, str]:
    """What stands under each setting. pydantic can read it too, but at each start of the app."""
    (settings,) = ast.parse(inspect.getsource(Settings)).body
    return {
        ast.unparse(field.target): " ".join(ast.literal_eval(below.value).split())
        for field, below in pairwise(settings.body)
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr)
    }


def settings_table() -> str:
    meanings = docstrings()
    rows = ["| variable | default | what it sets |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = getattr(field.default, "get_secret_value", lambda value=field.default: value)()
        shown = (
            str(default).lower()
            if isinstance(default, bool)
            else f"{default:g}"
            if isinstance(default, float)
            else default
        )
        assert name in meanings, f"{name} has no docstring"
        rows.append(
            f"| `{PREFIX}{name.upper()}` | {f'`{shown}`' if shown != '' else ''} | {meanings[name]} |"
        )
    return "\n".join(rows)


def test_the_table_of_settings_is_that_of_the_code() -> None:
    table = settings_table()
    assert table in README, f"the README should hold this table:\n\n{table}"


def test_every_target_of_the_makefile_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", README))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets
    assert {"run", "test", "check", "loadtest", "compare", "bench"} <= named


def test_every_page_that_the_documents_link_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        dead = [link for link in links if "://" not in link and not (page.parent / link).exists()]
        assert dead == [], f"dead links in {page.name}"
