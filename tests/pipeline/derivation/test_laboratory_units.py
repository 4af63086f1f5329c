"""Results in every unit that laboratories send arrive in one; a unit that nobody knows gives no value."""

import pytest

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import result
from tests.support.clinical import fill, rows
from tests.support.extracts import row
from tests.support.registry import Registry

CONVERTED = [
    ("AST", "1920-8", 35, "U/L", 35, "U/L"),
    ("AST", "1920-8", 0.5, "ukat/L", 30, "U/L"),
    ("ALT", "1742-6", 0.5, "µkat/L", 30, "U/L"),
    ("BILI", "14631-6", 16, "umol/L", 16, "umol/L"),
    ("BILI", "1975-2", 1, "mg/dL", 17.104, "umol/L"),
    ("CREA", "2160-0", 1, "mg/dL", 88.4, "umol/L"),
    ("CGA", "9811-1", 350, "ug/L", 350, "ng/mL"),
    ("HIAA", "1695-6", 10, "mg/24h", 52.3, "umol/24h"),
    ("HIAA", "14573-0", 35.5, "umol/(24.h)", 35.5, "umol/24h"),
    ("PLT", "777-3", 150, "10*3/uL", 150, "10*9/L"),
    ("PLT", "26515-7", 150000, "/uL", 150, "10*9/L"),
]


def test_a_known_unit_is_converted_with_its_limits(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        results=[
            result(
                "P1",
                name,
                sent,
                test_code=code,
                unit=unit,
                uln=2 * sent,
                lln=sent / 2,
                result_id=f"R{number:02}",
            )
            for number, (name, code, sent, unit, _, _) in enumerate(CONVERTED)
        ],
    )
    found = rows(warehouse, "SELECT analyte, unit, value, lln, uln FROM clinical.measurement ORDER BY result_id")
    assert [(name, unit) for name, unit, *_ in found] == [(case[0], case[5]) for case in CONVERTED]
    for (*_, value, lln, uln), (*_, stored, _) in zip(found, CONVERTED, strict=True):
        assert (value, lln, uln) == pytest.approx((stored, stored / 2, 2 * stored))


def test_an_unknown_unit_gives_no_value_and_a_foreign_code_keeps_its_own(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        results=[
            result("P1", "AST", 35, unit="mg/dL", uln=40, result_id="unknown unit"),
            result("P1", "AST", 7.4, test_code="2746-6", unit="[pH]", result_id="foreign code"),
            result("P1", "CGA", "<25", result_id="censored"),
        ],
    )
    found = rows(
        warehouse,
        "SELECT result_id, analyte, comparator, value, unit, uln FROM clinical.measurement ORDER BY 1",
    )
    assert found == [
        ("censored", "CGA", "<", 25, "ng/mL", None),
        ("foreign code", None, None, 7.4, "[pH]", None),
        ("unknown unit", "AST", None, None, "mg/dL", None),
    ]


def test_a_lower_limit_above_the_upper_one_sets_both_aside_and_not_the_value(registry: Registry) -> None:
    limits = {"swapped": ("40", "10"), "upper in ukat/L": ("10", "0.67"), "right": ("10", "40"), "equal": ("40", "40")}
    sent = [
        row("results", key, reference_low=low, reference_high=high, unit="U/L", value="30")
        for key, (low, high) in limits.items()
    ]
    registry.deliver("patients", "2020-01-01", row("patients", "P1"))
    registry.deliver("results", "2020-01-01", *sent)
    found = registry.rows("SELECT result_id, value, lln, uln FROM clinical.measurement")
    assert {key: tuple(cells) for key, *cells in found} == {
        "swapped": (30, None, None),
        "upper in ukat/L": (30, None, None),
        "right": (30, 10, 40),
        "equal": (30, 40, 40),
    }
    told = registry.rows("SELECT record_key FROM quarantine.failure WHERE rule_id = 'results.reference_low.above_high'")
    assert {key for (key,) in told} == {"swapped", "upper in ukat/L"}
