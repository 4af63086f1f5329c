"""What is exported."""

from tests.pipeline.exporting.study import to_export

__all__ = ["to_export"]
