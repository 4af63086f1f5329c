"""Cells and columns of the CSV files that readers of records write."""

from collections.abc import Iterable, Sequence

from include.basics.errors import RegistryError


def cell(text: str | None) -> str | None:
    """A text as a cell: Python's csv does not quote what DuckDB would take for the end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if text and "\r" in text else text


def joined(texts: Iterable[str]) -> str:
    """Several texts as one: those that differ, with + between them, which no number has."""
    return "+".join(dict.fromkeys(filter(None, texts)))


def as_written(number: str, decimal: str) -> str:
    """A number that a file keeps as one, with the decimal sign that its texts have; of both the first."""
    return number.replace(".", decimal[0])


def refuse_alike(paths: Sequence[str]) -> None:
    """Raise RegistryError REG-401 for paths that differ in capitals alone: DuckDB takes them for one column."""
    if len({path.casefold() for path in paths}) < len(paths):
        raise RegistryError("REG-401", "Two paths of a feed differ in capitals alone: make rows of two exports.")
