"""Draws the medians of a bench: `python draw.py bench.json bench.svg`."""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

PANELS = (
    ("cpu_us_per_token", "CPU per relayed token, µs"),
    ("first_token_p99_ms", "time to first token, p99, ms"),
    ("memory_kib_per_stream", "memory per open stream, KiB"),
)


def draw(source: Path, target: Path) -> None:
    """One panel a figure, one group of bars a load."""
    rows = json.loads(source.read_text())["medians"]
    loads = list(dict.fromkeys((row["streams"], row["per_second"]) for row in rows))
    names = [name for name in dict.fromkeys(row["contender"] for row in rows) if name != "upstream itself"]
    values = {(row["contender"], row["streams"]): row for row in rows}
    figure, axes = plt.subplots(len(PANELS), 1, figsize=(9, 10), layout="constrained")
    for panel, (field, title) in zip(axes, PANELS, strict=True):
        for place, name in enumerate(names):
            at = [group + place / (len(names) + 1) for group in range(len(loads))]
            heights = [values.get((name, streams), {}).get(field) or 0 for streams, _ in loads]
            bars = panel.bar(at, heights, 0.9 / (len(names) + 1), label=name)
            panel.bar_label(bars, fmt="%.3g", fontsize=7)
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
