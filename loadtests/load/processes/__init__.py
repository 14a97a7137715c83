"""What the processes of a run tell each other, and how they end it together."""
