"""Validate: Great Expectations' verdict on staged rows, inside the warehouse's engine."""

from include.validation.judge import judge

__all__ = ["judge"]
