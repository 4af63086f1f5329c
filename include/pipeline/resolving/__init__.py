"""Resolve: what the facts make of rows - which version counts, which row waits or is set aside, births and deaths."""

from include.pipeline.resolving.resolve import resolve

__all__ = ["resolve"]
