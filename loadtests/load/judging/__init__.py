"""Whether a run was good enough, and whether it can say so."""
