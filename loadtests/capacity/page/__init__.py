"""The result of a search as one HTML file that needs nothing else."""
