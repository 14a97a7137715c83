"""Texts that match regular expressions. Pure."""
