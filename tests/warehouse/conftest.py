"""A registry on each engine."""

from tests.support.registry import plain_judging, registry

__all__ = ["plain_judging", "registry"]
