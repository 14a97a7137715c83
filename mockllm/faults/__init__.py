"""Faults: what goes wrong with an answer, on purpose."""

from mockllm.faults.fault import Fault
from mockllm.faults.notation import fault_name, parse_fault
from mockllm.faults.schedule import Attempt, Schedule, parse_schedule, settle
from mockllm.faults.table import FAULTS, apply

__all__ = [
    "FAULTS",
    "Attempt",
    "Fault",
    "Schedule",
    "apply",
    "fault_name",
    "parse_fault",
    "parse_schedule",
    "settle",
]
