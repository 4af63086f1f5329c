"""History: the registry as its facts make it anew - to verify what is stored, to see a past day, to keep a freeze."""

from include.history.verify import Difference, verify
from include.history.world import world

__all__ = ["Difference", "verify", "world"]
