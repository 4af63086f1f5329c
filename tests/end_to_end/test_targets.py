"""What the study printed, derived from the sample study's extracts, at the printed precision."""

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from include.basics.settings import ROOT
from include.running.cli.paper import print_paper
from include.study.figures import style, write_figures
from include.study.paper import compare, read_targets
from include.study.paper.marts import Marts
from include.warehouse import open_warehouse
from tests.end_to_end.conftest import Outcome
from tests.end_to_end.targets import EXCEPT, MEDIANS, SELECTS, TIMES

COMPARISON = ROOT / "include" / "study" / "paper" / "comparison.md"
PRINTED = ("n", "count", "pct", "mean", "sd", "median", "min", "max", "p", "surv", "lcl", "ucl")


@pytest.fixture
def targets(shared: Path) -> dict[str, dict[str, Any]]:
    """Target id to target."""
    found = json.loads((shared / "paper" / "targets.json").read_text(encoding="utf-8"))
    return {target["id"]: target for target in found["targets"]}


@pytest.fixture(scope="session")
def derived(on_duckdb: Outcome) -> dict[str, dict[str, Any]]:
    """Target id to the platform's row for it."""
    with open_warehouse(on_duckdb.settings.warehouse) as warehouse:
        found = {name: warehouse.run_verbatim(select).mappings().all() for name, select in SELECTS.items()}
    assert {name: len(rows) for name, rows in found.items() if len(rows) != 1} == {}
    return {name: dict(rows[0]) for name, rows in found.items()}


def rounded(value: float, like: float) -> Decimal:
    """A value rounded half up to the decimals of a printed one, after binary noise is taken off."""
    digits = Decimal(1).scaleb(Decimal(str(like)).as_tuple().exponent)  # type: ignore[arg-type]
    return Decimal(f"{value:.9f}").quantize(digits, ROUND_HALF_UP)


def test_every_derived_number_is_the_printed_one(
    targets: dict[str, dict[str, Any]], derived: dict[str, dict[str, Any]]
) -> None:
    different = []
    for name, row in derived.items():
        target = targets[name]
        for part in row.keys() & {part for part in PRINTED if target.get(part) is not None}:
            if target["inconsistent"] and part in ("n", "pct"):
                continue
            if (name, part) not in EXCEPT and rounded(row[part], target[part]) != Decimal(str(target[part])):
                different.append((name, part, row[part], target[part]))
    assert different == []


def test_liver_enzymes_change_as_significantly_as_printed(
    targets: dict[str, dict[str, Any]], derived: dict[str, dict[str, Any]]
) -> None:
    for name in ("R.p.liver.d1", "R.p.liver.d5"):
        assert derived[name]["p"] < targets[name]["p_lt"]


def test_medians_of_groups_are_the_printed_ones(on_duckdb: Outcome, targets: dict[str, dict[str, Any]]) -> None:
    found = on_duckdb.rows(
        "SELECT stratification, stratum, median_months FROM marts.survival_summary "
        "WHERE endpoint = 'os_treatment' AND ci_method = 'plain'"
    )
    medians = {(stratification, stratum): months for stratification, stratum, months in found}
    assert {key: round(medians[key]) for key in MEDIANS} == MEDIANS
    assert {MEDIANS["extrahepatic", key] for key in ("yes", "no")} == {
        *targets["R.lr.extrahep"]["medians"].values(),
    }


def test_every_consistent_target_is_looked_for(targets: dict[str, dict[str, Any]]) -> None:
    """Four are numbers that other targets hold: patients, PES by session, treatment-related deaths; two are rules."""
    consistent = {name for name, target in targets.items() if not target["inconsistent"]}
    left = {"T1.n", "R.pes1", "R.pes2", "R.death_related", "T3.thresholds.BILI", "D.seq"}
    assert consistent - SELECTS.keys() == left


def test_follow_up_is_the_printed_one_without_the_patient_who_died_on_day_3(
    on_duckdb: Outcome, targets: dict[str, dict[str, Any]]
) -> None:
    ((*found,),) = on_duckdb.rows(f"{TIMES}follow_up WHERE days > 3")
    printed = [targets["R.followup"][part] for part in ("mean", "sd", "min", "max", "median")]
    assert [rounded(value, like) for value, like in zip(found, printed, strict=True)] == [
        Decimal(str(value)) for value in printed
    ]


def test_the_report_finds_no_number_that_differs(on_duckdb: Outcome) -> None:
    """What cannot be as printed is told with its reason: see what was chosen in include/study/sample/README.md."""
    with open_warehouse(on_duckdb.settings.warehouse, read_only=True) as warehouse:
        findings = compare(Marts(warehouse), read_targets())
    assert [finding.target.id for finding in findings if finding.verdict == "differs"] == []
    cannot = {finding.target.id: finding for finding in findings if finding.verdict == "cannot be"}
    assert cannot.keys() <= {target.id for target in read_targets() if target.instead}
    assert {"R.os_tace", "R.followup"} <= cannot.keys()
    assert all(finding.why for finding in cannot.values())


def test_every_figure_is_drawn(on_duckdb: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "DOTS_PER_INCH", 40)
    with open_warehouse(on_duckdb.settings.warehouse, read_only=True) as warehouse:
        written, left_out = write_figures(warehouse, tmp_path)
    assert left_out == {}
    assert all(file.stat().st_size > 3_000 for file in written if file.suffix != ".txt")


def test_the_comparison_in_the_repository_is_what_the_platform_prints(
    on_duckdb: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    print_paper(on_duckdb.settings, None, as_markdown=True)
    assert capsys.readouterr().out == COMPARISON.read_text(encoding="utf-8")
