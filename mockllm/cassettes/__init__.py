"""Real answers, recorded once and played back in time."""
