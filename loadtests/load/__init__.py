"""The load test: Locust's users of a URL, what they measured, whether it was good enough."""
