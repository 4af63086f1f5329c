"""Two ids that are one person: followed through chains, refused where merges contradict, undone without a loss."""

from itertools import permutations
from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.people.decisions import Selection, override_records
from include.pipeline.derivation import derive_touched
from tests.support.extracts import Row, row
from tests.support.marts import refresh_only
from tests.support.registry import Registry

DAY_1, DAY_2, DAY_3, DAY_4, DAY_5 = (f"2020-01-0{day}" for day in range(1, 6))
CYCLE, TWICE = "merges.surviving_patient_id.cycle", "merges.merged_patient_id.two_survivors"
Sent = tuple[str, str, Row]


def merge(merged: str, surviving: str, key: str = "M1", **cells: str) -> Row:
    """A merge of two ids."""
    return row("merges", key, merged_patient_id=merged, surviving_patient_id=surviving, **cells)


def deliver(registry: Registry, *sent: Sent) -> None:
    """Send and load files one after the other."""
    for number, (feed, day, cells) in enumerate(sent):
        registry.deliver(feed, day, cells, name=f"{feed}-{number}.csv")


def announce(registry: Registry, *ids: str) -> None:
    """Patients, of a birthday each."""
    rows = [row("patients", name, birth_date=f"195{number}-06-15") for number, name in enumerate(ids)]
    registry.deliver("patients", DAY_1, *rows, name="patients.csv")


def persons(registry: Registry) -> dict[str, str]:
    """Whose each merged id is."""
    return dict(registry.rows("SELECT patient_id, person_id FROM clinical.person"))  # type: ignore[arg-type]


def current(registry: Registry, feed: str, columns: str = "patient_id") -> list[tuple[Any, ...]]:
    """Some columns of the rows that count."""
    return registry.rows(f"SELECT {columns} FROM clinical.current_{feed} ORDER BY {columns}")


def derived(registry: Registry) -> list[tuple[Any, ...]]:
    """Who has follow-up."""
    derive_touched(registry.warehouse)
    return [name for (name,) in registry.rows("SELECT patient_id FROM derived.follow_up ORDER BY patient_id")]


def test_two_ids_are_one_person_whose_row_is_the_surviving_ids(registry: Registry) -> None:
    announce(registry, "A", "B")
    deliver(registry, ("merges", DAY_2, merge("A", "B")))

    assert current(registry, "patients", "patient_id, CAST(birth_date AS TEXT)") == [("B", "1951-06-15")]
    assert derived(registry) == ["B"]
    assert registry.rows("SELECT patient_id FROM clinical.patients ORDER BY patient_id") == [("A",), ("B",)]


def test_rows_of_both_ids_are_one_persons_and_keep_the_id_as_sent(registry: Registry) -> None:
    announce(registry, "A", "B")
    deliver(
        registry,
        ("results", DAY_1, row("results", patient_id="A", collected_at="2012-01-02T08:15")),
        ("procedures", DAY_1, row("procedures", patient_id="B", performed_on="2012-01-03")),
        ("merges", DAY_2, merge("A", "B")),
    )
    derive_touched(registry.warehouse)

    assert current(registry, "results") == [("B",)]
    assert registry.rows("SELECT patient_id FROM clinical.results") == [("A",)]
    before_the_session = "SELECT patient_id, timepoint, value FROM derived.lab_timepoint WHERE timepoint = 'baseline'"
    assert registry.rows(before_the_session) == [("B", "baseline", 30.0)]


@pytest.mark.parametrize("arrival", list(permutations(range(4)))[1::5])
def test_it_does_not_matter_what_comes_first(duckdb_registry: Registry, arrival: tuple[int, ...]) -> None:
    sent: list[Sent] = [
        ("patients", DAY_1, row("patients", "A", birth_date="1950-06-15")),
        ("patients", DAY_2, row("patients", "B", birth_date="1951-06-15")),
        ("merges", DAY_3, merge("A", "B")),
        ("visits", DAY_4, row("visits", patient_id="A")),
    ]
    for place in arrival:
        deliver(duckdb_registry, sent[place])
        derive_touched(duckdb_registry.warehouse)

    assert current(duckdb_registry, "patients", "patient_id, CAST(birth_date AS TEXT)") == [("B", "1951-06-15")]
    assert current(duckdb_registry, "visits") == [("B",)]
    assert derived(duckdb_registry) == ["B"]


def test_while_the_surviving_id_is_unknown_the_id_that_was_merged_last_speaks(registry: Registry) -> None:
    announce(registry, "A", "B")
    deliver(
        registry,
        ("merges", DAY_2, merge("B", "C", "M1", effective_on="2015-01-01")),
        ("merges", DAY_2, merge("A", "C", "M2", effective_on="2014-01-01")),
        ("visits", DAY_2, row("visits", patient_id="C")),
    )

    told = "patient_id, CAST(birth_date AS TEXT)"
    assert current(registry, "patients", told) == [("C", "1951-06-15")]
    assert current(registry, "visits") == [("C",)]
    deliver(registry, ("patients", DAY_3, row("patients", "C", birth_date="1960-06-15")))
    assert current(registry, "patients", told) == [("C", "1960-06-15")]


def test_a_cancelled_announcement_leaves_the_person_to_the_other_id(duckdb_registry: Registry) -> None:
    announce(duckdb_registry, "A", "B")
    deliver(
        duckdb_registry,
        ("merges", DAY_2, merge("A", "B")),
        ("patients", DAY_2, row("patients", "B", status="cancelled")),
    )

    assert current(duckdb_registry, "patients", "patient_id, CAST(birth_date AS TEXT)") == [("B", "1950-06-15")]
    deliver(duckdb_registry, ("patients", DAY_3, row("patients", "A", status="cancelled")))
    assert current(duckdb_registry, "patients") == []
    assert derived(duckdb_registry) == []


def test_chains_are_followed(duckdb_registry: Registry) -> None:
    announce(duckdb_registry, "A", "B", "C")
    deliver(duckdb_registry, ("merges", DAY_2, merge("B", "C", "M1")), ("merges", DAY_3, merge("A", "B", "M2")))

    assert persons(duckdb_registry) == {"A": "C", "B": "C"}
    assert current(duckdb_registry, "patients") == [("C",)]
    deliver(duckdb_registry, ("merges", DAY_4, merge("B", "C", "M1", status="cancelled")))
    assert persons(duckdb_registry) == {"A": "B"}
    assert derived(duckdb_registry) == ["B", "C"]


def test_a_cycle_is_refused_and_freed_when_the_other_merge_is_cancelled(registry: Registry) -> None:
    announce(registry, "A", "B")
    deliver(registry, ("merges", DAY_2, merge("A", "B", "M1")), ("merges", DAY_3, merge("B", "A", "M2")))

    assert registry.quarantine() == [("M2", CYCLE, "open")]
    assert persons(registry) == {"A": "B"}
    deliver(registry, ("merges", DAY_4, row("merges", "M1", merged_patient_id="", status="cancelled")))
    assert registry.quarantine() == []
    assert persons(registry) == {"B": "A"}
    assert derived(registry) == ["A"]


@pytest.mark.parametrize("arrival", [(0, 1, 2), (1, 2, 0)])
def test_the_later_of_two_survivors_is_refused_whichever_comes_first(
    duckdb_registry: Registry, arrival: tuple[int, ...]
) -> None:
    announce(duckdb_registry, "A", "B", "C")
    sent: list[Sent] = [
        ("merges", DAY_2, merge("A", "B", "M1")),
        ("merges", DAY_3, merge("A", "C", "M2")),
        ("merges", DAY_4, merge("A", "B", "M3")),
    ]
    deliver(duckdb_registry, *(sent[place] for place in arrival))

    assert duckdb_registry.quarantine() == [("M2", TWICE, "open")]
    assert persons(duckdb_registry) == {"A": "B"}


def test_a_corrected_merge_takes_the_place_of_what_its_key_said(duckdb_registry: Registry) -> None:
    announce(duckdb_registry, "A", "B", "C")
    deliver(
        duckdb_registry,
        ("merges", DAY_2, merge("A", "B")),
        ("merges", DAY_3, merge("A", "C", status="corrected")),
    )

    assert persons(duckdb_registry) == {"A": "C"}
    assert duckdb_registry.quarantine() == []


def test_nobody_can_declare_a_cycle_right(duckdb_registry: Registry) -> None:
    deliver(duckdb_registry, ("merges", DAY_2, merge("A", "B", "M1")), ("merges", DAY_3, merge("B", "A", "M2")))
    with pytest.raises(RegistryError) as raised:
        override_records(duckdb_registry.warehouse, Selection(feed="merges"), "mg", "as the clinic says")
    assert raised.value.code == "REG-308"


def test_what_is_undone_is_as_it_was(duckdb_registry: Registry) -> None:
    announce(duckdb_registry, "A", "B")
    deliver(
        duckdb_registry,
        ("visits", DAY_1, row("visits", "V1", patient_id="A", visit_date="2012-03-01")),
        ("visits", DAY_1, row("visits", "V2", patient_id="B", visit_date="2013-03-01")),
    )
    told = "SELECT patient_id, CAST(last_contact AS TEXT) FROM derived.follow_up ORDER BY patient_id"
    derive_touched(duckdb_registry.warehouse)
    before = duckdb_registry.rows(told)
    deliver(duckdb_registry, ("merges", DAY_2, merge("A", "B")))
    derive_touched(duckdb_registry.warehouse)
    assert duckdb_registry.rows(told) == [("B", "2013-03-01")]
    deliver(duckdb_registry, ("merges", DAY_3, merge("A", "B", status="cancelled")))
    derive_touched(duckdb_registry.warehouse)

    assert duckdb_registry.rows(told) == before == [("A", "2012-03-01"), ("B", "2013-03-01")]
    assert current(duckdb_registry, "patients") == [("A",), ("B",)]


def test_a_death_under_one_id_ends_the_other(registry: Registry) -> None:
    announce(registry, "A", "B")
    dead = {"visit_date": "2013-05-01", "vital_status": "dead", "death_date": "2013-05-01", "death_cause": "tumour"}
    deliver(
        registry,
        ("visits", DAY_1, row("visits", "V1", patient_id="A", **dead)),
        ("results", DAY_1, row("results", patient_id="B", collected_at="2014-01-02T08:15")),
    )
    assert registry.quarantine() == []
    deliver(registry, ("merges", DAY_2, merge("A", "B")))
    assert registry.quarantine() == [("L1", "results.collected_at.after_death", "open")]
    derive_touched(registry.warehouse)
    assert registry.rows("SELECT patient_id, vital_status FROM derived.follow_up") == [("B", "dead")]
    deliver(registry, ("merges", DAY_3, merge("A", "B", status="cancelled")))
    assert registry.quarantine() == []


def test_birth_is_the_persons(duckdb_registry: Registry) -> None:
    deliver(
        duckdb_registry,
        ("patients", DAY_1, row("patients", "A", birth_date="1950-06-15")),
        ("patients", DAY_1, row("patients", "B", birth_date="1990-06-15", liver_metastases_date="")),
        ("exams", DAY_1, row("exams", patient_id="A", exam_date="1985-01-01")),
    )
    assert duckdb_registry.quarantine() == []
    deliver(duckdb_registry, ("merges", DAY_2, merge("A", "B")))
    assert duckdb_registry.quarantine() == [("E1", "exams.exam_date.before_birth", "open")]


MOVED: tuple[Sent, ...] = (
    ("results", DAY_2, row("results", patient_id="A", value="30")),
    ("results", DAY_3, row("results", patient_id="B", value="31")),
    ("merges", DAY_4, merge("A", "B")),
)


@pytest.mark.parametrize("arrival", [(0, 1, 2), (1, 2, 0)])
@pytest.mark.parametrize("announced", [("A", "B"), ("B",), ()])
def test_a_key_that_goes_from_one_id_to_the_other_has_not_moved(
    duckdb_registry: Registry, announced: tuple[str, ...], arrival: tuple[int, ...]
) -> None:
    if announced:
        announce(duckdb_registry, *announced)
    deliver(duckdb_registry, *(MOVED[place] for place in arrival))

    state = "current" if announced else "waiting"
    assert duckdb_registry.states("results", "value") == [("30", "past" if announced else "waiting"), ("31", state)]
    assert set(duckdb_registry.quarantine("state")) <= {("waiting",)}


def test_it_has_moved_when_the_merge_is_undone(registry: Registry) -> None:
    announce(registry, "A", "B")
    deliver(registry, *MOVED)
    assert current(registry, "results", "patient_id, value") == [("B", "31")]
    deliver(registry, ("merges", DAY_5, merge("A", "B", status="cancelled")))

    assert registry.quarantine() == [("L1", "results.patient_id.moved", "open")]
    assert current(registry, "results", "patient_id, value") == [("A", "30")]


def test_two_ids_that_are_almost_the_same_are_told_until_they_are_merged(duckdb_registry: Registry) -> None:
    announce(duckdb_registry, "A1", "a1")
    told = "SELECT rows_failed FROM ops.cross_check WHERE rule_id = 'patients.patient_id.almost_another'"
    derive_touched(duckdb_registry.warehouse)
    assert duckdb_registry.rows(told) == [(2,)]
    deliver(duckdb_registry, ("merges", DAY_2, merge("a1", "A1")))
    derive_touched(duckdb_registry.warehouse)
    assert duckdb_registry.rows(told) == [(0,)]


def test_ids_of_different_births_that_are_merged_are_told(duckdb_registry: Registry) -> None:
    announce(duckdb_registry, "A", "B")
    deliver(duckdb_registry, ("merges", DAY_2, merge("A", "B")))
    derive_touched(duckdb_registry.warehouse)

    found = "SELECT rule_id, record_key FROM quarantine.failure WHERE rule_id LIKE 'patients.%'"
    assert duckdb_registry.rows(found) == [("patients.birth_date.contradicts_earlier", "B")]
    deliver(duckdb_registry, ("merges", DAY_3, merge("A", "B", status="cancelled")))
    derive_touched(duckdb_registry.warehouse)
    assert duckdb_registry.rows(found) == []


def test_an_event_that_both_ids_tell_is_told_once_to_be_one(registry: Registry) -> None:
    announce(registry, "A", "B")
    deliver(
        registry,
        ("visits", DAY_1, row("visits", "V1", patient_id="A")),
        ("visits", DAY_1, row("visits", "V2", patient_id="B")),
        ("merges", DAY_2, merge("A", "B")),
    )
    derive_touched(registry.warehouse)
    assert registry.rows("SELECT feed, patient_id, records FROM derived.repeated_event") == [("visits", "B", 2)]


def test_a_merge_belongs_to_no_patient_and_waits_for_none(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("merges", DAY_1, merge("A", "B"), merge("X", "X", "M2"), merge("A", "B", "", status=""))

    assert duckdb_registry.counts(DAY_1, "merges") == {"loaded": 1, "quarantined": 2}
    assert duckdb_registry.quarantine("patient_id") == [(None,), (None,)]
    assert current(duckdb_registry, "patients") == []


def counts(registry: Registry) -> dict[str, list[tuple[Any, ...]]]:
    """What the marts count patients by."""
    derive_touched(registry.warehouse)
    refresh_only(registry.warehouse, "survival_summary", "attrition", "registry_indicator")
    of_all = "stratification = 'all' AND endpoint = 'os_treatment' AND rule = 'study' AND ci_method = 'plain'"
    indicators = "SELECT numerator, denominator FROM marts.registry_indicator WHERE source = 'all' AND month ="
    return {
        "follow-up": registry.rows("SELECT COUNT(*) FROM derived.follow_up"),
        "survival": registry.rows(f"SELECT patients, events FROM marts.survival_summary WHERE {of_all}"),
        "attrition": registry.rows("SELECT patients_in FROM marts.attrition WHERE step = 1"),
        "sex known": registry.rows(f"{indicators} DATE '2020-01-01' AND indicator = 'completeness_sex'"),
        "duplicates": registry.rows(
            "SELECT SUM(numerator) FROM ops.indicator_count WHERE indicator = 'duplicates' AND feed = 'patients'"
        ),
        "unknown codes": registry.rows("SELECT results, patients FROM ops.unmapped_code"),
    }


def test_every_count_of_patients_is_a_count_of_persons(registry: Registry) -> None:
    registry.deliver("patients", DAY_1, row("patients", "A"), row("patients", "B"))
    for feed in ("procedures", "visits"):
        registry.deliver(feed, DAY_1, row(feed, "one", patient_id="A"), row(feed, "two", patient_id="B"))
    unknown = {"test_code": "00000-0"}
    results = [row("results", key, patient_id=name, **unknown) for key, name in (("L1", "A"), ("L2", "B"))]
    registry.deliver("results", DAY_1, *results)
    two = counts(registry)
    deliver(registry, ("merges", DAY_2, merge("A", "B")))
    one = counts(registry)
    deliver(registry, ("merges", DAY_3, merge("A", "B", status="cancelled")))

    assert two == {
        "follow-up": [(2,)],
        "survival": [(2, 0)],
        "attrition": [(2,)],
        "sex known": [(2, 2)],
        "duplicates": [(1,)],
        "unknown codes": [(2, 2)],
    }
    assert one == {
        "follow-up": [(1,)],
        "survival": [(1, 0)],
        "attrition": [(1,)],
        "sex known": [(1, 1)],
        "duplicates": [(0,)],
        "unknown codes": [(2, 1)],
    }
    assert counts(registry) == two
