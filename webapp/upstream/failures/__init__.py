"""What went wrong with the model's API: for the caller in our words, for the log in codes."""

from webapp.upstream.failures.log_fields import failure_fields
from webapp.upstream.failures.translation import translated
from webapp.upstream.failures.words import gist

__all__ = ["failure_fields", "gist", "translated"]
