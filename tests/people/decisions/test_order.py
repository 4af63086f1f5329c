"""What a person decided on a page: carried out in that person's name, unless the rows are no longer those shown."""

from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.people.decisions import Selection, reject_records
from include.people.decisions.letter import letter_rows
from include.people.decisions.order import decide
from include.people.decisions.shown import shown
from tests.support.extracts import row
from tests.support.registry import Registry, duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]

DAY, NEXT = "2020-01-01", "2020-01-02"
RULE = "results.value.impossible"
ADA = "Ada (7)"


def order(of: Registry, kind: str, reason: str = "checked", **selection: Any) -> dict[str, Any]:
    """A decision about rows as a page sends it: with the mark of those that were shown."""
    mark = shown(of.warehouse, kind, Selection(**selection)).mark
    return {"kind": kind, "selection": selection, "mark": mark, "reason": reason}


def refusal(of: Registry, wanted: dict[str, Any], who: str = ADA) -> str:
    """Why the decision was not carried out."""
    with pytest.raises(RegistryError) as error:
        decide(of.warehouse, wanted, who)
    return str(error.value)


def impossible(of: Registry, *keys: str, day: str = DAY) -> None:
    """Deliver results that nobody can have."""
    of.deliver("results", day, *(row("results", key, value="90000") for key in keys))


def test_all_rows_of_a_filter_are_one_decision_and_undone_as_one(registry: Registry) -> None:
    registry.deliver("patients", DAY, row("patients"))
    impossible(registry, "L1", "L2")
    of_rule = {"rule_id": RULE, "state": "open"}

    done = decide(registry.warehouse, order(registry, "override", **of_rule), ADA)

    assert (done["records"], done["states"]) == (2, {"overridden": 2})
    assert registry.rows("SELECT decided_by, entered_by, reason FROM decision.event") == [
        (ADA, f"airflow:{ADA}", "checked")
    ]
    undo = {"kind": "undo", "decision_id": done["decision_id"], "reason": "a mistake"}
    assert decide(registry.warehouse, undo, ADA) == {"states": {}}
    assert registry.quarantine("record_key, state") == [("L1", "open"), ("L2", "open")]


def test_the_second_of_two_people_is_told_and_does_nothing(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    impossible(duckdb_registry, "L1")
    first, second = (order(duckdb_registry, kind, rule_id=RULE) for kind in ("override", "reject"))
    decide(duckdb_registry.warehouse, first, ADA)

    refused = refusal(duckdb_registry, second, "Ben (8)")

    assert refused.startswith("REG-609: 1 rows were shown, and 0 match now")
    assert duckdb_registry.quarantine("state") == [("overridden",)]


def test_rows_that_came_meanwhile_are_not_decided_unseen(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    impossible(duckdb_registry, "L1")
    seen = order(duckdb_registry, "reject", feed="results")
    impossible(duckdb_registry, "L2", day=NEXT)

    assert refusal(duckdb_registry, seen).startswith("REG-609")
    assert duckdb_registry.quarantine("state") == [("open",), ("open",)]


def test_a_filter_of_a_state_leaves_rows_in_others_alone(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    impossible(duckdb_registry, "L1")
    duckdb_registry.deliver("results", NEXT, row("results", "L2", patient_id="unknown"))

    done = decide(duckdb_registry.warehouse, order(duckdb_registry, "reject", feed="results", state="open"), ADA)

    assert done["states"] == {"rejected": 1}
    assert duckdb_registry.quarantine("record_key, state") == [("L1", "rejected"), ("L2", "waiting")]


def test_without_a_reason_or_a_name_nothing_is_done(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    impossible(duckdb_registry, "L1")

    unsaid = refusal(duckdb_registry, order(duckdb_registry, "reject", " ", feed="results"))
    unnamed = refusal(duckdb_registry, order(duckdb_registry, "reject", feed="results"), "")

    assert unsaid.startswith("REG-603")
    assert unnamed.startswith("REG-606")
    assert duckdb_registry.quarantine("state") == [("open",)]


def test_a_held_file_is_released(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    values = ["30"] * 15 + ["haemolysed"] * 6
    rows = [row("results", f"L{number}", value=value) for number, value in enumerate(values)]
    load_id = duckdb_registry.deliver("results", DAY, *rows).load_id

    done = decide(duckdb_registry.warehouse, {"kind": "release", "load_id": load_id, "reason": "checked"}, ADA)

    assert done == {"states": {"loaded": 1}}
    assert duckdb_registry.rows(f"SELECT decided_by FROM ops.load WHERE load_id = '{load_id}'") == [(ADA,)]


def test_it_is_shown_how_many_rows_of_whom_and_how_many_others_say_the_same(registry: Registry) -> None:
    registry.deliver("patients", DAY, row("patients"))
    impossible(registry, "L1")
    load_id = registry.deliver(
        "results", NEXT, row("results", "L1", value="90000"), row("results", "L2", value="-1")
    ).load_id

    now = shown(registry.warehouse, "reject", Selection(load_id=load_id))

    assert (now.count, now.sharing) == (2, 1)
    assert now.groups == [{"site": "", "source": "laboratory", "feed": "results", "state": "open", "rows": 2}]


def test_a_note_stands_in_the_letter_and_decides_nothing(registry: Registry) -> None:
    registry.deliver("patients", DAY, row("patients"))
    impossible(registry, "L1", "L2")

    def letter() -> list[tuple[Any, Any]]:
        rows = letter_rows(registry.warehouse, Selection(source="laboratory", state="open"))
        return [(line["record_key"], line["note"]) for line in rows]

    done = decide(registry.warehouse, order(registry, "note", "send it again", record_key="L1"), ADA)

    assert registry.quarantine("record_key, state") == [("L1", "open"), ("L2", "open")]
    assert registry.rows("SELECT * FROM quarantine.decision WHERE subject = 'record'") == []
    assert letter() == [("L1", "send it again"), ("L2", None)]
    decide(registry.warehouse, {"kind": "undo", "decision_id": done["decision_id"], "reason": "mistake"}, ADA)
    assert letter() == [("L1", None), ("L2", None)]


def test_a_note_leaves_the_last_word_in_force(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    impossible(duckdb_registry, "L1")
    impossible(duckdb_registry, "L2", day=NEXT)
    decide(duckdb_registry.warehouse, order(duckdb_registry, "override", record_key="L1"), ADA)
    decide(duckdb_registry.warehouse, order(duckdb_registry, "note", feed="results"), ADA)
    duckdb_registry.finish()

    assert duckdb_registry.quarantine("record_key, state") == [("L1", "overridden"), ("L2", "open")]


def test_letters_and_decisions_of_one_site_hold_nothing_of_another(registry: Registry) -> None:
    registry.deliver("patients", DAY, row("patients"))
    impossible(registry, "L1")
    impossible(registry, "L2", day=NEXT)
    registry.warehouse.run(
        "UPDATE received.file SET site = 'north' WHERE feed = 'results' AND batch_date = '2020-01-01'"
    )
    registry.warehouse.run(
        "UPDATE received.file SET site = 'south' WHERE feed = 'results' AND batch_date = '2020-01-02'"
    )

    letters = {
        site: [
            line["record_key"] for line in letter_rows(registry.warehouse, Selection(source="laboratory", site=site))
        ]
        for site in ("north", "south", None)
    }
    reject_records(registry.warehouse, Selection(site="north"), "mg", "of another person")

    assert letters == {"north": ["L1"], "south": ["L2"], None: []}
    assert registry.quarantine("record_key, state") == [("L1", "rejected"), ("L2", "open")]
    of_site = {
        site: len(registry.warehouse.run_file("decisions/decisions", site=site, kind=None, most=9, skipped=0).all())
        for site in ("north", "south")
    }
    assert of_site == {"north": 1, "south": 0}
