"""What leaves the house of small cells, attacked by whoever knows the rule, best responses and rows of persons."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from include.basics.errors import RegistryError
from include.pipeline import statistics
from include.pipeline.marts import disclosure, refresh_stale
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.sql import select_text
from include.warehouse.tables import manifest, read_table
from tests.support.clinical import fill, rows
from tests.support.differencing import LIMIT, Attack
from tests.support.making import make
from tests.support.marts import LEDGER_MARTS, refresh_only
from tests.support.registry import Registry
from tests.support.warehouses import Templates, on_duckdb

FIRST = date(2020, 1, 6)
VIABLE_MM = {"CR": 0, "PR": 10, "SD": 38, "PD": 70}
WHOLE = "of whom"


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_CELL", str(LIMIT))


def cohort(warehouse: Warehouse, persons: list[tuple[str, str, int]], *marts: str) -> None:
    """Treated patients by sex, response after treatment (NE = no exam) and months to death, and marts of them."""
    names = [f"p{n:03}" for n in range(len(persons))]
    known = list(zip(names, persons, strict=True))
    exams = [
        (name, days, 40 if days < 0 else VIABLE_MM[response])
        for name, (_, response, _) in known
        if response != "NE"
        for days in (-5, 60)
    ]
    fill(
        warehouse,
        patients=[
            {"patient_id": name, "sex": sex, "birth_date": date(1950, 1, 1), "diagnosis_date": FIRST - timedelta(400)}
            for name, (sex, _, _) in known
        ],
        procedures=[
            {"patient_id": name, "performed_on": FIRST, "technique": "ctace", "territory": "whole_liver"}
            for name in names
        ],
        exams=[
            {"patient_id": name, "exam_id": f"{name} {days}", "exam_date": FIRST + timedelta(days), "modality": "CT"}
            for name, days, _ in exams
        ],
        lesions=[
            {
                "patient_id": name,
                "exam_id": f"{name} {days}",
                "lesion_id": "T",
                "lesion_kind": "target",
                "viable_diameter_mm": viable,
                "longest_diameter_mm": max(viable, 30),
            }
            for name, days, viable in exams
        ],
        visits=[
            {
                "patient_id": name,
                "visit_date": FIRST + timedelta(30 * months + 3),
                "vital_status": "dead" if months % 2 else "alive",
                "death_date": FIRST + timedelta(30 * months + 3) if months % 2 else None,
            }
            for name, (_, _, months) in known
        ],
    )
    make(warehouse, *(f"marts.{mart}" for mart in marts))


def told(warehouse: Warehouse) -> dict[tuple[str, str, str], int | None]:
    """Best responses by mRECIST: the counts of the whole cohort, and of men and women, what they are counted of."""
    counts: dict[tuple[str, str, str], int | None] = {}
    for stratum, kind, response, patients, denominator in rows(
        warehouse,
        "SELECT stratum, denominator_kind, response, patients, denominator FROM marts.response_rate "
        "WHERE assessment = 'best' AND criteria = 'mrecist' AND stratification IN ('all', 'sex')",
    ):
        counts[stratum, WHOLE, kind] = denominator
        counts[stratum, response, kind] = patients
    return counts


def attacked(counts: dict[tuple[str, str, str], int | None]) -> Attack:
    attack = Attack()
    for name, count in counts.items():
        attack.know(name, count)
    strata = {name[0] for name in counts}
    responses = ["CR", "PR", "SD", "PD", "NON_CR_NON_PD", "NE"]
    for stratum, kind in itertools.product(strata, ("evaluable", "treated")):
        attack.add((stratum, WHOLE, kind), [(stratum, response, kind) for response in responses])
        attack.add((stratum, "OR", kind), [(stratum, response, kind) for response in ("CR", "PR")])
        attack.add((stratum, "DCR", kind), [(stratum, response, kind) for response in ("CR", "PR", "SD")])
        attack.add(("all", WHOLE, kind), [(sex, WHOLE, kind) for sex in ("female", "male")])
    for stratum, response in itertools.product(strata, [*responses[:-1], "OR", "DCR"]):
        attack.add((stratum, response, "treated"), [(stratum, response, "evaluable")])
    for stratum in strata:
        attack.add((stratum, WHOLE, "treated"), [(stratum, WHOLE, "evaluable"), (stratum, "NE", "treated")])
    for response, kind in itertools.product([*responses, "OR", "DCR"], ("evaluable", "treated")):
        attack.add(("all", response, kind), [(sex, response, kind) for sex in ("female", "male")])
    return attack


PERSONS = st.lists(
    st.tuples(st.sampled_from(["female", "male"]), st.sampled_from([*VIABLE_MM, "NE"]), st.integers(1, 40)),
    min_size=8,
    max_size=40,
)


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(persons=PERSONS)
def test_no_small_count_follows_from_what_is_published(
    templates: Templates, tmp_path: Path, persons: list[tuple[str, str, int]]
) -> None:
    with open_warehouse(templates.duckdb(tmp_path / "attacked.duckdb")) as warehouse:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SMALL_CELL", "0")
            cohort(warehouse, persons, "response_rate", "patient_outcome")
            truth = told(warehouse)
        refresh_only(warehouse, "response_rate", "patient_outcome")
        published = told(warehouse)
        attack = attacked(published)
        for response, known in rows(
            warehouse, "SELECT best_response, COUNT(*) FROM marts.patient_outcome GROUP BY best_response"
        ):
            if response:
                attack.lower["all", response, "treated"] = max(attack.lower["all", response, "treated"], known)
    small = [name for name in published if name[1] != WHOLE and 0 < (truth[name] or 0) < LIMIT]
    for name in small:
        assert published[name] is None
        assert attack.agrees(name, truth[name] or 0, truth[name] or 0)
        assert not attack.is_known(name, truth[name] or 0), f"{name} is known"


def test_the_attack_finds_what_exact_counts_tell(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_CELL", "0")
    cohort(warehouse, [("female", "CR", 3)] * 7 + [("male", "CR", 5)] * 6 + [("male", "SD", 8)], "response_rate")
    published = told(warehouse)
    attack = attacked(published)
    for name, count in published.items():
        hidden = name[1] in {"SD", "DCR"} and name[0] != "all"
        attack.lower[name], attack.upper[name] = (0, np.inf) if hidden else (count or 0, count or 0)
    assert attack.is_known(("male", "SD", "treated"), 1)


MIXED = [
    *[("female", "CR", months) for months in range(2, 22)],
    *[("male", "PR", months) for months in range(1, 24)],
    *[("male", "SD", months) for months in (3, 4, 9)],
    *[("female", "PD", 7), ("female", "NE", 12)],
]
"""48 persons: 22 women and 26 men."""


MARTS = (
    "response_rate",
    "baseline_characteristics",
    "mortality_30_day",
    "survival_curve",
    "survival_summary",
    "kaplan_meier",
    "survival_at",
    "cumulative_incidence",
    "cumulative_incidence_curve",
    "follow_up",
    "patient_outcome",
)


@pytest.fixture(scope="module")
def mixed(module_warehouse: Warehouse) -> Warehouse:
    """The marts of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMALL_CELL", str(LIMIT))
        cohort(module_warehouse, MIXED, *MARTS)
    return module_warehouse


def test_counts_and_what_is_made_of_them(mixed: Warehouse) -> None:
    found = told(mixed)
    assert found["all", WHOLE, "treated"] == 45
    assert found["all", "PR", "treated"] == 20
    assert {found[sex, "SD", "treated"] for sex in ("all", "male", "female")} == {None}
    (percent,) = rows(
        mixed,
        "SELECT DISTINCT percent FROM marts.response_rate WHERE assessment = 'best' AND criteria = 'mrecist' "
        "AND stratum = 'all' AND response = 'PR' AND denominator_kind = 'treated'",
    )
    assert percent[0] == pytest.approx(100 * 20 / 45)
    ages = "FROM marts.baseline_characteristics WHERE characteristic = 'age_at_first_procedure'"
    assert rows(mixed, f"SELECT n, denominator, mean, median, min, max {ages}") == [(45, 45, 70, 70, None, None)]
    assert rows(mixed, "SELECT DISTINCT small_cell FROM marts.mortality_30_day") == [(LIMIT,)]
    # The one death within 30 days.
    assert rows(mixed, "SELECT deaths, percent FROM marts.mortality_30_day WHERE unit = 'patient'") == [(None, None)]


@pytest.mark.parametrize(("median", "shown"), [(112.5, 110), (125, 130), (-12.5, -13), (0.085, 0.085), (2.45, 2.5)])
def test_halves_are_rounded_alike_by_both_engines(warehouse: Warehouse, median: float, shown: float) -> None:
    table = read_table("marts", "ki67_specimen")
    row = f"'liver' AS specimen, 'after' AS moment, 9 AS patients, 9 AS reports, {median} AS median, 1 AS min, 9 AS max"
    (told_row,) = rows(warehouse, disclosure.told(warehouse, table, f"SELECT {row}, '%' AS unit", LIMIT))
    assert told_row[4] == pytest.approx(shown)


def indicator(
    warehouse: Warehouse, numerator: int, denominator: int, target: str, unit: str = "%"
) -> tuple[object, ...]:
    """Value and verdict of an indicator as they are told."""
    exact = f"{1000.0 if unit == '/1000' else 100.0} * {numerator} / {denominator}"
    counts = f"{numerator} AS numerator, {denominator} AS denominator, CAST({exact} AS DOUBLE PRECISION) AS value"
    select = f"SELECT {counts}, '{unit}' AS unit, {target}, TRUE AS meets_target"
    made = disclosure.told(warehouse, read_table("marts", "registry_indicator"), select, LIMIT)
    (found,) = rows(warehouse, f"SELECT value, meets_target FROM ({made}) AS told")
    return tuple(found)


AT_LEAST_95 = "95.0 AS target_low, CAST(NULL AS DOUBLE PRECISION) AS target_high"
AT_MOST_1 = "CAST(NULL AS DOUBLE PRECISION) AS target_low, 1.0 AS target_high"


def test_an_indicator_tells_no_more_than_its_counts(warehouse: Warehouse) -> None:
    """54 of 55 were 98 %, which leaves no other number that lacks the item than one."""
    alike = {indicator(warehouse, part, whole, AT_LEAST_95) for part in range(50, 55) for whole in range(55, 60)}
    ((value, meets),) = alike
    assert (value, meets) == (pytest.approx(100 * 50 / 55), None)


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "unit", "meets"),
    [
        (1000, 1000, AT_LEAST_95, "%", True),
        (900, 1000, AT_LEAST_95, "%", False),
        (52, 53, AT_LEAST_95, "%", None),
        (0, 1000, AT_LEAST_95, "%", False),
        (3, 9000, AT_MOST_1, "/1000", True),
        (3, 900, AT_MOST_1, "/1000", None),
        (30, 900, AT_MOST_1, "/1000", False),
    ],
)
def test_a_target_is_judged_where_told_counts_settle_it(
    warehouse: Warehouse, numerator: int, denominator: int, target: str, unit: str, meets: bool | None
) -> None:
    assert indicator(warehouse, numerator, denominator, target, unit)[1] is meets


def test_a_step_of_a_curve_is_of_several_persons(mixed: Warehouse) -> None:
    counts = "at_risk, events, censored, time_months FROM marts.survival_curve WHERE ci_method = 'log'"
    found = rows(mixed, f"SELECT {counts} AND endpoint = 'os_treatment' AND stratum = 'all'")
    assert max(at_risk for at_risk, _, _, _ in found) == 45
    for curve in (found, rows(mixed, f"SELECT {counts}")):
        assert all(number % LIMIT == 0 for row in curve for number in row[:3])
        assert all(months == int(months) for *_, months in curve)
    # Three men are in no stratum of so few: their response lasts, but not for a curve.
    assert rows(mixed, "SELECT MIN(patients) >= 5 FROM marts.survival_summary") == [(True,)]


def test_what_told_counts_add_up_to_is_never_0(mixed: Warehouse) -> None:
    totals = [
        (mart, column)
        for mart, rules in disclosure.rules().items()
        for column, rule in rules.items()
        if mart in MARTS and rule.kind in ("total", "rest")
    ]
    assert len(totals) > 8
    assert [total for total in totals if rows(mixed, "SELECT 1 FROM marts.{} WHERE {} = 0".format(*total))] == []
    few = "FROM marts.survival_summary WHERE endpoint = 'os_treatment' AND stratum = 'all'"
    assert rows(mixed, f"SELECT DISTINCT events, not_evaluable, imputed_times {few}") == [(25, None, None)]


def test_rows_of_persons_are_alike_to_several(mixed: Warehouse) -> None:
    columns = [c.name for c in read_table("marts", "patient_outcome").columns if c.name != "patient_key"]
    listed = ", ".join(columns)
    alike = rows(mixed, f"SELECT COUNT(*) FROM marts.patient_outcome GROUP BY {listed}")
    assert alike
    assert all(persons >= LIMIT and persons % LIMIT == 0 for (persons,) in alike)


@on_duckdb
def test_the_limit_is_what_was_said_last_else_five_but_for_the_sample_study(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def made_with(said: str) -> int:
        monkeypatch.setenv("SMALL_CELL", said)
        refresh_only(warehouse, "mortality_30_day")
        return int(warehouse.scalar("SELECT MAX(small_cell) FROM marts.mortality_30_day"))

    study = {"sex": "male", "birth_date": date(1950, 1, 1), "diagnosis_date": FIRST}
    fill(warehouse, patients=[{**study, "patient_id": "SYN-001"}])
    assert made_with("") == 0
    fill(warehouse, patients=[{**study, "patient_id": "P1"}])
    assert made_with("") == 5
    assert made_with("10") == 10
    assert made_with("") == 10
    assert "10 to 5" not in caplog.text
    assert made_with("5") == 5
    assert "10 to 5" in caplog.text


@pytest.mark.parametrize("wrong", ["many", "-3", "1"])
def test_what_is_no_limit_is_refused(duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("SMALL_CELL", wrong)
    with pytest.raises(RegistryError) as error:
        refresh_stale(duckdb_registry.warehouse)
    assert error.value.code == "REG-111"


def test_every_number_of_a_mart_has_a_rule() -> None:
    """But those of files, of definitions, and those that are estimated from told counts alone."""
    ruled = disclosure.rules()
    defined = {"metric_definition", "data_dictionary", "toxicity_limit", "reference_range", "setting", "stratification"}
    known = {*LEDGER_MARTS, *defined}
    for name in set(manifest("marts")) - known:
        table = read_table("marts", name)
        if "survival_count" in select_text(f"marts/{name}") or name in ("kaplan_meier", "column_usual"):
            continue
        kinds = {rule.kind for rule in ruled[name].values()}
        if table.statistics or kinds & {"level", "crossed"}:
            continue
        numbers = {c.name for c in table.columns if c.type in ("integer", "double") and c.name not in table.key}
        assert numbers - set(ruled[name]) <= {"sort_order"}, name


CROSSES = """
SELECT
    'os_treatment' AS endpoint, 'study' AS rule, 'none' AS criteria, 'time zero' AS entry, FALSE AS immortal_time,
    c.grade, c.burden, 'no' AS extrahepatic, 'yes' AS primary_resected,
    CAST(c.months AS DOUBLE PRECISION) AS months, 0 AS entered, c.events, c.censored
FROM (
    VALUES
    ('G1', '<10', 6, 7, 0), ('G1', '<10', 30, 6, 8), ('G2', '<10', 4, 9, 0), ('G2', '<10', 20, 8, 3),
    ('G3', '<10', 2, 3, 1), ('G1', '>=75', 9, 2, 2)
) AS c (grade, burden, months, events, censored)
"""
"""21 persons of grade 1 and 20 of grade 2 who are alike otherwise, and two crosses of four persons."""


def test_a_model_of_several_factors_is_made_of_crosses_that_are_told(warehouse: Warehouse) -> None:
    mart = read_table("marts", "multivariable_hazard_ratio")
    counts = warehouse.frame(disclosure.told(warehouse, mart, CROSSES, LIMIT))
    assert {*counts["grade"]} == {"G1", "G2"}
    assert {*counts["burden"]} == {"<10"}
    assert all(counts[flow].mod(LIMIT).eq(0).all() for flow in ("events", "censored"))
    found = statistics.apply(mart.statistics, counts)
    (ratio,) = found.loc[(found["stratification"] == "grade"), ["stratum", "patients", "events"]].to_numpy().tolist()
    assert ratio == ["G2", 40, 25]
    assert found["hazard_ratio"].notna().sum() == 1
