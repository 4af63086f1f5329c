"""No small count of the sample study's marts follows from all that is published of them together.

The attack knows the rule, how counts add up within a mart, across marts, strata and editions, and in the end what was
published before one patient went.
"""

import itertools
from collections.abc import Hashable, Iterator
from dataclasses import replace
from shutil import copyfile, copytree
from typing import Any

import pytest

from include.pipeline.marts import disclosure
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.tables import read_table
from tests.end_to_end.conftest import Outcome
from tests.support.differencing import LIMIT, MANY, Attack
from tests.support.marts import LEDGER_MARTS, refresh_only
from tests.support.registry import Registry

Row = dict[str, Any]
Marts = dict[str, list[Row]]
COUNTS = {"persons", "group", "rest"}
COUNTED = [
    name
    for name, rules in disclosure.rules().items()
    if name not in (*LEDGER_MARTS, "follow_up", "column_month") and COUNTS & {rule.kind for rule in rules.values()}
]
OF_PERSONS = {"baseline_characteristics", "attrition", "toxicity", "toxicity_worst", "response_rate", "cohort"}
EXCLUSIVE = ("sex", "bmi", "primary", "grade", "ecog", "stage", "distant_metastases", "child_pugh", "liver_metastases")
SUMS = [
    ("toxicity", "patients", ("grade",), "denominator"),
    ("toxicity_worst", "patients", ("baseline_grade", "worst_grade", "at_least"), "denominator"),
    ("albi", "procedures", ("albi_grade",), "denominator"),
    ("liver_score", "procedures", ("category",), "denominator"),
]
"""Mart, parts, what they differ in, and the whole, which stands in each of their rows."""
WITHIN = [
    ("mortality_30_day", "denominator", "deaths"),
    ("mortality_30_day", "deaths", "treatment_related_deaths"),
    ("side_effects", "denominator", "procedures"),
    ("session_side_effects", "denominator", "procedures"),
    ("baseline_characteristics", "denominator", "n"),
    ("biomarker_change", "evaluable", "responders"),
    ("biomarker_change", "evaluable", "pairs"),
    ("symptom_response", "patients", "resolved", "improved"),
    ("symptom_response", "pairs", "lost", "gained"),
    ("attrition", "patients_in", "patients_not_met", "patients_unknown"),
    ("attrition", "patients_in", "patients_out"),
    ("attrition", "patients_out", "patients_eligible"),
    ("toxicity", "at_least_denominator", "at_least_patients"),
    ("toxicity", "at_least_denominator", "denominator"),
    ("toxicity", "at_least_denominator", "old_baseline_patients"),
]
"""Mart, a whole, and parts of it in the same row that exclude each other."""
RESPONSES = ("CR", "PR", "SD", "PD", "NON_CR_NON_PD", "NE")


def name(mart: str, column: str, row: Row) -> Hashable:
    """What a count is called."""
    return (mart, column, *(row[key] for key in read_table("marts", mart).key))


def read(warehouse: Warehouse) -> Marts:
    """The rows of the marts that count persons or sessions."""
    return {mart: [dict(row) for row in warehouse.run(f"SELECT * FROM marts.{mart}").mappings()] for mart in COUNTED}


def counts(marts: Marts) -> dict[Hashable, int | None]:
    """Every count by its name."""
    return {
        name(mart, column, row): row[column]
        for mart, rows in marts.items()
        for column, rule in disclosure.rules()[mart].items()
        if rule.kind in COUNTS
        for row in rows
    }


def grouped(rows: list[Row], mart: str, dimensions: tuple[str, ...]) -> list[list[Row]]:
    """Rows that differ in these dimensions alone."""
    keys = [key for key in read_table("marts", mart).key if key not in dimensions]

    def place(row: Row) -> str:
        return repr([row[key] for key in keys])

    return [list(group) for _, group in itertools.groupby(sorted(rows, key=place), key=place)]


def adding_up(marts: Marts) -> Attack:
    """How counts add up; which rows there are is known, too."""
    attack = Attack()
    for mart, column, dimensions, whole in SUMS:
        for group in grouped(marts[mart], mart, dimensions):
            _parts(attack, mart, column, whole, group)
    for characteristic in EXCLUSIVE:
        found = [
            row
            for row in marts["baseline_characteristics"]
            if row["characteristic"] == characteristic and row["category"] != "all"
        ]
        _parts(attack, "baseline_characteristics", "n", "denominator", found)
    for mart, whole, *parts in WITHIN:
        for row in marts[mart]:
            attack.within(name(mart, whole, row), [name(mart, part, row) for part in parts])
    for relations in (_attrition, _grades, _sessions, _responses, _treated):
        for whole, listed in relations(marts):
            attack.add(whole, listed)
    return attack


def _parts(attack: Attack, mart: str, column: str, whole: str, rows: list[Row]) -> None:
    attack.add(name(mart, whole, rows[0]), [name(mart, column, row) for row in rows])
    for row in rows[1:]:
        attack.add(name(mart, whole, row), [name(mart, whole, rows[0])])


Relations = Iterator[tuple[Hashable, list[Hashable]]]


def _attrition(marts: Marts) -> Relations:
    steps = sorted(marts["attrition"], key=lambda row: row["step"])
    yield name("attrition", "patients_in", steps[0]), [name("cohort", "patients", marts["cohort"][0])]
    for before, after in itertools.pairwise(steps):
        yield name("attrition", "patients_out", before), [name("attrition", "patients_in", after)]


def _grades(marts: Marts) -> Relations:
    """Whoever has a grade or a higher one has the next, or this one."""
    for group in grouped(marts["toxicity"], "toxicity", ("grade",)):
        for number, (low, high) in enumerate(itertools.pairwise(sorted(group, key=lambda row: row["grade"]))):
            rest: Hashable = ("rest", "grade", *name("toxicity", "patients", low)[2:], number)  # type: ignore[index]
            listed = [name("toxicity", "at_least_patients", high), name("toxicity", "patients", low), rest]
            yield name("toxicity", "at_least_patients", low), listed


def _sessions(marts: Marts) -> Relations:
    for row in marts["side_effects"]:
        found = [one for one in marts["session_side_effects"] if one["term"] == row["term"]]
        for column in ("procedures", "denominator"):
            yield name("side_effects", column, row), [name("session_side_effects", column, one) for one in found]


def _responses(marts: Marts) -> Relations:
    mart = "response_rate"
    by_response: dict[tuple[Any, ...], Row] = {}
    for group in grouped(marts[mart], mart, ("response",)):
        of = {row["response"]: row for row in group}

        def count(response: str, of: dict[str, Row] = of) -> Hashable:
            return name(mart, "patients", of[response])

        yield name(mart, "denominator", group[0]), [count(response) for response in RESPONSES]
        yield count("OR"), [count("CR"), count("PR")]
        yield count("DCR"), [count("OR"), count("SD")]
        for row in group:
            yield name(mart, "denominator", row), [name(mart, "denominator", group[0])]
            place = (row["assessment"], row["criteria"], row["stratification"], row["stratum"], row["denominator_kind"])
            by_response[*place, row["response"]] = row
    for (*place, kind, response), row in by_response.items():
        evaluable = by_response[*place, "evaluable", response]
        if kind == "treated" and response != "NE":
            yield name(mart, "patients", row), [name(mart, "patients", evaluable)]
        elif kind == "treated":
            yield name(mart, "denominator", row), [name(mart, "denominator", evaluable), name(mart, "patients", row)]


def _treated(marts: Marts) -> Relations:
    """The treated patients stand in several marts, and in every stratification of which each patient is known."""
    patient, session = sorted(marts["mortality_30_day"], key=lambda row: row["unit"])
    mart, everybody = "response_rate", name("baseline_characteristics", "n", _all_treated(marts))
    columns = ("denominator", "not_evaluable")
    yield everybody, [name("mortality_30_day", column, patient) for column in columns]
    sessions = name("side_effects", "denominator", marts["side_effects"][0])
    yield sessions, [name("mortality_30_day", column, session) for column in columns]
    treated = [row for row in marts[mart] if row["denominator_kind"] == "treated"]
    whole = {_outcome(row): row for row in treated if row["stratification"] == "all"}
    for row in whole.values():
        yield name(mart, "denominator", row), [everybody]
    for group in grouped(treated, mart, ("stratum",)):
        total = whole[_outcome(group[0])]
        for column in ("denominator", "patients"):
            members = [name(mart, column, row) for row in group]
            rest: list[Hashable] = [] if _is_whole(group, total) else [("rest", "of strata", *members)]
            yield name(mart, column, total), [*members, *rest]


def _all_treated(marts: Marts) -> Row:
    return next(row for row in marts["baseline_characteristics"] if row["characteristic"] == "patients")


def _outcome(row: Row) -> tuple[Any, ...]:
    return tuple(row[column] for column in ("assessment", "criteria", "response"))


def _is_whole(strata: list[Row], total: Row) -> bool:
    return sum(row["denominator"] for row in strata) == total["denominator"]


def is_sum(mart: str, row: Row) -> bool:
    """Whether a row is left out because it is a sum of others."""
    summed = [rule for rule in disclosure.rules()[mart].values() if rule.kind == "sum"]
    return any(row["stratification"] != "all" and row[rule.column_name] in rule.made_of.split(", ") for rule in summed)


def know(attack: Attack, told: Marts, truth: Marts) -> None:
    """What the marts tell; a missing row tells that its group is small, if it is no sum of others, and no more."""
    published = counts(told)
    for mart, rows in truth.items():
        kinds = {column: rule.kind for column, rule in disclosure.rules()[mart].items() if rule.kind in COUNTS}
        for row, (column, kind) in itertools.product(rows, kinds.items()):
            counted = name(mart, column, row)
            if counted in published or (kind == "group" and not is_sum(mart, row)):
                attack.know(counted, published.get(counted))


def publish(warehouse: Warehouse, limit: int) -> Marts:
    """The marts as they are told with a limit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMALL_CELL", str(limit))
        refresh_only(warehouse, *COUNTED)
        return read(warehouse)


@pytest.fixture(scope="module")
def registry(on_duckdb: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A copy of the sample study's registry."""
    folder, settings = tmp_path_factory.mktemp("small_cells"), on_duckdb.settings
    copyfile(settings.warehouse.removeprefix("duckdb:///"), folder / "registry.duckdb")
    copytree(settings.landing, folder / "landing")
    url = f"duckdb:///{folder / 'registry.duckdb'}"
    with open_warehouse(url) as warehouse:
        yield Registry(
            warehouse,
            replace(settings, extracts=str(folder / "extracts"), warehouse=url, landing=str(folder / "landing")),
        )


def known(told: Marts, truth: Marts) -> list[Hashable]:
    """The small counts that follow from what is told."""
    attack, true = adding_up(truth), {name: count for name, count in counts(truth).items() if count is not None}
    assert attack.untrue(true) == []
    know(attack, told, truth)
    assert [one for one in true if not attack.lower.get(one, 0) <= true[one] <= attack.upper.get(one, MANY)] == []
    return [
        one
        for part in attack.parted()
        for one in part.names
        if 0 < true.get(one, 0) < LIMIT and part.is_known(one, true[one])
    ]


def narrowed(marts: Marts, assessment: str, criteria: str) -> Marts:
    """Responses by one assessment and criteria alone."""
    chosen = (assessment, criteria)
    rows = [row for row in marts["response_rate"] if (row["assessment"], row["criteria"]) == chosen]
    return marts | {"response_rate": rows}


def test_no_small_count_follows_from_all_marts_together(registry: Registry) -> None:
    truth, told = (publish(registry.warehouse, limit) for limit in (0, LIMIT))
    small = [count for count in counts(truth).values() if 0 < (count or 0) < LIMIT]
    assert len(small) > 1000
    assert known(narrowed(told, "best", "mrecist"), narrowed(truth, "best", "mrecist")) == []


def test_sums_of_groups_would_tell_their_parts(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = publish(registry.warehouse, 0)
    rules = {mart: dict(of_mart) for mart, of_mart in disclosure.rules().items()}
    del rules["response_rate"]["response"]
    monkeypatch.setattr(disclosure, "rules", lambda: rules)
    told = publish(registry.warehouse, LIMIT)
    found = known(narrowed(told, "best", "mrecist"), narrowed(truth, "best", "mrecist"))
    assert {one[4:7] for one in found} == {("procedures", ">=4", "CR")}  # type: ignore[index]
