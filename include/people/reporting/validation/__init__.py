"""The night's validation report: one self-contained HTML page, the same as JSON and CSV; counts only, never a value."""

from include.people.reporting.validation.write import FORMATS, write_report

__all__ = ["FORMATS", "write_report"]
