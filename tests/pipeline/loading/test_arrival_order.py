"""Whatever the way in which rows arrive, the record, what is derived from it and the marts are the same."""

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from include.people.decisions import Selection, reject_records
from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from include.pipeline.resolving import resolve
from tests.support.examples import TIMES
from tests.support.extracts import Row, row
from tests.support.registry import Registry, opened
from tests.support.tables import Rows, assert_same, contents
from tests.support.warehouses import Templates

DAYS = ("2020-01-01", "2020-01-02", "2020-01-03")
DEATHS = ("", "2013-01-01", "2015-01-01")


class File(NamedTuple):
    """An extract."""

    feed: str
    day: str
    name: str
    rows: list[Row]


class Arrival(NamedTuple):
    """Files in the order in which they arrive; `after` says what is run once each has arrived."""

    files: list[File]
    after: list[str]


patient = st.sampled_from(["P1", "P2"])
status = st.sampled_from(["final", "final", "final", "corrected", "cancelled"])
patients = st.builds(
    lambda key, birth, sex, state: row("patients", key, birth_date=birth, sex=sex, status=state),
    patient,
    st.sampled_from(["1950-06-15", "1950-06-15", "2012-01-02"]),
    st.sampled_from(["male", "male", "unreadable"]),
    status,
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
    patient,
    st.sampled_from(DEATHS),
    status,
)
results = st.builds(
    lambda key, of, at, value, state: row("results", key, patient_id=of, collected_at=at, value=value, status=state),
    st.sampled_from(["L1", "L2"]),
    patient,
    st.sampled_from(["2012-01-02T08:15", "2012-01-08T08:15", "2014-01-02T08:15"]),
    st.sampled_from(["30", "400", "haemolysed"]),
    st.one_of(status, st.just("preliminary")),
)
procedures = st.builds(
    lambda of, day: row("procedures", f"S-{of}", patient_id=of, performed_on=day),
    patient,
    st.sampled_from(["2012-01-03", "2012-02-03"]),
)
sent_rows = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.one_of(
            st.tuples(st.just("patients"), patients),
            st.tuples(st.just("visits"), visits),
            st.tuples(st.just("results"), results),
            st.tuples(st.just("procedures"), procedures),
        ),
    ),
    min_size=4,
    max_size=9,
)


@st.composite
def two_ways(draw: st.DrawFn) -> tuple[Arrival, Arrival]:
    """The same rows: each night's in one file, all nights at once; and split, in any order, with runs in between."""
    nights: dict[tuple[str, str], list[Row]] = {}
    for day, (feed, cells) in draw(sent_rows):
        nights.setdefault((feed, day), []).append(cells)
    whole = [File(feed, day, "a.csv", rows) for (feed, day), rows in sorted(nights.items())]
    split = [part for file in whole for part in parts(file, draw(st.integers(1, 3)))]
    order = draw(st.permutations(split))
    runs = st.sampled_from(["nothing", "load", "load", "load twice", "derive", "refresh"])
    after = draw(st.lists(runs, min_size=len(order), max_size=len(order)))
    return Arrival(whole, ["nothing"] * len(whole)), Arrival(order, after)


def parts(file: File, first: int) -> list[File]:
    """A file as one or two, whose names keep the order of its rows."""
    cut = [file.rows[:first], file.rows[first:]]
    return [file._replace(name=f"{name}.csv", rows=rows) for name, rows in zip("ab", cut, strict=True) if rows]


REJECTED = File(
    "results",
    "2019-12-31",
    "a.csv",
    [
        row("results", key, patient_id=of, collected_at=at, value="400")
        for key, of, at in itertools.product(("L1", "L2"), ("P1", "P2"), ("2012-01-02T08:15", "2014-01-02T08:15"))
    ],
)
"""Rows that a person rejects before anything else arrives: what says the same stays out in every order."""
_numbers = itertools.count(1)


@settings(
    max_examples=2 * TIMES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
)
@given(ways=two_ways())
def test_any_way_of_arriving_gives_the_same_tables(
    tmp_path: Path, templates: Templates, ways: tuple[Arrival, Arrival]
) -> None:
    expected, got = (outcome(arrival, tmp_path / str(next(_numbers)), templates, REJECTED) for arrival in ways)
    assert_same(got, expected)


def outcome(arrival: Arrival, folder: Path, templates: Templates, rejected: File) -> dict[str, Rows]:
    """The tables once everything has arrived and all is run; what a person rejects comes first."""
    folder.mkdir()
    with opened(templates.duckdb(folder / "registry.duckdb"), folder) as registry:
        registry.deliver(rejected.feed, rejected.day, *rejected.rows)
        reject_records(registry.warehouse, Selection(feed=rejected.feed), "mg", "samples of another person")
        for file, run in zip(arrival.files, arrival.after, strict=True):
            registry.send(file.feed, file.day, *file.rows, name=file.name)
            run_some(registry, run)
        registry.finish()
        check_counts(registry, [rejected, *arrival.files])
        found = contents(registry.warehouse)
        found["marts.registry_indicator"] = registry.rows(
            "SELECT month, source, indicator, numerator, denominator FROM marts.registry_indicator "
            "WHERE indicator <> 'records_passing' ORDER BY month, source, indicator"
        )
        found["quarantine.record"] = registry.rows(
            "SELECT DISTINCT feed, record_key, patient_id, state FROM quarantine.record "
            "WHERE state IN ('open', 'waiting') ORDER BY feed, record_key, patient_id, state"
        )
    shutil.rmtree(folder)
    return found


def run_some(registry: Registry, run: str) -> None:
    """Some of the steps, as an event or a person may start them."""
    if run != "nothing":
        registry.load()
    if run == "load twice":
        registry.load()
        resolve(registry.warehouse)
    if run in ("derive", "refresh"):
        derive_touched(registry.warehouse)
    if run == "refresh":
        refresh_stale(registry.warehouse)


def check_counts(registry: Registry, files: Sequence[File]) -> None:
    """The ledger counts every row that was sent, and as waiting and quarantined those that are."""
    (received,) = registry.rows("SELECT SUM(rows_received), COUNT(*) FROM ops.load WHERE state = 'loaded'")
    assert received == (sum(len(file.rows) for file in files), len(files))
    versions = " UNION ALL ".join(
        f"SELECT load_id, version_state FROM clinical.{feed}" for feed in sorted({file.feed for file in files})
    )
    miscounted = registry.rows(
        "SELECT l.load_id FROM ops.load AS l WHERE l.rows_waiting <> "
        f"(SELECT COUNT(*) FROM ({versions}) AS v WHERE v.load_id = l.load_id AND v.version_state = 'waiting')"
    )
    assert miscounted == []
