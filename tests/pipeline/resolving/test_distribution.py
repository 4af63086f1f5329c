"""What a column says in a month stands beside what the same site's months before it said."""

from collections.abc import Iterable

import pytest

from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from tests.support.extracts import Row, row
from tests.support.marts import refresh_only
from tests.support.registry import Registry

PATIENTS = [f"P{number}" for number in range(1, 31)]
announced = pytest.mark.announced(*PATIENTS)
USUAL = "value, earlier_months, usual_value, in_band"


def month(registry: Registry, number: int, rows: Iterable[Row], feed: str = "results", name: str = "a.csv") -> None:
    """An extract of the first day of a month of 2020, or later."""
    day = f"{2020 + (number - 1) // 12}-{(number - 1) % 12 + 1:02}-01"
    registry.deliver(feed, day, *rows, name=name)


def results(number: int, factor: float = 1, code: str = "1920-8", unit: str = "U/L") -> list[Row]:
    """A result of each patient, 21 to 50 times a factor."""
    return [
        row("results", f"{code}-{number}-{place}", patient_id=who, test_code=code, unit=unit, value=f"{factor * place}")
        for place, who in enumerate(PATIENTS, 21)
    ]


def latest(registry: Registry, column: str, code: str, measure: str, feed: str = "results") -> tuple[object, ...]:
    """What is said of the latest month."""
    ((*found,),) = registry.rows(
        f"SELECT {USUAL} FROM ops.distribution WHERE is_latest AND feed = '{feed}' AND column_name = '{column}' "
        f"AND code = '{code}' AND measure = '{measure}'"
    )
    return tuple(found)


def told(registry: Registry) -> list[str]:
    return [alarm_line(alarm) for alarm in current_alarms(registry.warehouse) if alarm.cause == "distribution"]


@announced
def test_a_laboratory_that_changes_its_method_is_told_once_six_months_say_what_is_usual(registry: Registry) -> None:
    for number in range(1, 7):
        month(registry, number, results(number))
    assert latest(registry, "value", "AST", "median") == (35, 5, 35, None)
    assert told(registry) == []

    month(registry, 7, results(7, factor=2.3))

    assert latest(registry, "value", "AST", "median") == (80.5, 6, 35, False)
    assert told(registry) == ["results.value AST, median: 80.5 this month, usually 35 (median of 6 months)"]


@announced
def test_a_change_of_units_that_the_registry_knows_is_none(registry: Registry) -> None:
    for number in range(1, 7):
        month(registry, number, results(number, code="14631-6", unit="umol/L"))
    month(registry, 7, results(7, factor=0.0585, code="14631-6", unit="mg/dL"))

    (value, _, usual, in_band) = latest(registry, "value", "BILI", "median")
    assert (value, usual, in_band) == (pytest.approx(35, rel=0.01), 35, True)


@announced
def test_an_analyte_that_is_no_longer_sent_has_a_share_of_none(registry: Registry) -> None:
    for number in range(1, 7):
        month(registry, number, [*results(number), *results(number, code="1742-6")])
    month(registry, 7, results(7))

    assert latest(registry, "value", "ALT", "share") == (0, 6, 100, False)
    assert "results.value ALT, share: 0 % this month, usually 100 % (median of 6 months)" in told(registry)


@announced
def test_a_code_that_comes_more_often_is_told_and_chance_is_not(registry: Registry) -> None:
    for number, present in enumerate((5, 7, 4, 6, 8, 5, 10), 1):
        month(registry, number, visits(number, ["present"] * present + ["none"] * (30 - present)), feed="visits")
    assert latest(registry, "flushing", "present", "share", "visits")[3] is True

    month(registry, 8, visits(8, ["present"] * 24 + ["none"] * 6), feed="visits")

    assert latest(registry, "flushing", "present", "share", "visits")[::3] == (80, False)


def visits(number: int, symptoms: list[str]) -> list[Row]:
    return [
        row("visits", f"V{number}-{who}", patient_id=who, flushing=symptom)
        for who, symptom in zip(PATIENTS, symptoms, strict=True)
    ]


@announced
def test_a_column_that_is_filled_less_is_counted_here_and_judged_by_coverage_alone(registry: Registry) -> None:
    for number in range(1, 8):
        rows = [dict(one, weight_kg="" if number == 7 else "61") for one in visits(number, ["none"] * 30)]
        month(registry, number, rows, feed="visits")

    assert latest(registry, "weight_kg", "", "filled", "visits") == (0, 6, 100, None)
    assert {alarm.cause for alarm in current_alarms(registry.warehouse)} & {"coverage", "distribution"} == {"coverage"}


@announced
def test_numbers_of_few_patients_are_neither_judged_nor_told(registry: Registry) -> None:
    for number in range(1, 7):
        month(registry, number, results(number))
    month(registry, 7, results(7, factor=9)[:19])

    assert latest(registry, "value", "AST", "median") == (None, 6, 35, None)
    told_of = "SELECT quartile_low, quartile_high FROM ops.distribution WHERE is_latest AND measure = 'median'"
    assert registry.rows(told_of) == [(None, None)]


@announced
def test_a_file_that_is_delivered_again_counts_once_and_extracts_of_a_month_together(registry: Registry) -> None:
    month(registry, 1, results(1))
    month(registry, 1, results(1, factor=2)[:10])
    month(registry, 1, results(2)[:3], name="b.csv")

    counts = "SELECT rows, patients, quartile_low, median, quartile_high FROM resolved.distribution"
    assert registry.rows(f"{counts} WHERE code = 'AST'") == [(13, 13, 42, 48, 54)]


@announced
def test_the_mart_withholds_what_few_patients_say(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_CELL", "5")
    rows = [*results(1), *results(1, code="1742-6")[:5]]
    month(registry, 1, rows)
    refresh_only(registry.warehouse, "column_distribution")

    assert registry.rows(
        "SELECT code, patients, rows, value, quartile_low FROM marts.column_distribution "
        "WHERE column_name = 'value' AND measure = 'median' ORDER BY code"
    ) == [("ALT", None, None, None, None), ("AST", 30, 30, 35, 28)]
