"""Paths as other servers and gateways have them, turned into this one's: Azure's, and knobs in a base URL."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

DEPLOYMENT = "mockllm.deployment"
KNOBS_IN_PATH = "mockllm.knobs"

_DEPLOYMENT = re.compile(r"/openai/deployments/([^/]+)/(.+)")
_AZURE = re.compile(r"/openai/(v1/.+)")
# What is no deployment's stands beside them, in the forms of the older API with a version in its query.
_AZURE_APART = re.compile(r"/openai/((?:responses|models|conversations)(?:/.+)?)")
_PREFIXED = re.compile(r"/([^/]+)/(v1/.+)")


class PathForms:
    """Wraps an application: Azure's paths below `/openai` and `/<knobs>/v1` become `/v1`.

    What a path says besides stands in the environment: the deployment, which is Azure's word for a model, and
    the knobs. A prefix that `are_knobs` does not know is left alone.
    """

    def __init__(self, application: WSGIApplication, are_knobs: Callable[[str], bool]) -> None:
        self._application = application
        self._are_knobs = are_knobs

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/v1/"):
            environ.update(self._said(path))
        return self._application(environ, start_response)

    def _said(self, path: str) -> dict[str, Any]:
        if found := _DEPLOYMENT.fullmatch(path):
            # WSGI has the bytes of a path as Latin-1.
            deployment = found[1].encode("latin-1").decode("utf-8", "replace")
            return {"PATH_INFO": f"/v1/{found[2]}", DEPLOYMENT: deployment, KNOBS_IN_PATH: "azure"}
        if found := _AZURE.fullmatch(path):
            return {"PATH_INFO": f"/{found[1]}"}
        if found := _AZURE_APART.fullmatch(path):
            return {"PATH_INFO": f"/v1/{found[1]}", KNOBS_IN_PATH: "azure"}
        found = _PREFIXED.fullmatch(path)
        if found and self._are_knobs(found[1]):
            return {"PATH_INFO": f"/{found[2]}", KNOBS_IN_PATH: found[1]}
        return {}
