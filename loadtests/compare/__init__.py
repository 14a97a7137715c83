"""Blocking against streaming: the founding measurement, made again."""
