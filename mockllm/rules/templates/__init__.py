"""Answers that repeat what was asked, filled within bounds. Pure."""

from mockllm.rules.templates.filling import TEMPLATE, check_template, rendered

__all__ = ["TEMPLATE", "check_template", "rendered"]
