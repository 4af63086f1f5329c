"""A registry on each engine."""

from tests.support.registry import plain_judging, prepared_url, registry, templates

__all__ = ["plain_judging", "prepared_url", "registry", "templates"]
