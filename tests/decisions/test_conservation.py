"""Whatever people decide, in whatever order rows arrive meanwhile: no row is lost, and the counts say where each is."""

import itertools
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from include.decisions import Selection, override_records, reject_records, reopen_records, replay_records
from include.errors import RegistryError
from tests.support.extracts import Row, row
from tests.support.registry import Registry, opened
from tests.support.warehouses import Templates

DAYS = ("2020-01-01", "2020-01-02")
EXPECTED = {"REG-602", "REG-308", "REG-604"}
"""Nothing selected; no record passes; a patient cannot leave: answers, not failures."""

results = st.builds(
    lambda key, of, value, at: ("results", row("results", key, patient_id=of, value=value, collected_at=at)),
    st.sampled_from(["L1", "L2"]),
    st.sampled_from(["P1", "P1", "P2"]),
    st.sampled_from(["30", "90000", "haemolysed"]),
    st.sampled_from(["2012-01-02T08:15", "2014-01-02T08:15"]),
)
visits = st.builds(
    lambda death: (
        "visits",
        row(
            "visits",
            visit_date=death or "2012-03-01",
            vital_status="dead" if death else "alive",
            death_date=death,
            death_cause="tumour" if death else "",
        ),
    ),
    st.sampled_from(["", "2013-01-01"]),
)
patients = st.builds(
    lambda birth: ("patients", row("patients", birth_date=birth)), st.sampled_from(["1950-06-15", "1850-01-01"])
)
arrivals = st.tuples(st.sampled_from(DAYS), st.one_of(results, results, visits, patients))
decisions = st.tuples(
    st.sampled_from(["override", "override", "reject", "reopen", "replay"]),
    st.one_of(
        st.builds(lambda feed: Selection(feed=feed), st.sampled_from(["results", "results", "visits", "patients"])),
        st.builds(lambda key: Selection(record_key=key), st.sampled_from(["L1", "L2"])),
    ),
)
_numbers = itertools.count(1)


@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
)
@given(events=st.lists(st.one_of(arrivals, decisions), min_size=6, max_size=14))
def test_no_decision_loses_a_row(tmp_path: Path, templates: Templates, events: list[tuple[str, object]]) -> None:
    folder = tmp_path / str(next(_numbers))
    folder.mkdir()
    with opened(templates.duckdb(folder / "registry.duckdb"), folder) as registry:
        for number, (what, about) in enumerate(events):
            if isinstance(about, Selection):
                decide(registry, what, about)
            else:
                arrive(registry, what, about, number)
            check(registry)


def arrive(registry: Registry, day: str, about: object, number: int) -> None:
    """A file of one row."""
    feed, cells = about  # type: ignore[misc]
    registry.deliver(feed, day, Row(cells), name=f"{number}.csv")


def decide(registry: Registry, what: str, chosen: Selection) -> None:
    """A decision about the selected records."""
    act = {"override": override_records, "reject": reject_records, "reopen": reopen_records}
    try:
        if what == "replay":
            replay_records(registry.warehouse, chosen)
        else:
            act[what](registry.warehouse, chosen, "mg", "as the department says")
    except RegistryError as error:
        if error.code not in EXPECTED:
            raise


def check(registry: Registry) -> None:
    """Counts add up and agree with what there is; every key has at most one current version; the trail is whole."""
    registry.check_conservation()
    for feed, key in (("results", "result_id"), ("visits", "visit_id"), ("patients", "patient_id")):
        assert (
            registry.rows(
                f"SELECT {key} FROM clinical.{feed} WHERE version_state = 'current' GROUP BY {key} HAVING COUNT(*) > 1"
            )
            == []
        )
        assert (
            registry.rows(
                f"SELECT v.{key} FROM clinical.{feed} AS v "
                "LEFT JOIN clinical.lifespan AS l ON v.patient_id = l.patient_id "
                "WHERE v.version_state IN ('current', 'past') AND l.patient_id IS NULL"
            )
            == []
        )
    assert registry.rows("SELECT COUNT(*) FROM quarantine.record WHERE state <> audited_state") == [(0,)]
    assert (
        registry.rows(
            "SELECT l.load_id FROM ops.load AS l WHERE l.rows_waiting <> "
            "(SELECT COUNT(*) FROM quarantine.record AS q WHERE q.load_id = l.load_id AND q.state = 'waiting')"
        )
        == []
    )
