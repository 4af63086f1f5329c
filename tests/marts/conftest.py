"""A registry to load files into, and a judge that is quicker than Great Expectations."""

from tests.support.registry import plain_judging, registry

__all__ = ["plain_judging", "registry"]
