"""Receive: landed files become facts - rows, what rules said of each by itself, what was read when."""

from include.pipeline.receiving.report import LoadReport, read_report

__all__ = ["LoadReport", "read_report"]
