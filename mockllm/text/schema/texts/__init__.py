"""Texts that match regular expressions. Pure."""

from mockllm.text.schema.texts.fitting import Fitting
from mockllm.text.schema.texts.patterns import matching

__all__ = ["Fitting", "matching"]
