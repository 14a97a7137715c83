"""Real answers, recorded once and played back in time."""

from mockllm.journal.cassettes.library import Library
from mockllm.journal.cassettes.recorder import create_recorder, recording
from mockllm.journal.cassettes.replaying import add_replay_routes
from mockllm.journal.cassettes.upstream import Upstream

__all__ = ["Library", "Upstream", "add_replay_routes", "create_recorder", "recording"]
