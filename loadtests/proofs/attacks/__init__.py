"""One client that means no good beside many that do, and what these notice."""

from loadtests.proofs.attacks.proving import attacked, prove

__all__ = ["attacked", "prove"]
