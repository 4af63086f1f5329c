"""Targets are read from the marts, and from nothing else."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from include.basics.errors import RegistryError
from include.study.paper.marts import Marts, sources
from include.study.paper.standards import side_by_side
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.frames import append
from include.warehouse.sql import FOLDER, select_text
from include.warehouse.tables import manifest

SELECTS = sorted(path.stem for path in (FOLDER / "paper").glob("*.sql"))
DRAWN = sorted(path.stem for path in (FOLDER / "figures").glob("*.sql"))


def test_every_select_reads_marts_alone() -> None:
    for name in (*(f"paper/{name}" for name in SELECTS), *(f"figures/{name}" for name in DRAWN)):
        text = select_text(name)
        assert set(re.findall(r"\bmarts\.(\w+)", text)) <= set(manifest("marts")), name
        assert not re.search(r"\b(derived|clinical|reference|scope|ops)\.", text), name


def test_every_select_answers_with_the_columns_that_pick_its_rows(warehouse: Warehouse) -> None:
    frames = {name: warehouse.frame(select_text(f"paper/{name}")) for name in SELECTS}
    for target, named in sources().items():
        for name, key in named.items():
            assert set(key) <= set(frames[name].columns), target


def fill(warehouse: Warehouse, mart: str, *rows: dict[str, Any]) -> None:
    append(warehouse, f"marts.{mart}", pd.DataFrame(rows))


def test_a_target_takes_its_row(warehouse: Warehouse) -> None:
    key = {"criteria": "ctcae_v3", "analyte": "AST", "timepoint": "day_1"}
    rows = [
        {**key, "grade": grade, "patients": n, "denominator": 20, "percent": 5.0 * n} for grade, n in ((0, 3), (1, 4))
    ]
    fill(warehouse, "toxicity", *rows, {**rows[0], "criteria": "ctcae_v5", "patients": 9})
    values = Marts(warehouse).values("T3.AST.day1.g0")
    assert (values["count"], values["n"], values["pct"]) == ([3], [20], [15.0])


def test_a_target_without_a_row_has_no_values(warehouse: Warehouse) -> None:
    assert not any(Marts(warehouse).values("T3.AST.day1.g0").values())


@pytest.mark.parametrize("target", ["R.sequential", "R.firstcycle.2"])
def test_shares_of_the_first_cycle_are_over_all_patients(warehouse: Warehouse, target: str) -> None:
    measures = {
        "first_cycle_sessions": (10, 1.6),
        "first_cycle_sessions_1": (6, 1.0),
        "first_cycle_sessions_2": (4, 2.0),
    }
    fill(warehouse, "treatment_exposure", *({"measure": m, "n": n, "mean": v} for m, (n, v) in measures.items()))
    values = Marts(warehouse).values(target)
    assert [values[name] for name in ("count", "n", "pct")] == [[4], [10], [40.0]]


def test_the_limits_are_those_of_most_results(warehouse: Warehouse) -> None:
    ranges = [
        {"analyte": "AST", "unit": "U/L", "upper_limit": limit, "results": n} for limit, n in ((40.0, 2), (35.0, 9))
    ]
    fill(warehouse, "reference_range", *ranges)
    assert Marts(warehouse).values("T3.uln")["values_ast"] == [35.0]


def test_follow_up_is_that_of_the_mart_whoever_died_early(warehouse: Warehouse) -> None:
    observed = {"measure": "observed", "n": 3, "mean": 10.0, "sd": 9.0, "median": 8.0, "min": 0.1, "max": 20.0}
    fill(warehouse, "follow_up", observed, {"measure": "reverse_kaplan_meier", "n": 3, "median": 15.0})
    fill(warehouse, "patient_outcome", {"patient_key": "a", "os_months": 0, "os_event": True})
    values = Marts(warehouse).values("R.followup")
    assert {name: values[name] for name in ("n", "median", "min")} == {"n": [3], "median": [8.0], "min": [0.1]}


def test_a_warehouse_of_an_earlier_version_lacks_some_marts(warehouse: Warehouse) -> None:
    warehouse.run("DROP TABLE marts.observed_time")
    warehouse.connection.commit()
    marts = Marts(warehouse)
    assert marts.values("R.pfs") == {}
    assert marts.frame("given").empty


def test_a_warehouse_that_no_run_has_prepared(tmp_path: Path) -> None:
    with open_warehouse(f"duckdb:///{tmp_path / 'empty.duckdb'}") as empty, pytest.raises(RegistryError) as caught:
        Marts(empty).frame("given")
    assert caught.value.code == "REG-126"


def test_a_select_that_fails_is_told(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.pipeline.marts.reading.select_text", lambda name: "SELECT nothing FROM marts.toxicity")
    with pytest.raises(RegistryError) as caught:
        Marts(warehouse).frame("given")
    assert caught.value.code == "REG-502"
    assert caught.value.__suppress_context__


def test_both_methods_stand_side_by_side(warehouse: Warehouse) -> None:
    key = {"endpoint": "os_treatment", "rule": "study", "criteria": "none", "entry": "time zero", "months": 12.0}
    key |= {"stratification": "all", "stratum": "all"}
    bands = {"plain": (0.835, 0.99), "log-log": (0.78, 0.97)}
    for method, (low, high) in bands.items():
        values = {"survival": 0.914, "ci_low": low, "ci_high": high}
        fill(warehouse, "survival_at", {**key, "ci_method": method, **values})
    (row,) = side_by_side(Marts(warehouse)).to_dict("records")
    assert (row["as the study"], row["today"]) == ("plain: 91 (84 to 99)", "log-log: 91 (78 to 97)")


def test_events_that_are_withheld_stand_beside_as_withheld(warehouse: Warehouse) -> None:
    key = {"endpoint": "pfs", "criteria": "mrecist", "stratification": "all", "stratum": "all", "ci_method": "log-log"}
    fill(warehouse, "survival_summary", {**key, "rule": "study", "patients": 45})
    fill(warehouse, "survival_summary", {**key, "rule": "fda", "patients": 45, "events": 10})
    found = side_by_side(Marts(warehouse)).query("measure == 'Patients with the event'")
    assert found[["as the study", "today"]].to_numpy().tolist() == [
        ["time to progression: withheld of 45", "PFS: 10 of 45"]
    ]


def test_criteria_and_competing_risks_stand_side_by_side(warehouse: Warehouse) -> None:
    key = {"endpoint": "pfs", "rule": "study", "months": 12.0, "stratification": "all", "stratum": "all"}
    free = {"mrecist": (0.75, 0.6, 0.9), "recist_1_1": (0.85, 0.7, 0.95)}
    for criteria, (survival, low, high) in free.items():
        values = {"ci_method": "log-log", "survival": survival, "ci_low": low, "ci_high": high}
        fill(warehouse, "survival_at", {**key, "criteria": criteria, **values})
    incidence = {"criteria": "mrecist", "cif": 0.2, "ci_low": 0.1, "ci_high": 0.3}
    fill(warehouse, "cumulative_incidence", *({**key, **incidence, "cause": c} for c in ("progression", "death")))
    response = {"assessment": "best", "response": "OR", "denominator_kind": "evaluable", "stratification": "all"}
    rates = {"mrecist": (84, 71, 91), "recist_1_1": (39, 26, 53)}
    for criteria, (percent, low, high) in rates.items():
        values = {"criteria": criteria, "percent": percent, "ci_low": low, "ci_high": high}
        fill(warehouse, "response_rate", {**response, **values})
    found = [(row["as the study"], row["today"]) for row in side_by_side(Marts(warehouse)).to_dict("records")]
    assert found == [
        ("mRECIST: 84 (71 to 91)", "RECIST 1.1: 39 (26 to 53)"),
        ("mRECIST: 75 (60 to 90)", "RECIST 1.1: 85 (70 to 95)"),
        (
            "1 - Kaplan-Meier, deaths censored: 25 (10 to 40)",
            "cumulative incidence, death competes: 20 (10 to 30)",
        ),
    ]
