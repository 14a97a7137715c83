"""A page of a list, as OpenAI pages lists: `limit`, `after`, `order`."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockllm.api import whole_number
from mockllm.values import ApiError, shown

_MOST = 100


def page(data: Sequence[Mapping[str, Any]], options: Mapping[str, str], *, order: str) -> dict[str, Any]:
    """Cut a page out of a list that is in order of time. Raises ApiError for options that make no sense."""
    given = options.get("limit", "20")
    limit = whole_number(given, _MOST)
    if not limit:
        message = f"limit: expected a whole number from 1 to {_MOST}, got {shown(given[:40])}"
        raise ApiError(400, message, param="limit", code="invalid_value")
    wanted = options.get("order", order)
    if wanted not in ("asc", "desc"):
        raise ApiError(400, f"order: expected 'asc' or 'desc', got {shown(wanted)}", param="order")
    ordered = list(data) if wanted == "asc" else list(reversed(data))
    if after := options.get("after"):
        places = [index for index, each in enumerate(ordered) if each["id"] == after]
        if not places:
            raise ApiError(400, f"after: '{after}' is not in the list", param="after", code="invalid_value")
        ordered = ordered[places[0] + 1 :]
    cut = ordered[:limit]
    return {
        "object": "list",
        "data": cut,
        "first_id": cut[0]["id"] if cut else None,
        "last_id": cut[-1]["id"] if cut else None,
        "has_more": len(ordered) > len(cut),
    }
