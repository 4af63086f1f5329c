"""What is exported."""

from tests.pipeline.exporting.study import study

__all__ = ["study"]
