"""Chunks to the objects of one answer, within their limits."""

from webapp.relay.blocking import WholeAnswer, whole_answer
from webapp.relay.relay import Relay
from webapp.relay.values import Limits, Progress, Request

__all__ = ["Limits", "Progress", "Relay", "Request", "WholeAnswer", "whole_answer"]
