"""A page of a list, as OpenAI pages lists: `limit`, `after`, `order`."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockllm.api import whole_number
from mockllm.values import ApiError

_MOST = 100


def page(data: Sequence[Mapping[str, Any]], options: Mapping[str, str], *, order: str) -> dict[str, Any]:
    """Cut a page out of a list that is in order of time. Raises ApiError for options that make no sense."""
    given = options.get("limit", "20")
    limit = whole_number(given, _MOST)
    if not limit:
        message = f"limit: expected a whole number from 1 to {_MOST}, got {given[:40]!r}"
        raise ApiError(400, message, param="limit", code="invalid_value")
    wanted = options.get("order", order)
    if wanted not in ("asc", "desc"):
        raise ApiError(400, f"order: expected 'asc' or 'desc', got {wanted!r}", param="order")
    ordered = list(data) if wanted == "asc" else list(reversed(data))
    if after := options.get("after"):
        places = [index for index, each in enumerate(ordered) if each["id"] == after]
        if not places:
            raise ApiError(400, f"after: '{after}' is not in the list", param="after", code="invalid_value")
        ordered = ordered[places[0] + 1 :]
    shown = ordered[:limit]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": len(ordered) > len(shown),
    }
