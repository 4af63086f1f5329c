"""Results drawn at random have the grades that CTCAE's printed limits, written out in plain Python, give them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import derive, graded_sides, result
from tests.support.clinical import Row
from tests.support.ctcae import EDITIONS, HUGE, NEAR, TERMS, TINY, Baseline, Known, Range, grades
from tests.support.examples import TIMES

DRAWN = 60
"""Patients of each analyte."""


@dataclass(frozen=True)
class Analyte:
    """Units with their factors to the registry's own, usual limits in that, and values at which criteria part."""

    units: dict[str, str]
    lower: tuple[str, ...]
    upper: tuple[str, ...]
    absolute: tuple[str, ...] = ()
    added: tuple[str, ...] = ("0",)


ENZYME = {"U/L": "1", "ukat/L": "60"}
CELLS = {"10*9/L": "1", "10*3/uL": "1", "/uL": "0.001"}
SALT = {"mmol/L": "1", "meq/L": "1"}
SUGAR = {"mmol/L": "1", "mg/dL": "0.055507"}
SUGARS = ("1.7", "2.2", "3", "8.9", "13.9", "27.8")
ANALYTES = {
    "AST": Analyte(ENZYME, ("9",), ("36", "35.2", "42")),
    "ALT": Analyte(ENZYME, ("9",), ("36", "40.8")),
    "BILI": Analyte({"umol/L": "1", "mg/dL": "17.104"}, ("3.4208",), ("17.104", "20.5248")),
    "ALP": Analyte(ENZYME, ("30",), ("120", "105")),
    "GGT": Analyte(ENZYME, ("6",), ("60", "45")),
    "CREA": Analyte({"umol/L": "1", "mg/dL": "88.4"}, ("53.04", "44.2"), ("88.4", "106.08")),
    "PLT": Analyte(CELLS, ("150", "140"), ("400",), ("75", "50", "25", "10")),
    "ALB": Analyte({"g/L": "1", "g/dL": "10"}, ("35", "40"), ("50",), ("30", "20")),
    "INR": Analyte({"{INR}": "1"}, ("0.8",), ("1.1", "1.2"), ("1.2", "1.5", "2.5")),
    "HGB": Analyte({"g/L": "1", "g/dL": "10"}, ("120", "135"), ("160", "175"), ("100", "80", "65"), ("0", "20", "40")),
    "NEUT": Analyte(CELLS, ("1.8", "2"), ("7.5",), ("1.5", "1", "0.5", "0.1")),
    "WBC": Analyte(CELLS, ("4",), ("10", "11"), ("3", "2", "1", "100")),
    "SODIUM": Analyte(SALT, ("135",), ("145",), ("120", "129", "130", "150", "155", "160")),
    "POTASSIUM": Analyte(SALT, ("3.5",), ("5", "5.1"), ("2.5", "3", "5.5", "6", "7")),
    "GLUCOSE": Analyte(SUGAR, ("3.9",), ("5.6", "6.1"), SUGARS),
    "GLUCOSE_FASTING": Analyte(SUGAR, ("3.9",), ("5.6", "6.1"), SUGARS),
}
MULTIPLES = ("1", "1", "1", "1.5", "2", "2.5", "3", "4", "5", "6", "10", "20", "0.5")
SIGNS = ("", "", "", "", "<", "<=", ">", ">=")
MISSING = 0.15
DAY = {"earlier": -9, "baseline": -2, "later": 3}


Cell = tuple[str, Row, Known]
"""Analyte, the result as its laboratory writes it, and what is so known of it in the registry's unit."""


def cells(draw: random.Random) -> Iterator[Cell]:
    """Results up to the baseline of their patient and after it."""
    for analyte in ANALYTES:
        for number in range(DRAWN * TIMES):
            patient, base, before = f"{analyte} {number}", None, None
            if draw.random() < 0.8:
                row, known = _draw(draw, analyte, patient, "baseline")
                base = Baseline(known.value, known.lower, known.upper)
                before = known.value.low if known.value.high == HUGE else known.value.high
                yield analyte, row, known
                row, known = _draw(draw, analyte, patient, "earlier", before)
                yield analyte, row, replace(known, base=base)
            row, known = _draw(draw, analyte, patient, "later", before)
            yield analyte, row, replace(known, base=base, is_after=True)


def _draw(
    draw: random.Random, analyte: str, patient: str, moment: str, before: Fraction | None = None
) -> tuple[Row, Known]:
    of = ANALYTES[analyte]
    unit, text = draw.choice(list(of.units.items()))
    factor = Decimal(text)
    lower, upper = (
        None if draw.random() < MISSING else _written(Decimal(draw.choice(known)) / factor)
        for known in (of.lower, of.upper)
    )
    times = Decimal(draw.choice(MULTIPLES))
    marks = [times * (upper or Decimal(of.upper[0]) / factor), *(Decimal(mark) / factor for mark in of.absolute)]
    marks += [limit for limit in (lower, upper and upper + Decimal(draw.choice(of.added)) / factor) if limit]
    marks += [times * Decimal(before.numerator) / Decimal(before.denominator) / factor] if before else []
    at = _written(draw.choice(marks))
    number = at + draw.choice((0, 0, 1, -1)) * Decimal(1).scaleb(int(at.as_tuple().exponent) - 1)
    assert number > 0
    sign, exact = draw.choice(SIGNS), Fraction(number) * Fraction(factor)
    limits = {"lln": lower and float(lower), "uln": upper and float(upper)}
    row = result(
        patient, analyte, f"{sign}{number:f}", DAY[moment], result_id=f"{patient} {moment}", unit=unit, **limits
    )
    bounds = (limit and Fraction(limit) * Fraction(factor) for limit in (lower, upper))
    return row, Known(_range(sign, exact), *bounds, base=None, is_after=False)


def _written(number: Decimal) -> Decimal:
    """A number as a laboratory prints it."""
    return number.quantize(Decimal("1e-6")).normalize()


def _range(sign: str, number: Fraction) -> Range:
    little = NEAR if sign in ("<", ">") else 0
    low = TINY if sign in ("<", "<=") else number * (1 + little)
    return Range(low, HUGE if sign in (">", ">=") else number * (1 - little) if sign else number)


def test_grades_of_random_results(warehouse: Warehouse) -> None:
    drawn = list(cells(random.Random(7)))  # noqa: S311
    derive(warehouse, [row for _, row, _ in drawn])
    for edition in EDITIONS:
        found = graded_sides(warehouse, f"ctcae_{edition}")
        expected = {
            (str(row["result_id"]), term): grades(texts[edition], known)
            for analyte, row, known in drawn
            for (graded, term), texts in TERMS.items()
            if graded == analyte and edition in texts
        }
        wrong = {key: (found[key], grade) for key, grade in expected.items() if found[key] != grade}
        assert wrong == {}, edition
