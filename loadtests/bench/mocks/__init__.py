"""What a token costs a mock, and whether it comes when it is due: ours beside the best-known other."""
