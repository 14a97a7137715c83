"""What the mock says of the same answers."""
