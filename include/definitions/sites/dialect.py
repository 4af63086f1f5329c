"""How the files of an export are written: their text, numbers and dates."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from include.definitions.sites.strict import Names, Scalar, Strict

Decimal = Literal[".", ",", ",."]
"""The decimal sign of texts."""
EITHER: Decimal = ",."
"""Both decimal signs, in one file: neither stands between thousands."""


def _year(given: int) -> int:
    if not 1901 <= given <= 1999:
        raise ValueError("is no year from 1901 to 1999")
    return given


Year = Annotated[int, AfterValidator(_year)]


def _in_order(given: list[int]) -> list[int]:
    if given != [0] and (given != sorted(set(given)) or given[:1] < [1]):
        raise ValueError("is 0 (no names), or rows from 1 on in their order")
    return given


HeaderRow = Annotated[
    list[int],
    BeforeValidator(lambda given: given if isinstance(given, list) else [given]),
    AfterValidator(_in_order),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}),
]
"""The row of names, or several; 0 where there is none."""


def _expressions(given: list[str]) -> list[str]:
    for one in given:
        try:
            is_usable = re.compile(one).groups <= 1 and not re.search(one, "")
        except re.error:
            is_usable = False
        if not is_usable:
            raise ValueError("has no regular expression, one with several groups, or one that fits an empty line")
    return given


class Dialect(Strict):
    """How a file is written. `ignored_lines` are regular expressions of lines of text that are no rows, such as totals;
    a group takes how many rows the file says that it has. Columns of XPT go by `names` or labels.
    """

    delimiter: str | None = None
    quote: str = '"'
    encoding: str | None = None
    decimal: Decimal = "."
    group: str = ""
    header_row: HeaderRow = [1]
    sheet: Scalar | None = None
    missing: list[Scalar] = [""]
    ignored_lines: Annotated[Names, AfterValidator(_expressions)] = []
    names: Literal["name", "label"] = "name"


class Dates(Strict):
    """Formats of dates and times as strftime writes them, tried in turn; without any, ISO 8601.

    `language` is that of the months' names. Years of two digits are of the hundred years from `first_year` on.
    """

    date: Names = []
    timestamp: Names = []
    language: Literal["en", "fr", "de", "es", "it", "nl", "pt"] = "en"
    first_year: Year = 1969
