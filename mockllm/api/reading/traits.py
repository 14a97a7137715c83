"""What a body offers and asks for, whichever API it is for: tools, and the form of the answer. Pure."""

from typing import Any, NamedTuple


class Traits(NamedTuple):
    """The names of the tools on offer, and `text`, `json_object` or `json_schema`."""

    tools: tuple[str, ...] = ()
    form: str = "text"


def traits_of(given: Any) -> Traits:
    """Look at what a body says; what is no object has none."""
    if not isinstance(given, dict):
        return Traits()
    forms = (
        given.get("response_format"),
        _object(given.get("text")).get("format"),
        _object(given.get("output_config")).get("format"),
    )
    kinds = (_object(form).get("type") for form in forms)
    tools = given.get("tools") if isinstance(given.get("tools"), list) else []
    names = (_object(_object(tool).get("function", tool)).get("name") for tool in tools or ())
    return Traits(
        tuple(name for name in names if isinstance(name, str)),
        next((kind for kind in kinds if isinstance(kind, str)), "text"),
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
