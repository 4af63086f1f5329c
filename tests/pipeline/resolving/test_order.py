"""What rows become follows from the facts alone, whatever the order in which they came and how often it is made.

A registry that gets files one by one, with people deciding in between, ends as a new one does that has all decisions
before it gets all files at once; and making everything anew changes nothing.
"""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from include.basics.errors import RegistryError
from include.definitions.contracts import FEEDS
from include.people.decisions import Selection, override_records, reject_records, reopen_records, undo_decision
from include.pipeline.resolving import resolve
from include.warehouse.creating import resolve_everything
from include.warehouse.frames import append
from tests.support.examples import TIMES
from tests.support.extracts import Row, row
from tests.support.registry import Registry, opened
from tests.support.tables import Rows, assert_same
from tests.support.warehouses import Templates

DAYS = ("2020-01-01", "2020-01-02", "2020-01-03")
EXPECTED = {"REG-602", "REG-308", "REG-309", "REG-607"}
"""Nothing selected; no record passes; only unreadable cells; no such decision: answers, not failures."""
RESOLVED = (
    *("resolved.fate", "resolved.cell", "resolved.failure", "resolved.reading", "resolved.decision"),
    *("clinical.person", "clinical.lifespan"),
)
NOT_COMPARED = {"found_at", "received_at", "started_at", "finished_at", "landing_uri", "uri"}
"""Clocks and folders."""


class File(NamedTuple):
    """An extract."""

    feed: str
    day: str
    name: str
    rows: list[Row]


class Decision(NamedTuple):
    """What a person does; `number` is the decision that an undo takes back."""

    kind: str
    selection: Selection
    number: int


patients = st.builds(
    lambda key, birth, sex, resected, state: row(
        "patients", key, birth_date=birth, sex=sex, primary_resected=resected, status=state
    ),
    st.sampled_from(["P1", "P1", "P2", "P3", ""]),
    st.sampled_from(["1950-06-15", "1950-06-15", "2012-01-05"]),
    st.sampled_from(["female", "female", "unreadable"]),
    st.sampled_from(["yes", "yes", "perhaps"]),
    st.sampled_from(["final", "final", "corrected", "cancelled"]),
)
visits = st.builds(
    lambda key, of, death, state: row(
        "visits",
        key,
        patient_id=of,
        visit_date=death or "2012-03-01",
        vital_status="dead" if death else "alive",
        death_date=death,
        death_cause="tumour" if death else "",
        status=state,
    ),
    st.sampled_from(["V1", "V2"]),
    st.sampled_from(["P1", "P1", "P2"]),
    st.sampled_from(["", "2012-01-04", "2013-01-01"]),
    st.sampled_from(["final", "final", "corrected", "cancelled"]),
)
results = st.builds(
    lambda key, of, value, high, at, state: row(
        "results", key, patient_id=of, value=value, reference_high=high, collected_at=at, status=state
    ),
    st.sampled_from(["L1", "L1", "L2", ""]),
    st.sampled_from(["P1", "P1", "P2", "P3"]),
    st.sampled_from(["30", "30", "31", "haemolysed"]),
    st.sampled_from(["35", "35", "n.d.", "-1", "5"]),
    st.sampled_from(["2012-01-02T08:15", "2012-01-02T08:15", "2014-01-02T08:15"]),
    st.sampled_from(["final", "final", "preliminary", "corrected", "corrected", "cancelled"]),
)
merges = st.builds(
    lambda key, merged, surviving, state: row(
        "merges", key, merged_patient_id=merged, surviving_patient_id=surviving, status=state
    ),
    st.sampled_from(["M1", "M1", "M2", "M3", ""]),
    st.sampled_from(["P1", "P2", "P3", "P4"]),
    st.sampled_from(["P1", "P2", "P3", "P4"]),
    st.sampled_from(["final", "final", "corrected", "cancelled"]),
)
feeds = st.one_of(
    st.tuples(st.just("merges"), st.lists(merges, min_size=1, max_size=2)),
    st.tuples(st.just("patients"), st.lists(patients, min_size=1, max_size=2)),
    st.tuples(st.just("visits"), st.lists(visits, min_size=1, max_size=2)),
    st.tuples(st.just("results"), st.lists(results, min_size=1, max_size=4)),
    st.tuples(st.just("results"), st.lists(results, min_size=1, max_size=4)),
)
files = st.builds(
    lambda sent, day, name: File(sent[0], day, f"{name}.csv", sent[1]), feeds, st.sampled_from(DAYS), st.integers(1, 99)
)
decisions = st.builds(
    Decision,
    st.sampled_from(["override", "override", "reject", "reject", "reopen", "undo"]),
    st.one_of(
        st.builds(
            lambda feed: Selection(feed=feed), st.sampled_from(["results", "results", "visits", "patients", "merges"])
        ),
        st.builds(lambda key: Selection(record_key=key), st.sampled_from(["L1", "L2", "V1", "M1"])),
    ),
    st.integers(1, 3),
)


@st.composite
def histories(draw: st.DrawFn) -> list[File | Decision]:
    """Files that lie at different places, in any order, and decisions in between."""
    sent = draw(st.lists(files, min_size=4, max_size=8, unique_by=lambda file: (file.feed, file.day, file.name)))
    made: list[File | Decision] = []
    for file in sent:
        made += [file, *draw(st.lists(decisions, max_size=2))]
    return made


limits = settings(
    max_examples=4 * TIMES,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
)
_numbers = itertools.count(1)


@limits
@given(history=histories())
def test_any_order_gives_the_same_on_duckdb(
    tmp_path: Path, templates: Templates, history: list[File | Decision]
) -> None:
    check(history, tmp_path, lambda folder: templates.duckdb(folder / "registry.duckdb"))


@settings(limits, max_examples=2 * TIMES)
@given(history=histories())
def test_any_order_gives_the_same_on_postgresql(
    tmp_path: Path, templates: Templates, postgres_server: str, history: list[File | Decision]
) -> None:
    check(history, tmp_path, lambda _: templates.postgresql(postgres_server))


def check(history: list[File | Decision], tmp_path: Path, url: Callable[[Path], str]) -> None:
    """One by one with decisions in between, against all at once with all decisions known."""
    folders = [tmp_path / f"{next(_numbers)}" for _ in range(2)]
    for folder in folders:
        folder.mkdir()
    with opened(url(folders[0]), folders[0]) as registry:
        for event in history:
            happen(registry, event)
        check_made_anew(registry)
        expected = outcome(registry)
        decided = {table: frame(registry, table) for table in ("decision.event", "decision.subject")}
    with opened(url(folders[1]), folders[1]) as registry:
        for table, rows in decided.items():
            append(registry.warehouse, table, rows)
        registry.warehouse.connection.commit()
        for event in history:
            if isinstance(event, File):
                registry.send(event.feed, event.day, *event.rows, name=event.name)
        registry.load()
        assert_same(outcome(registry), expected)
    for folder in folders:
        shutil.rmtree(folder)


def happen(registry: Registry, event: File | Decision) -> None:
    """A file comes and is loaded, or a person decides."""
    if isinstance(event, File):
        registry.deliver(event.feed, event.day, *event.rows, name=event.name)
        return
    act = {"override": override_records, "reject": reject_records, "reopen": reopen_records}
    try:
        if event.kind == "undo":
            undo_decision(registry.warehouse, event.number, "mg", "as the department says")
        else:
            act[event.kind](registry.warehouse, event.selection, "mg", "as the department says")
    except RegistryError as error:
        if error.code not in EXPECTED:
            raise
    registry.check_conservation()


def check_made_anew(registry: Registry) -> None:
    """Resolving again, what is due or everything, changes nothing and leaves no patient to derive."""
    warehouse = registry.warehouse
    before = {table: table_of(registry, table) for table in RESOLVED}
    warehouse.run("DELETE FROM ops.touched_patient")
    for make_due in (lambda _: None, resolve_everything, resolve_everything):
        with warehouse.transaction():
            make_due(warehouse)
        assert resolve(warehouse) == []
        assert_same({table: table_of(registry, table) for table in RESOLVED}, before)
    assert registry.rows("SELECT patient_id FROM ops.touched_patient") == []


def outcome(registry: Registry) -> dict[str, Rows]:
    """All that follows from the facts, with load ids and row numbers: the files are the same."""
    views = (
        "quarantine.record",
        "quarantine.cell",
        "quarantine.failure",
        "quarantine.override",
        "ops.load",
        "ops.validation_result",
    )
    views += ("clinical.current_patients", "clinical.current_results")
    tables = (*(f"clinical.{feed}" for feed in FEEDS), *views, *RESOLVED)
    return {table: table_of(registry, table) for table in tables}


def table_of(registry: Registry, table: str) -> Rows:
    """The rows of a table or view as texts, in an order of their own."""
    rows = frame(registry, table)
    names = sorted(set(rows.columns) - NOT_COMPARED)
    return sorted(tuple(map(str, cells)) for cells in rows[names].itertuples(index=False))


def frame(registry: Registry, table: str) -> pd.DataFrame:
    """A table or view."""
    result = registry.warehouse.run_verbatim(f"SELECT * FROM {table}")
    return pd.DataFrame(result.tuples().all(), columns=list(result.keys()), dtype=object)
