"""What a figure is, and what the machine was doing while it was taken."""

from loadtests.measuring.intervals import median_interval
from loadtests.measuring.machine import DISTURBING_SHARE, ProcessorTime, processor_time
from loadtests.measuring.percentiles import median, percentile, percentile_of_counts
from loadtests.measuring.procfs import (
    cpu_seconds,
    memory_bytes,
    peak_bytes,
    queued_seconds,
    reset_peak,
    tree,
    turns,
)

__all__ = [
    "DISTURBING_SHARE",
    "ProcessorTime",
    "cpu_seconds",
    "median",
    "median_interval",
    "memory_bytes",
    "peak_bytes",
    "percentile",
    "percentile_of_counts",
    "processor_time",
    "queued_seconds",
    "reset_peak",
    "tree",
    "turns",
]
