"""Which rows of a file are a feed's, and what leaves none."""

from pathlib import Path

import duckdb
import pytest

from include.definitions import contracts
from include.definitions.sites import Site
from include.pipeline.mapping import Plans
from include.pipeline.mapping.choosing import places_of
from include.pipeline.mapping.statement import texts
from tests.pipeline.mapping.plans import counts, plan_of, rows_of


def test_other_rows_are_left_out_and_counted() -> None:
    rows_of_feed = {"where": {"form": ["ae", "sae"], "arm": ""}, "unless": {"term": {"match": "(?i)^test"}}}
    taken = {"rows": rows_of_feed, "columns": {"term": "term"}}
    plan = plan_of(taken, feed="adverse_events")
    rows = rows_of(
        {"form": "ae", "arm": None, "term": "fever"},
        {"form": None, "arm": None, "term": "x"},
        {"form": "sae", "arm": "", "term": "death"},
        {"form": "ae", "arm": "1", "term": "y"},
        {"form": "ae", "arm": "", "term": "TEST 2"},
    )

    select = texts(plan, contracts.read("adverse_events"), rows)

    assert duckdb.sql(f"SELECT term FROM ({select}) AS t").fetchall() == [("fever",), ("death",)]
    assert counts(plan, rows) == [("other_rows", 3)]


def test_wide_columns_become_rows_in_their_order() -> None:
    taken = {
        "rows": {
            "unpivot": {
                "columns": ["AST", "GGT", "ALT"],
                "name": "test",
                "value": "result",
                "also": {"its unit": ["AST unit", "GGT unit", ""]},
            }
        },
        "columns": {
            "test_code": "test",
            "value": "result",
            "unit": "its unit",
            "result_id": {"from": ["id", "test"], "join": "|"},
        },
    }
    plan = plan_of({**taken, "dialect": {"missing": ["", "ND"]}})
    cells = (
        {"AST": "40", "ALT": "ND ", "AST unit": "U/L"},
        {"AST": "41", "ALT": "42", "AST unit": "ukat/L"},
        {"AST": None, "ALT": "ND", "AST unit": None},
    )
    rows = rows_of(*({"id": str(number), **row} for number, row in enumerate(cells, start=1)))

    select = texts(plan, contracts.read("results"), rows)

    assert duckdb.sql(f"SELECT result_id, test_code, value, unit FROM ({select}) AS t").fetchall() == [
        ("1|AST", "AST", "40", "U/L"),
        ("2|AST", "AST", "41", "ukat/L"),
        ("2|ALT", "ALT", "42", None),
    ]
    assert counts(plan, rows) == [("empty_row", 1)]


@pytest.mark.parametrize(
    ("column", "unknown"),
    [
        ("redcap_repeat_instrument", [("unknown_rows", 1), ("unknown_rows: surgery", 2)]),
        ("diagnosis", [("unknown_rows", 3)]),
    ],
)
def test_a_kind_of_row_that_no_feed_takes_is_told_once(column: str, unknown: list[tuple[str, int]]) -> None:
    feeds = {feed: {"rows": {"where": {column: kind}}} for feed, kind in (("visits", ""), ("adverse_events", "ae"))}
    export = {"feeds": feeds, "ignored_rows": {column: "qol"}}
    site = Site.model_validate({"site": "chx", "patients": "local", "exports": [export]})
    rows = rows_of(*({column: kind} for kind in (None, "ae", "qol", "surgery", "surgery", "Jean Dupont")))

    visits, events = (Plans({"chx": site}, Path()).of("chx", "visits+adverse_events", feed) for feed in feeds)

    assert counts(visits, rows) == [("other_rows", 2), *unknown]
    assert counts(events, rows) == [("other_rows", 5)]


EVENT, INSTRUMENT = "redcap_event_name", "redcap_repeat_instrument"
EVENTS = {
    "patients": {"rows": {"where": {INSTRUMENT: "", EVENT: "screening"}}},
    "visits": {"rows": {"where": {INSTRUMENT: "", EVENT: {"match": "^visit"}}}},
    "adverse_events": {"rows": {"where": {INSTRUMENT: "ae"}}},
}


@pytest.mark.parametrize("before", [{}, {"merges": {}}])
def test_an_event_that_no_feed_takes_is_told_and_what_one_takes_is_not(before: dict[str, object]) -> None:
    export = {"name": "all", "feeds": {**before, **EVENTS}}
    site = Site.model_validate({"site": "chx", "patients": "local", "exports": [export]})
    kinds = (("screening", None), ("visit_1", None), ("unscheduled", None), ("unscheduled", "ae"), ("visit_1", "ae"))
    rows = rows_of(*({EVENT: event, INSTRUMENT: instrument} for event, instrument in kinds))

    told = [counts(Plans({"chx": site}, Path()).of("chx", "all", feed), rows) for feed in EVENTS]

    assert told == [[("other_rows", 3), ("unknown_rows: unscheduled", 1)], [("other_rows", 4)], [("other_rows", 3)]]


def test_long_rows_become_columns_of_one() -> None:
    taken = {
        "rows": {
            "pivot": {
                "by": ["who", "lesion"],
                "columns": ["LDIAM", "VDIAM"],
                "name": "test",
                "value": "size",
                "unit": "unit",
            }
        },
        "columns": {
            "lesion_id": "lesion",
            "exam_id": "exam",
            "longest_diameter_mm": "LDIAM",
            "viable_diameter_mm": "VDIAM",
        },
    }
    plan = plan_of(taken, feed="lesions")
    tests = (
        ("L2", "LDIAM", "3"),
        ("L1", "LDIAM", "2"),
        ("L1", "STATE", "x"),
        ("L1", "VDIAM", "9"),
        ("L2", "LDIAM", "4"),
    )
    rows = rows_of(
        *(
            {
                "who": "7",
                "lesion": one,
                "exam": "E",
                "test": test,
                "size": size,
                "unit": "mm" if test == "VDIAM" else "cm",
            }
            for one, test, size in tests
        )
    )

    select = texts(plan, contracts.read("lesions"), rows)

    found = duckdb.sql(
        f"SELECT lesion_id, exam_id, longest_diameter_mm, viable_diameter_mm FROM ({select}) AS t"
    ).fetchall()
    assert [found[0][0], found[1]] == ["L2", ("L1", "E", "20", "9")]
    assert sorted(found[0][2].split(" / ")) == ["3 cm", "4 cm"]
    assert counts(plan, rows) == [("joined_row", 2), ("other_rows", 1)]
    assert duckdb.sql(places_of(plan, rows)).fetchall() == [(1,), (2,)]


def test_an_empty_cell_beside_which_something_stands_is_counted() -> None:
    columns = {"columns": ["AST", "ALT"], "name": "test", "value": "result", "also": {"why": ["AST note", "ALT note"]}}
    plan = plan_of({"rows": {"unpivot": columns}, "columns": {"test_code": "test", "value": "result"}})
    rows = rows_of(
        {"AST": "40", "AST note": None, "ALT": None, "ALT note": "haemolysed"},
        {"AST": "41", "AST note": "fasting", "ALT": None, "ALT note": None},
        {"AST": None, "AST note": "refused", "ALT": None, "ALT note": "refused"},
    )
    assert counts(plan, rows) == [("empty_cell", 1), ("empty_row", 1)]
