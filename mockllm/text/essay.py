"""The essay that answers the founding prompt."""

from importlib import resources

FOUNDING_ESSAY = (
    resources.files("mockllm.text").joinpath("quantum_mechanics.md").read_text("utf-8").removesuffix("\n")
)
