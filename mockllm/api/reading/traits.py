"""What a body offers and asks for, whichever API it is for: tools, and the form of the answer. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from mockllm.api.reading.spelling import snake_case

_SCHEMAS = ("responseSchema", "responseJsonSchema", "_responseJsonSchema")


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
        object_of(given.get("text")).get("format"),
        object_of(given.get("output_config")).get("format"),
    )
    kinds = [object_of(form).get("type") for form in forms]
    config = _either(given, "generationConfig")
    if _either(config, "responseMimeType") in ("application/json", "text/x.enum"):
        schemas = (_either(config, name) for name in _SCHEMAS)
        kinds.append("json_schema" if any(schema is not None for schema in schemas) else "json_object")
    names = (tool.get("name") for tool in _tools(given.get("tools")))
    return Traits(
        tuple(name for name in names if isinstance(name, str)),
        next((kind for kind in kinds if isinstance(kind, str)), "text"),
    )


def _tools(tools: Any) -> Iterator[dict[str, Any]]:
    """Yield what describes each tool: OpenAI's and Anthropic's stand one by one, Google's in groups."""
    for tool in tools if isinstance(tools, list) else ():
        group = _either(object_of(tool), "functionDeclarations")
        if isinstance(group, list):
            yield from map(object_of, group)
        else:
            described = object_of(tool)
            yield object_of(described.get("function", described.get("custom", described)))


def _either(value: Any, name: str) -> Any:
    """Look a name up that Google writes in two ways, `responseMimeType` and `response_mime_type`."""
    found = object_of(value)
    return found.get(name, found.get(snake_case(name)))


def object_of(value: Any) -> dict[str, Any]:
    """Return a JSON object as it is, and anything else as one without members."""
    return value if isinstance(value, dict) else {}
