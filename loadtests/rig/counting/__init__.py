"""The counting client: a process that opens many streams at once and says when their tokens came."""

from loadtests.rig.counting.client import counted
from loadtests.rig.counting.load import LAST_CHUNK, Answer, ClientMode, Load, Mark, Outcome

__all__ = ["LAST_CHUNK", "Answer", "ClientMode", "Load", "Mark", "Outcome", "counted"]
