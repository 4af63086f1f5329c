"""Who decides, and why: without both there is no decision."""

from include.errors import RegistryError


def demand(who: str, why: str) -> None:
    """Raise RegistryError REG-603 without a reason, REG-606 without the name of a person."""
    if not why.strip():
        raise RegistryError("REG-603", "A decision needs a reason.")
    if who.strip().lower() in ("", "registry"):
        raise RegistryError("REG-606", "A decision needs the name of a person.")
