"""Lengths, masses, volumes and shares in the unit of a column of the contract, whatever unit they are written in."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from include.basics.numbers import is_number
from include.definitions.described import read_yaml
from include.pipeline.staging.limits import limits

PERCENT, OF_ONE = "percent", "1"
UNITS = ("mm", "cm", "g", "kg", "ml", PERCENT)
"""The units of columns: the end of the column's name, and of a path that converts."""
NUMBER = "number"
"""The end of a path that takes no code for a number."""
COMPARATORS = "<>=≤≥ "
ANNOTATION = re.compile(r"(?<=.)\{[^{}]*\}$")
"""What UCUM lets stand behind a unit, and which means nothing: `%{positive}`."""
NUMERIC = re.compile(r"\s*(?:[<>]=?|=[<>]|[≤≥])?\s*[-+]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][-+]?\d+)?\s*")
BARE = {
    "hl7v2": re.compile(r"(?P<before>OBX\[[^\]]+\])|value"),
    "dicom_sr": re.compile(r"(?P<before>(?:report\.)?NUM\[[^\]]+\])"),
    "fhir_ndjson": re.compile(r"(?:(?P<before>.+)\.)?value"),
    "fhir_bundle": re.compile(r"(?:(?P<before>.+)\.)?value"),
}
"""Paths of records to a number beside which a unit stands; `before` is what the unit goes behind."""


def unit_of(column: str) -> str | None:
    """The unit of a column of the contract, None where it has none."""
    what, _, unit = column.rpartition("_")
    return unit if what and unit in UNITS else None


def path_ending(form: str, path: str, ending: str) -> str:
    """A path to a value beside which a unit or coding stands, which it looks at by its ending; any other as it is."""
    found = BARE[form].fullmatch(path) if form in BARE else None
    if found is None:
        return path
    return f"{found['before']}.{ending}" if found["before"] else ending


def code_in_words(code: str) -> str:
    """A code where a number is asked: one that looks like a number is led by a word, and told as unreadable."""
    return f"code {code}" if NUMERIC.fullmatch(code) else code


def converted(written: str | None, given: str | None, wanted: str) -> str | None:
    """A quantity in the unit that is wanted, with its digits where it is so written.

    Without a unit it is taken as it is; of another kind, or no number, it keeps its unit behind it. A comparator stays.
    A share of 1 or more in the unit 1 keeps that, too: laboratories say 1 where they mean none.
    """
    named = _named(given, wanted) if given else ""
    factor = factors(wanted).get(named) if named else Decimal(1)
    if not written or factor == 1:
        return written
    number = written.lstrip(COMPARATORS)
    try:
        amount = Decimal(number) * factor if factor and is_number(number.strip()) else None
    except ArithmeticError:
        amount = None
    if amount is None or (named == OF_ONE and amount >= 100) or abs(amount.adjusted()) > limits().largest_exponent:
        return f"{written} {given}"
    return f"{written.removesuffix(number)}{amount.normalize():f}"


def _named(given: str, wanted: str) -> str:
    """What a unit is called; percent in any case of letters, with whatever stands behind its sign (`% positive`)."""
    named = ANNOTATION.sub("", given).strip()
    if wanted != PERCENT:
        return named
    return "%" if named.startswith("%") else named.casefold()


@cache
def factors(wanted: str) -> Mapping[str, Decimal]:
    """How much of a unit each unit of the same quantity is, by what it is called."""
    kinds = read_yaml(Path(__file__).resolve().parent / "quantities.yml").values()
    units = next(kind for kind in kinds if wanted in kind)
    return {name: Decimal(str(size)) / Decimal(str(units[wanted])) for name, size in units.items()}
