"""Numbers of a table in another unit than their column's: converted, or unreadable and told."""

from decimal import Decimal
from typing import Any

import pytest

from include.pipeline.formats.quantities import UNITS, factors
from tests.pipeline.mapping.plans import mapped, plan_of

FEEDS = {
    "longest_diameter_mm": "lesions",
    "weight_kg": "visits",
    "height_cm": "visits",
    "drug_dose_g": "procedures",
    "ki67_percent": "reports",
}


@pytest.mark.parametrize(
    ("column", "unit", "written", "beside", "expected"),
    [
        ("longest_diameter_mm", "cm", "3,4", None, "34"),
        ("longest_diameter_mm", "cm", "3,4 cm", None, "34"),
        ("longest_diameter_mm", "cm", "34 mm", None, "34"),
        ("longest_diameter_mm", None, "3,4cm", None, "34"),
        ("longest_diameter_mm", None, "34", None, "34"),
        ("longest_diameter_mm", "cm", "0", None, "0"),
        ("longest_diameter_mm", "cm", "0,1234567890123", None, "1.23456789012"),
        ("longest_diameter_mm", "cm", "12 x 8", None, "12x8"),
        ("longest_diameter_mm", "cm", "3,4 kg", None, "3.4 kg"),
        ("longest_diameter_mm", "cm", None, None, None),
        ("longest_diameter_mm", "cm", "1_5", None, "1_5"),
        ("longest_diameter_mm", "cm", "１５", None, "１５"),
        ("longest_diameter_mm", "cm", "nan", None, "nan"),
        ("weight_kg", "lb", "150", None, "68.0388555"),
        ("height_cm", "[in_i]", "70", None, "177.8"),
        ("drug_dose_g", "mg", "1e2", None, "0.1"),
        ("drug_dose_g", "mg", "1 000", None, "1"),
        ("ki67_percent", "1", "0,15", None, "15"),
        ("ki67_percent", "1", "< 0,01", None, "<1"),
        ("ki67_percent", "1", "15 %", None, "15"),
        ("ki67_percent", None, "0,15", None, "0.15"),
        ("weight_kg", {"from": "U", "map": {"Pfund": "[lb_av]"}}, "100", "Pfund", "45.359237"),
        ("weight_kg", {"from": "U"}, "70", "kg", "70"),
        ("weight_kg", {"from": "U"}, "70", None, "70"),
        ("weight_kg", {"from": "U"}, "70", "stone", "70 stone"),
        ("weight_kg", {"from": "U"}, "70 kg", "g", "70"),
        ("weight_kg", {"from": "U"}, "viel", "g", "viel"),
    ],
)
def test_a_number_comes_in_the_unit_of_its_column(
    column: str, unit: Any, written: str | None, beside: str | None, expected: str | None
) -> None:
    said = {"from": "V"} if unit is None else {"from": "V", "unit": unit}
    plan = plan_of({"dialect": {"decimal": ",", "group": " "}, "columns": {column: said}}, feed=FEEDS[column])

    assert mapped(plan, column, {"V": written, "U": beside}) == [expected]


def test_every_factor_has_few_enough_digits_for_exact_products() -> None:
    for unit in UNITS:
        for factor in factors(unit).values():
            assert factor == factor.quantize(Decimal("1e-9"))
            assert factor < 10**6


def test_a_path_of_records_whose_unit_the_profile_says_is_not_converted_twice() -> None:
    said = {"longest_diameter_mm": {"from": "OBX[LD]", "unit": "cm"}}
    plan = plan_of({"format": "hl7v2", "columns": said}, feed="lesions")

    assert plan.columns["longest_diameter_mm"].sources == ["OBX[LD]"]
    assert mapped(plan, "longest_diameter_mm", {"OBX[LD]": "3.4"}) == ["34"]
