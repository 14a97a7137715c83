"""One client that means no good beside many that do, and what these notice."""

from loadtests.proofs.attacks.proving import prove

__all__ = ["prove"]
