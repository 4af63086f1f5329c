"""Lengths, masses and volumes in the unit of a column of the contract, whatever unit they are written in."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from include.definitions.described import read_yaml
from include.pipeline.staging.limits import limits

UNITS = ("mm", "cm", "g", "kg", "ml")
"""The units of columns: the end of the column's name, and of a path that converts."""
BARE = {
    "hl7v2": re.compile(r"(?P<before>OBX\[[^\]]+\])|value"),
    "dicom_sr": re.compile(r"(?P<before>(?:report\.)?NUM\[[^\]]+\])"),
    "fhir_ndjson": re.compile(r"(?:(?P<before>.+)\.)?value"),
    "fhir_bundle": re.compile(r"(?:(?P<before>.+)\.)?value"),
}
"""Paths of records to a number beside which a unit stands; `before` is what the unit goes behind."""


def path_in_unit(form: str, column: str, path: str) -> str:
    """A path that converts into the unit of a column, where one to the bare number is given."""
    what, _, unit = column.rpartition("_")
    found = BARE[form].fullmatch(path) if what and form in BARE and unit in UNITS else None
    if found is None:
        return path
    return f"{found['before']}.{unit}" if found["before"] else unit


def converted(written: str | None, given: str | None, wanted: str) -> str | None:
    """A quantity in the unit that is wanted, with its digits where it is so written.

    Without a unit it is taken as it is; of another kind, or no number, it keeps its unit behind it.
    """
    factor = _factor(given, wanted) if given else Decimal(1)
    if not written or factor == 1:
        return written
    try:
        amount = Decimal(written) * factor if factor else None
    except (ArithmeticError, ValueError):
        amount = None
    if amount is None or not amount.is_finite() or abs(amount.adjusted()) > limits().largest_exponent:
        return f"{written} {given}"
    return f"{amount.normalize():f}"


@cache
def _factor(given: str, wanted: str) -> Decimal | None:
    """How much of one unit another is; None when one cannot be made of the other."""
    kinds = read_yaml(Path(__file__).resolve().parent / "quantities.yml").values()
    units = next(kind for kind in kinds if wanted in kind)
    return Decimal(str(units[given])) / Decimal(str(units[wanted])) if given in units else None
