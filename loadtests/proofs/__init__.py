"""How answers live and end, proved on real processes."""
