"""What marts are tried on."""

from tests.support.registry import registry

__all__ = ["registry"]
