"""Mutations of one cell: the row stays one row, so it is loaded, quarantined or waiting, and every other row loads."""

from collections.abc import Iterator

from include.pipeline.staging.limits import limits
from tests.mutations.good import SENTINEL, Extract

LONG = limits().longest_cell
TEXTS = (
    "",
    " ",
    "NULL",
    "None",
    "NaN",
    "-Infinity",
    "true",
    "-1",
    "0",
    "007",
    "1e308",
    "-1e308",
    "1e-308",
    "1e999",
    "9223372036854775808",
    "0x1F",
    "1_000",
    "1,5",
    "1.5.2",
    "<5",
    ">=",
    "<<5",
    "\u0661\u0662",
    "\u221e",
    "2012-02-30",
    "0000-00-00",
    "0000-01-01",
    "-123-01-01",
    "0001-01-01",
    "9999-12-31",
    "29/02/2012",
    "20120229",
    "41000",
    "2012-01-01T25:61",
    "2012-01-01T08:15+99:99",
    "9999-12-31T23:59",
    "-123-01-01T08:15",
    "2012-01-02T08:15:00.123456",
    "infinity",
    "epoch",
    "now",
    '"',
    '""',
    ",",
    ",,,,,,",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\\",
    "\\N",
    "\\.",
    "'",
    "'; DROP TABLE ops.load; --",
    "{{ 7 * 7 }}",
    "${HOME}",
    ":load_id",
    "%s",
    "%(load_id)s",
    "=1+1",
    "\x01",
    "\x1a",
    "\x7f",
    "\u0085",
    "\u2028",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\U0001f600",
    "e\u0301",
    f"{SENTINEL}-0",
    f"{SENTINEL}\nsecond line",
    f'{SENTINEL} "left", right',
    f"{SENTINEL} " * 20,
    "x" * LONG,
    "x" * (LONG + 1),
    "é" * (LONG // 2 + 1),
    "x" * 70_000,
)


def cell_mutations(extract: Extract) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every column of the first row with every text: the column, the text and the row."""
    for place, column in enumerate(extract.header):
        for text in TEXTS:
            yield column, text, with_cell(extract.rows[0], place, text)


def with_cell(row: tuple[str, ...], place: int, text: str) -> tuple[str, ...]:
    """A row with another cell."""
    return (*row[:place], text, *row[place + 1 :])
