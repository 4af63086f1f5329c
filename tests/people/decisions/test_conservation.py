"""Whatever people decide, in whatever order rows arrive meanwhile: no row is lost, and the counts say where each is."""

import itertools
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from include.basics.errors import RegistryError
from include.people.decisions import Selection, override_records, reject_records, reopen_records, replay_records
from tests.support.examples import TIMES
from tests.support.extracts import Row, row
from tests.support.registry import Registry, opened
from tests.support.warehouses import Templates

DAYS = ("2020-01-01", "2020-01-02")
EXPECTED = {"REG-602", "REG-308", "REG-309"}
"""Nothing selected; no record passes; only unreadable cells: answers, not failures."""

results = st.builds(
    lambda key, of, value, high, at, state: (
        "results",
        row("results", key, patient_id=of, value=value, reference_high=high, collected_at=at, status=state),
    ),
    st.sampled_from(["L1", "L2"]),
    st.sampled_from(["P1", "P1", "P2"]),
    st.sampled_from(["30", "90000", "haemolysed"]),
    st.sampled_from(["35", "35", "n.d.", "-1"]),
    st.sampled_from(["2012-01-02T08:15", "2014-01-02T08:15"]),
    st.sampled_from(["final", "final", "corrected"]),
)
visits = st.builds(
    lambda death, of, state: (
        "visits",
        row(
            "visits",
            patient_id=of,
            status=state,
            visit_date=death or "2012-03-01",
            vital_status="dead" if death else "alive",
            death_date=death,
            death_cause="tumour" if death else "",
        ),
    ),
    st.sampled_from(["", "2013-01-01"]),
    st.sampled_from(["P1", "P1", "P2"]),
    st.sampled_from(["final", "corrected"]),
)
patients = st.builds(
    lambda key, birth: ("patients", row("patients", key, birth_date=birth)),
    st.sampled_from(["P1", "P1", "P2"]),
    st.sampled_from(["1950-06-15", "1850-01-01"]),
)
arrivals = st.tuples(st.sampled_from(DAYS), st.one_of(results, results, visits, patients))
decisions = st.tuples(
    st.sampled_from(["override", "override", "reject", "reopen", "replay"]),
    st.one_of(
        st.builds(lambda feed: Selection(feed=feed), st.sampled_from(["results", "results", "visits", "patients"])),
        st.builds(lambda key: Selection(record_key=key), st.sampled_from(["L1", "L2"])),
    ),
)
NOWHERE = {
    "an ended override lets a row in": """
        SELECT f.load_id
        FROM quarantine.failure AS f
        INNER JOIN quarantine.override AS o ON f.override_id = o.override_id
        WHERE o.ended_at IS NOT NULL""",
    "what was rejected is there": """
        SELECT q.load_id
        FROM quarantine.record AS q
        INNER JOIN quarantine.record AS r ON q.feed = r.feed AND q.content = r.content
        WHERE r.state = 'rejected' AND q.state IN ('open', 'waiting', 'overridden')""",
    "a count of quarantined rows is not that of the records": """
        SELECT l.load_id
        FROM ops.load AS l
        WHERE
            l.state = 'loaded'
            AND l.rows_quarantined <> (
                SELECT COUNT(*)
                FROM quarantine.record AS q
                WHERE
                    q.load_id = l.load_id
                    AND q.state IN ('open', 'rejected', 'corrected')
            )""",
    "a count of waiting rows is not that of the records": """
        SELECT l.load_id
        FROM ops.load AS l
        WHERE
            l.rows_waiting <> (
                SELECT COUNT(*)
                FROM quarantine.record AS q
                WHERE q.load_id = l.load_id AND q.state = 'waiting'
            )""",
    "a count of cells is not that of the cells that are open": """
        SELECT l.load_id
        FROM ops.load AS l
        WHERE
            l.cells_set_aside <> (
                SELECT COUNT(*)
                FROM quarantine.cell AS c
                WHERE c.load_id = l.load_id AND c.state = 'open'
            )""",
    "a cell is open or decided whose row is nowhere": """
        SELECT c.load_id
        FROM quarantine.cell AS c
        LEFT JOIN clinical.results AS v ON c.load_id = v.load_id AND c.row_number = v.row_number
        WHERE c.state <> 'rejected' AND v.version_state IS NULL""",
    "a version without a value has no cell that says why, or one with a value has": """
        SELECT v.load_id
        FROM clinical.results AS v
        LEFT JOIN quarantine.cell AS c ON v.load_id = c.load_id AND v.row_number = c.row_number
        WHERE
            v.version_state <> 'quarantined'
            AND (v.reference_high IS NULL) <> COALESCE(c.state IN ('open', 'corrected'), FALSE)""",
    "a rule says another number than that of the rows that fail it": """
        SELECT r.load_id
        FROM ops.validation_result AS r
        INNER JOIN ops.load AS l ON r.load_id = l.load_id AND l.state = 'loaded'
        INNER JOIN reference.rule AS k ON r.rule_id = k.rule_id AND k.level IN ('row', 'cell', 'lifespan')
        WHERE
            r.rows_failed <> (
                SELECT COUNT(*)
                FROM quarantine.failure AS f
                WHERE f.load_id = r.load_id AND f.rule_id = r.rule_id AND NOT f.is_overridden
            )""",
}
NOWHERE_IN = {
    "a key has two current versions": """
        SELECT {key}
        FROM clinical.{feed}
        WHERE version_state = 'current'
        GROUP BY {key}
        HAVING COUNT(*) > 1""",
    "a key counts for another patient than its latest owner": """
        SELECT v.{key}
        FROM clinical.{feed} AS v
        INNER JOIN clinical.{feed} AS w ON v.{key} = w.{key} AND v.patient_id <> w.patient_id
        WHERE
            v.version_state = 'current'
            AND w.status = 'corrected'
            AND w.version_state <> 'quarantined'
            AND w.batch_date > v.batch_date""",
    "a patient in the record is unknown": """
        SELECT v.{key}
        FROM clinical.{feed} AS v
        LEFT JOIN clinical.lifespan AS l ON v.patient_id = l.patient_id
        WHERE v.version_state IN ('current', 'past') AND l.patient_id IS NULL""",
    "a row in the record is open or rejected": """
        SELECT v.{key}
        FROM clinical.{feed} AS v
        INNER JOIN quarantine.record AS q ON v.load_id = q.load_id AND v.row_number = q.row_number
        WHERE q.state = 'rejected' OR (q.state = 'open' AND v.version_state IN ('current', 'past'))""",
    "a row in the record fails a rule": """
        SELECT v.{key}
        FROM clinical.{feed} AS v
        INNER JOIN quarantine.failure AS f ON v.load_id = f.load_id AND v.row_number = f.row_number
        INNER JOIN reference.rule AS k ON f.rule_id = k.rule_id AND k.level <> 'cell'
        WHERE v.version_state IN ('current', 'past') AND f.severity = 'critical' AND NOT f.is_overridden""",
}
KEYS = {"results": "result_id", "visits": "visit_id", "patients": "patient_id"}
ALL_AT_ONCE = " UNION ALL ".join(
    f"SELECT '{what}' AS what FROM ({select}) AS found"
    for what, select in (
        *NOWHERE.items(),
        *(
            (f"{feed}: {what}", select.format(feed=feed, key=key))
            for feed, key in KEYS.items()
            for what, select in NOWHERE_IN.items()
        ),
    )
)
_numbers = itertools.count(1)


@settings(
    max_examples=4 * TIMES,
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
    """Counts add up and agree with what there is, nothing is in two places, the trail is whole."""
    registry.check_conservation()
    assert registry.rows(ALL_AT_ONCE) == []
