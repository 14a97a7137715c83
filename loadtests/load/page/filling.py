"""A page's template and what stands in it: one self-contained HTML file."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def filled(folder: Path, **values: object) -> str:
    """Fill `page.html.jinja` of this folder. Raises jinja2.UndefinedError for what is not given."""
    templates = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("page.html.jinja").render(values)
