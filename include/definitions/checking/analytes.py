"""Checks that an analyte is known everywhere: codes, units, plausible values and plausible limits."""

from collections.abc import Iterator

from include.definitions.checking.allowed import Rows
from include.definitions.checking.problem import Problem

NEEDED = {
    "analyte_code": "no code",
    "plausible_range": "no plausible range",
    "plausible_limit": "no plausible limits",
    "unit_conversion": "no unit",
}


def check_analytes(tables: dict[str, Rows]) -> Iterator[Problem]:
    """What an analyte lacks, and codes that LOINC cannot have given."""
    for line, row in tables["analyte_code"].items():
        if not _has_check_digit(row["loinc"] or ""):
            what = f"{row['loinc']} is mistyped: its last digit does not check the others"
            yield Problem("reference/analyte_code.csv", f"line {line}", "loinc", what)
    for line, row in tables["analyte"].items():
        analyte = row["analyte"]
        for table, lacking in NEEDED.items():
            if analyte not in {other["analyte"] for other in tables[table].values()}:
                what = f"{analyte} has {lacking} in {table}.csv"
                yield Problem("reference/analyte.csv", f"line {line}", "analyte", what)
        factors = {other["factor"] for other in tables["unit_conversion"].values() if other["analyte"] == analyte}
        if "1" not in factors:
            what = f"{row['canonical_unit']} is none of the units of {analyte}: none has the factor 1"
            yield Problem("reference/analyte.csv", f"line {line}", "canonical_unit", what)


def _has_check_digit(loinc: str) -> bool:
    """Whether the digit behind the hyphen is the one that LOINC computes (Luhn's, modulo 10)."""
    digits, _, check = loinc.partition("-")
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits)))
    return (sum(number // 10 + number % 10 for number in doubled) + int(check)) % 10 == 0
