"""Rows as tables in the terminal or as CSV."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from include.basics.visible import spreadsheet, visible

if TYPE_CHECKING:
    import pandas as pd


def print_frame(frame: "pd.DataFrame", as_csv: bool = False, title: str | None = None) -> None:
    """Print rows for people, or as CSV for programs."""
    if as_csv:
        _for_spreadsheets(frame).to_csv(sys.stdout, index=False)
        return
    from pandas.api.types import is_numeric_dtype

    numeric = {str(name): is_numeric_dtype(frame[name]) for name in frame.columns}
    _print_table(numeric, (map(_plain, row) for row in frame.itertuples(index=False)), title)


def print_counts(rows: Sequence[Mapping[str, str | int]], title: str) -> None:
    """Print rows of texts and counts for people, without pandas; there is one row at least."""
    numeric = {name: isinstance(value, int) for name, value in rows[0].items()}
    _print_table(numeric, (row.values() for row in rows), title)


def _print_table(numeric: Mapping[str, bool], rows: Iterable[Iterable[Any]], title: str | None) -> None:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name, is_numeric in numeric.items():
        table.add_column(visible(name), justify="right" if is_numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def console() -> Console:
    """The terminal; as wide as the widest table where output goes to a file or a program.

    Text is printed as it is: brackets are units and paths, not markup.
    """
    return Console(markup=False, emoji=False, width=None if sys.stdout.isatty() else 1000)


def _plain(value: Any) -> Any:
    """The cell of a frame without what is pandas' own."""
    import pandas as pd

    if pd.isna(value):
        return None
    is_day = isinstance(value, pd.Timestamp) and value == value.normalize()
    return value.date() if is_day else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.4g}"
    return visible(str(value))


def _for_spreadsheets(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The frame with texts and column names that a spreadsheet takes for nothing but texts."""
    safe = frame.map(lambda value: spreadsheet(value) if isinstance(value, str) else value)
    return safe.rename(columns=lambda name: spreadsheet(str(name)))
