"""Validate: Great Expectations' verdict on staged rows, inside the warehouse's engine."""

from include.pipeline.validation.judge import judge

__all__ = ["judge"]
