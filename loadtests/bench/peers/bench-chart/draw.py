"""Draws the medians of a bench: `python draw.py bench.json bench.svg`."""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

PANELS = (
    (
        "cpu_us_per_token_with_requests",
        "asleep",
        "CPU per relayed token with its requests, client asleep, µs",
    ),
    ("cpu_us_per_token_with_requests", "awake", "CPU per relayed token with its requests, client awake, µs"),
    ("first_token_p99_ms", "asleep", "time to first token, p99, client asleep, ms"),
    ("memory_kib_per_stream", "asleep", "memory per open stream, client asleep, KiB"),
)


def draw(source: Path, target: Path) -> None:
    """One panel a figure, one group of bars a load; no bar where there is no figure."""
    rows = json.loads(source.read_text())["medians"]
    loads = list(dict.fromkeys((row["streams"], row["per_second"]) for row in rows))
    names = [name for name in dict.fromkeys(row["contender"] for row in rows) if name != "upstream itself"]
    values = {(row["contender"], row["streams"], row["client"]): row for row in rows}
    figure, axes = plt.subplots(len(PANELS), 1, figsize=(10, 13), layout="constrained")
    for panel, (field, client, title) in zip(axes, PANELS, strict=True):
        for place, name in enumerate(names):
            at = [group + place / (len(names) + 1) for group in range(len(loads))]
            found = [values.get((name, streams, client), {}).get(field) for streams, _ in loads]
            heights = [0 if value is None else value for value in found]
            bars = panel.bar(at, heights, 0.9 / (len(names) + 1), label=name)
            labels = ["n/a" if value is None else f"{value:.3g}" for value in found]
            panel.bar_label(bars, labels, fontsize=7)
        panel.set_yscale("symlog", linthresh=1)
        panel.set_title(title, loc="left")
        panel.set_xticks(
            [group + 0.3 for group in range(len(loads))],
            [f"{streams} × {rate:g} tokens/s" for streams, rate in loads],
        )
    axes[0].legend()
    figure.savefig(target)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
