"""Real answers, recorded once and played back in time."""

from mockllm.cassettes.library import Library
from mockllm.cassettes.recorder import create_recorder
from mockllm.cassettes.replaying import add_replay_routes
from mockllm.cassettes.upstream import Upstream

__all__ = ["Library", "Upstream", "add_replay_routes", "create_recorder"]
