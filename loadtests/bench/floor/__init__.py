"""How far the load test itself can be trusted: its own share of the times, without any app."""
