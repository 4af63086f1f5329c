"""How a spreadsheet shows a number: as a percentage or not."""

import re
from collections.abc import Iterator
from decimal import Decimal

Cells = Iterator[tuple[int, int, str | int]]
"""Rows and columns, both from 1 on, with the text that is shown there, or the last row down to which it is merged."""
MOST = 1 << 20
"""Rows of a sheet."""
DIGITS = 15
"""What a spreadsheet shows of a number: the further ones are of its binary form."""
QUOTED = re.compile(r'"[^"]*(?:"|\Z)|\\.|\[[^\]]*(?:\]|\Z)')
"""What a format prints as it is; what is not closed goes to the end."""
PERCENT = {9, 10}
"""The numbers of the formats 0% and 0.00%, which no workbook writes out."""
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
"""What the codes of errors of .xls and .xlsb show."""


def is_percent(code: str) -> bool:
    """Whether a format shows a percentage."""
    return "%" in QUOTED.sub("", code)


def percent(fraction: float) -> str:
    """What is shown of a fraction."""
    return f"{(Decimal(f'{fraction:.{DIGITS}g}') * 100).normalize():f}%"
