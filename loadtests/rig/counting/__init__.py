"""The counting client: a process that opens many streams at once and says when their tokens came."""

from loadtests.rig.counting.client import counted
from loadtests.rig.counting.load import ANSWER_END, Answer, ClientMode, Load, Mark, Outcome

__all__ = ["ANSWER_END", "Answer", "ClientMode", "Load", "Mark", "Outcome", "counted"]
