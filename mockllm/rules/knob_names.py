"""Knobs in a name, as in `mock-ttft500-itl20`: a model's, or what the operator or the base URL says."""

import difflib
import re
from dataclasses import replace

from mockllm.faults import FAULTS, fault_name, parse_fault
from mockllm.rules.knobs import DIALECTS, KNOBS, Knobs
from mockllm.timing import PROFILES
from mockllm.values import ApiError, shown

_NUMBERED = ("ttft", "itl", "prefill", "cv", "tokens", "seed", "reasoning", "calls")
_PART = re.compile(rf"({'|'.join(_NUMBERED)})([0-9]+(?:\.[0-9]+)?)")
_STEM = re.compile(r"[a-z_]+")
_ALIKE = 0.75
_MORE_ALIKE = 0.85  # as "small" is no misspelt "stall"


def turn_by_name(knobs: Knobs, model: str) -> Knobs:
    """Turn the knobs named in a model name that begins with `mock-`; any other name turns none.

    A name of which no part is a knob, nor looks like a misspelt one, is somebody's own, such as `mock-gpt-4`.
    Raises ApiError for a part that is neither profile, knob nor fault beside one that is.
    """
    if not model.startswith("mock-"):
        return knobs
    parts = model.removeprefix("mock-").split("-")
    is_own = not any(_is_known(part) or _near(part) for part in parts)
    # mock-mistral speaks like Mistral; mock-mistral-7b is a name that somebody gave.
    if is_own and not all(part in DIALECTS for part in parts):
        return knobs
    return turn_by_knobs(knobs, model.removeprefix("mock-"), f"model {shown(model[:80])}")


def turn_by_knobs(knobs: Knobs, names: str, where: str = "knobs") -> Knobs:
    """Turn knobs joined by `-`. Raises ApiError for a part that is no profile, knob or fault."""
    # The finer lies over the coarser, whichever is named first.
    parts = sorted(names.split("-"), key=lambda part: (part not in PROFILES, not part.startswith("ttft")))
    for part in parts:
        try:
            knobs = _turn_part(knobs, part)
        except ValueError as error:
            raise ApiError(400, f"{where}: {error}", param="model", code="unknown_knob") from error
    return knobs


def _is_known(part: str) -> bool:
    return part in PROFILES or bool(_PART.fullmatch(part)) or fault_name(part) in FAULTS


def _near(part: str) -> str:
    """Return the knob, profile or fault that a part resembles, as it would be written; or nothing."""
    stem = _STEM.match(part)
    if stem is None:
        return ""
    if part[stem.end() :][:1].isdigit():
        near = difflib.get_close_matches(stem[0], _NUMBERED, n=1, cutoff=_ALIKE)
    else:
        names = (*PROFILES, *sorted(FAULTS), *_NUMBERED)
        near = difflib.get_close_matches(stem[0], names, n=1, cutoff=_MORE_ALIKE)
    if not near:
        return ""
    rest = part[stem.end() :]
    return near[0] + (rest or "<number>" if near[0] in _NUMBERED else rest)


def _turn_part(knobs: Knobs, part: str) -> Knobs:
    if part in PROFILES:
        return replace(knobs, pace=PROFILES[part])
    if part in DIALECTS:
        return replace(knobs, dialect=part)
    if match := _PART.fullmatch(part):
        number = float(match[2]) if "." in match[2] else int(match[2][:20])
        return KNOBS[match[1]](knobs, number)
    if fault_name(part) in FAULTS:
        return replace(knobs, fault=parse_fault(part))
    near = _near(part)
    cure = (
        f"did you mean {near!r}?"
        if near and near != part
        else ("knobs are written as in mock-ttft500-itl20-tokens400-reset@20; any other name has none")
    )
    raise ValueError(f"unknown part {shown(part[:80])}; {cure}")
