"""References by name, as references by place. Pure.

`#foo` and the name of an `$id` become `#/$defs/foo`, so that whoever follows references knows one form only.
Within one document a `$dynamicRef` leads where a `$ref` does (JSON Schema 2020-12, core, 8.2.3.2).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mockllm.text.schema.checks import subschemas

_DYNAMIC = ("$dynamicRef", "$recursiveRef")
_NAMES = ("$anchor", "$dynamicAnchor")


def placed(schema: Any) -> Any:
    """Return the schema with every reference that has a name written as a place; others stay."""
    names: dict[str, str] = {}
    found = False
    for context, inner in _all(schema, ()):
        found = found or _is_named(inner)
        place = "#" + "".join(f"/{_escaped(step)}" for step in context)
        for keyword in _NAMES:
            if isinstance(inner.get(keyword), str):
                names.setdefault(f"#{inner[keyword]}", place)
        if isinstance(inner.get("$id"), str):
            names.setdefault(inner["$id"], place)
    return _rewritten(schema, names) if found else schema


def _all(schema: Any, context: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if isinstance(schema, Mapping):
        yield context, schema
        for step, inner in subschemas(schema):
            yield from _all(inner, (*context, *step))


def _is_named(schema: Mapping[str, Any]) -> bool:
    reference = schema.get("$ref")
    is_name = isinstance(reference, str) and reference != "#" and not reference.startswith("#/")
    return is_name or not schema.keys().isdisjoint(_DYNAMIC)


def _rewritten(schema: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    result = dict(schema)
    references = [result.pop(keyword) for keyword in ("$ref", *_DYNAMIC) if keyword in result]
    places = [names.get(each, each) if isinstance(each, str) else each for each in references]
    for step, inner in subschemas(schema):
        _put(result, step, _rewritten(inner, names))
    if places:
        result = {"$ref": places[0], **result}
    if len(places) > 1:
        result["allOf"] = [*result.get("allOf", ()), *({"$ref": place} for place in places[1:])]
    return result


def _put(schema: dict[str, Any], step: tuple[str, ...], value: Any) -> None:
    keyword, *within = step
    if not within:
        schema[keyword] = value
    elif isinstance(schema[keyword], list):
        index = int(within[0])
        schema[keyword] = [*schema[keyword][:index], value, *schema[keyword][index + 1 :]]
    else:
        schema[keyword] = {**schema[keyword], within[0]: value}


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1").replace("%", "%25")
