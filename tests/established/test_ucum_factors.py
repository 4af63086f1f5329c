"""Factors of units against a UCUM library. It is given proper UCUM only: laboratories' G/L is gauss to it.

UCUM knows no substances. Where mass becomes moles, the factor is held against the molar mass that its source states.
"""

import csv
import re

import pytest
from ucumvert import PintUcumRegistry

from include.warehouse.reference import FOLDER

MOLAR_MASS = re.compile(r"molar mass ([0-9.]+) g/mol")
TAKEN_AS = "of a body surface of 1.73 m2"
"""Graded as what it is beside: no factor."""
ROUNDED = 2e-3
"""Printed factors have three digits: 88.4 for creatinine, 5.23 for 5-HIAA."""


def conversions() -> list[dict[str, str]]:
    with (FOLDER / "unit_conversion.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def ucum() -> PintUcumRegistry:
    return PintUcumRegistry()


def test_every_factor_is_that_of_ucum_or_of_the_molar_mass(ucum: PintUcumRegistry) -> None:
    rows = [row for row in conversions() if not row["source"].startswith(TAKEN_AS)]
    own: dict[str, str] = {}
    for row in rows:
        if row["factor"] == "1":
            own.setdefault(row["analyte"], row["unit"])
    for row in rows:
        unit, canonical = (ucum.from_ucum(text) for text in (row["unit"], own[row["analyte"]]))
        mass = MOLAR_MASS.search(row["source"])
        if mass:
            of_a_mole = float(mass[1]) * ucum.from_ucum("g/mol")
            unit = unit * of_a_mole if row["unit"].endswith("mol/L") else unit / of_a_mole
        expected = (unit / canonical).to_base_units().magnitude
        assert float(row["factor"]) == pytest.approx(expected, rel=ROUNDED if mass else 1e-12), row
