"""Which setting a variable means that is none. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

NEAR = 0.8
"""How alike two names are if one is a slip of the other, as difflib counts it."""
SHORTEST_PART = 5
"""The least of a name that says which it is a part of, in characters."""
_OF_A_SERVICE = re.compile(
    r"(^|_)service_(host|port(_\w+)?)$|(^|_)port(_\d+_(tcp|udp|sctp)(_(proto|port|addr))?)?$"
)
"""What Kubernetes and Docker's links set for a service: one called `chat` gives CHAT_SERVICE_HOST.

https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that this one is likely to mean, None if it looks like somebody else's."""
    if _OF_A_SERVICE.search(name):
        return None
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=NEAR)
    # A name with a word left out, as `heartbeat`, or with its words in another order, as `streams_max`.
    words = set(name.split("_"))
    close += [other for other in known if len(name) >= SHORTEST_PART and words <= set(other.split("_"))]
    return close[0] if close else None
