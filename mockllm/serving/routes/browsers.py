"""What lets a page of another origin ask the API from its browser, as the real API does."""

from flask import Flask, Response, request

_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "X-Request-ID"}
_METHODS = "GET, POST, DELETE, OPTIONS"
_SECONDS_A_DAY = "86400"


def let_browsers_ask(app: Flask) -> None:
    """Answer preflights, and let every origin read what is under `/v1`; what a test does is not for pages."""

    @app.before_request
    def _preflight() -> Response | None:
        if request.method != "OPTIONS":
            return None
        response = Response(status=204, headers={"Allow": _METHODS})
        if _is_open():
            wanted = request.headers.get("Access-Control-Request-Headers", "*")
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = wanted
            response.headers["Access-Control-Max-Age"] = _SECONDS_A_DAY
            if "Access-Control-Request-Private-Network" in request.headers:
                response.headers["Access-Control-Allow-Private-Network"] = "true"
        return response

    @app.after_request
    def _allow(response: Response) -> Response:
        if _is_open() and "Origin" in request.headers:
            response.headers.update(_ANY_ORIGIN)
        return response


def _is_open() -> bool:
    return request.path.startswith(("/v1/", "/v1beta/"))
