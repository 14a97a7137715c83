"""Runs the checks of one client, in whose environment there is nothing else, and tells what came of them."""

import importlib.metadata
import json
import traceback
from collections.abc import Callable


def tell(distribution: str, checks: dict[str, Callable[[], object]]) -> None:
    told = {"version": importlib.metadata.version(distribution)}
    for name, check in checks.items():
        try:
            check()
            told[name] = "ok"
        except Exception:  # noqa: BLE001 - whatever a client raises is what is wanted
            told[name] = traceback.format_exc().strip().splitlines()[-1][:300] or "failed"
    print(json.dumps(told))


def expect(is_right: object, why: str = "") -> None:
    if not is_right:
        raise AssertionError(why or "not as expected")


def raises(kind: type[BaseException], call: Callable[[], object]) -> None:
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was not raised")
