"""Cells of the CSV files that readers write."""


def cell(text: str | None) -> str | None:
    """A text as a cell: Python's csv does not quote what DuckDB would take for the end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if text and "\r" in text else text
