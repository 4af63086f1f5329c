"""Every limit of every edition, in every unit: just below, at and just above it.

The limits are written out as the registry's rules print them, and the expected grade is counted with exact
decimals: the number of limits that are strictly exceeded.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal

from include.warehouse import Warehouse
from include.warehouse.reference import FOLDER
from tests.pipeline.derivation.laboratory_cases import derive, grades, result
from tests.support.clinical import Row

Limits = tuple[str, ...]
V3: dict[str, Limits] = {
    **dict.fromkeys(("AST", "ALT", "ALP", "GGT"), ("1", "2.5", "5", "20")),
    "BILI": ("1", "1.5", "3", "10"),
    "CREA": ("1", "1.5", "3", "6"),
}
V4: dict[str, Limits] = {**V3, **dict.fromkeys(("AST", "ALT"), ("1", "3", "5", "20"))}
V5_OF_BASELINE: dict[str, Limits] = {
    **dict.fromkeys(("AST", "ALT"), ("1.5", "3", "5", "20")),
    "BILI": ("1", "1.5", "3", "10"),
    **dict.fromkeys(("ALP", "GGT"), ("2", "2.5", "5", "20")),
}
FROM_ON = ("AST", "ALT", "ALP")
"""Analytes whose grade 1 by multiples of the baseline begins at the limit itself."""
PLATELETS = ("75", "50", "25")
ULN, LLN = Decimal("35.2"), Decimal("150")
NEAR = Decimal("1e-9")
EDITIONS = ("ctcae_v3", "ctcae_v4", "ctcae_v5")
Case = tuple[Row, dict[str, int]]


def units(analyte: str) -> list[tuple[str, Decimal]]:
    """Every accepted unit with its factor."""
    with (FOLDER / "unit_conversion.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["unit"], Decimal(row["factor"])) for row in csv.DictReader(lines) if row["analyte"] == analyte]


def around(limit: Decimal) -> tuple[Decimal, ...]:
    return limit * (1 - NEAR), limit, limit * (1 + NEAR)


def exceeded(value: Decimal, of: Decimal, limits: Limits) -> int:
    return sum(value > of * Decimal(limit) for limit in limits)


def of_baseline(analyte: str, value: Decimal, baseline: Decimal) -> int:
    """By v5, of a baseline above ULN."""
    at_the_first = analyte in FROM_ON and value == baseline * Decimal(V5_OF_BASELINE[analyte][0])
    return 1 if at_the_first else exceeded(value, baseline, V5_OF_BASELINE[analyte])


def enzymes() -> Iterator[Case]:
    """Against a normal baseline, and against one above ULN."""
    for analyte in V5_OF_BASELINE:
        for unit, factor in units(analyte):
            for baseline in (ULN, 2 * ULN):
                patient = f"{analyte} {unit} {baseline}"
                cells = {"unit": unit, "uln": float(ULN / factor)}
                yield result(patient, analyte, baseline / factor, -1, **cells, result_id=f"{patient} baseline"), {}
                limits = {ULN * Decimal(x) for x in V3[analyte] + V4[analyte]}
                limits |= {baseline * Decimal(x) for x in V5_OF_BASELINE[analyte]}
                for value in sorted(value for limit in limits for value in around(limit)):
                    v5 = of_baseline(analyte, value, baseline) if baseline > ULN else exceeded(value, ULN, V4[analyte])
                    expected = (exceeded(value, ULN, V3[analyte]), exceeded(value, ULN, V4[analyte]), v5)
                    graded = result(patient, analyte, value / factor, **cells, result_id=f"{patient} {value}")
                    yield graded, dict(zip(EDITIONS, expected, strict=True))


def creatinine() -> Iterator[Case]:
    """Against a baseline far below ULN, at it and above it."""
    for unit, factor in units("CREA"):
        for share in ("0.2", "0.7", "1", "1.25"):
            baseline = ULN * Decimal(share)
            patient = f"CREA {unit} {share}"
            cells = {"unit": unit, "uln": float(ULN / factor)}
            yield result(patient, "CREA", baseline / factor, -1, **cells, result_id=f"{patient} baseline"), {}
            limits = {ULN * Decimal(x) for x in V3["CREA"]} | {baseline * Decimal(x) for x in ("1", "1.5", "3")}
            for value in sorted(value for limit in limits for value in around(limit)):
                by_uln = exceeded(value, ULN, V3["CREA"])
                by_baseline = exceeded(value, baseline, ("1", "1.5", "3"))
                v5 = max(by_uln, by_baseline if by_baseline > 1 else 0)
                expected = (by_uln, max(by_uln, by_baseline), v5)
                graded = result(patient, "CREA", value / factor, **cells, result_id=f"{patient} {value}")
                yield graded, dict(zip(EDITIONS, expected, strict=True))


def platelets() -> Iterator[Case]:
    for unit, factor in units("PLT"):
        for limit in (LLN, *map(Decimal, PLATELETS)):
            for count in around(limit):
                grade = 0 if count >= LLN else 1 + sum(count < Decimal(below) for below in PLATELETS)
                name = f"PLT {unit} {count}"
                sent = {"unit": unit, "lln": float(LLN / factor)}
                yield result("PLT", "PLT", count / factor, **sent, result_id=name), dict.fromkeys(EDITIONS, grade)


def test_every_limit_in_every_unit(warehouse: Warehouse) -> None:
    cases = [*enzymes(), *creatinine(), *platelets()]
    assert {str(row["result_id"]).split()[0] for row, _ in cases} == {*V5_OF_BASELINE, "CREA", "PLT"}
    derive(warehouse, [row for row, _ in cases])
    for edition in EDITIONS:
        found = grades(warehouse, edition)
        wrong = {
            row["result_id"]: (found[str(row["result_id"])], expected[edition])
            for row, expected in cases
            if expected and found[str(row["result_id"])] != expected[edition]
        }
        assert wrong == {}


def test_a_baseline_in_another_unit_is_the_same_baseline(warehouse: Warehouse) -> None:
    """1 mg/dL of creatinine is 88.4 umol/L: 1.5 times of it, 132.6 umol/L, does not exceed 1.5 times of it."""
    milligrams = {"unit": "mg/dL", "test_code": "2160-0"}
    rows = [result(name, "CREA", 1, -1, uln=2.4, **milligrams, result_id=f"{name} baseline") for name in ("a", "b")]
    values = {"a": "132.6", "b": "132.7"}
    rows += [result(name, "CREA", value, uln=212.16, result_id=name) for name, value in values.items()]
    derive(warehouse, rows)
    v4, v5 = grades(warehouse, "ctcae_v4"), grades(warehouse, "ctcae_v5")
    assert [(v4[name], v5[name]) for name in "ab"] == [(1, 0), (2, 2)]
