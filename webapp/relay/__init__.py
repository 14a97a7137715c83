"""Chunks to the objects of one answer, within their limits."""

from webapp.relay.blocking import WholeAnswer, whole_answer
from webapp.relay.relay import Limits, Progress, Relay, Request

__all__ = ["Limits", "Progress", "Relay", "Request", "WholeAnswer", "whole_answer"]
