"""Data frames as tables in the terminal or as CSV."""

import sys
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

    table = Table(title=title, title_justify="left", title_style="bold")
    for name in frame.columns:
        numeric = is_numeric_dtype(frame[name])
        table.add_column(visible(str(name)), justify="right" if numeric else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def console() -> Console:
    """The terminal; as wide as the widest table where output goes to a file or a program.

    Text is printed as it is: brackets are units and paths, not markup.
    """
    return Console(markup=False, emoji=False, width=None if sys.stdout.isatty() else 1000)


def _cell(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return str(value.date())
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.4g}"
    return visible(str(value))


def _for_spreadsheets(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The frame with texts and column names that a spreadsheet takes for nothing but texts."""
    safe = frame.map(lambda value: spreadsheet(value) if isinstance(value, str) else value)
    return safe.rename(columns=lambda name: spreadsheet(str(name)))
