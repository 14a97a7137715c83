"""The routes by which a test reads what came, and makes the server forget it."""

from collections.abc import Callable, Iterable

from flask import Flask, Response, request

from mockllm.api import encode, json_response, whole_number
from mockllm.journal.journal import FILTERS, MAX_PAGE, Journal
from mockllm.values import ApiError, shown

_OPTIONS = ("after", "limit", "times")


def add_journal_routes(app: Flask, journal: Journal, forget: Iterable[Callable[[], None]]) -> None:
    """Serve `/mock/requests` and `/mock/reset`; like all of `/mock`, no fault strikes them."""

    @app.get("/mock/requests")
    def requests() -> Response:
        options = request.args.to_dict()
        for name in options:
            if name not in (*FILTERS, *_OPTIONS):
                known = ", ".join((*FILTERS, *_OPTIONS))
                raise ApiError(400, f"{name}: unknown parameter; the known ones are {known}", param=name)
        page = journal.page(
            {name: value for name, value in options.items() if name in FILTERS},
            after=_number("after", 0, 2**63 - 1),
            limit=_number("limit", 100, MAX_PAGE),
            with_times=options.get("times", "true") != "false",
        )
        return json_response(encode(page))

    @app.post("/mock/reset")
    def reset() -> Response:
        for step in forget:
            step()
        return Response(status=204)


def _number(name: str, default: int, most: int) -> int:
    given = request.args.get(name, str(default))
    number = whole_number(given, most)
    if number is None:
        raise ApiError(
            400, f"{name}: expected a whole number from 0 to {most}, got {shown(given[:40])}", param=name
        )
    return number
