"""A line that is no row is kept in quarantine on its own; the rest of its file loads and every line is counted."""

import json

import pytest

from include.definitions import contracts
from tests.support.extracts import as_csv, row
from tests.support.registry import Registry

pytestmark = pytest.mark.announced("P1")
DAY_1, DAY_2 = "2020-01-01", "2020-01-02"
RULE = "file.row.unreadable"
HEADER, ROW_1, ROW_2, ROW_3 = as_csv(
    [row("exams", "E1"), row("exams", "E2", modality="X-ray"), row("exams", "E3", patient_id="P9")],
    contracts.read("exams").names,
    "\n",
).splitlines(True)
BROKEN = b'E4,"P1,2012-01-05\n'


def test_it_is_quarantined_and_the_other_rows_go_their_ways(registry: Registry) -> None:
    registry.put("exams", DAY_1, HEADER + ROW_1 + BROKEN + ROW_2 + ROW_3 + b"E5\n")
    (report,) = registry.load()
    counts = (report.received, report.loaded, report.quarantined, report.waiting)
    assert (report.state, *counts) == ("loaded", 5, 1, 3, 1)
    assert registry.quarantine("row_number, record_key, patient_id, rule_ids, state") == [
        (2, "E2", "P1", "exams.modality.unknown_code", "open"),
        (3, "E3", "P9", None, "waiting"),
        (4, None, None, RULE, "open"),
        (5, None, None, RULE, "open"),
    ]
    lines = registry.rows(f"SELECT payload FROM quarantine.record WHERE rule_ids = '{RULE}' ORDER BY row_number")
    assert [json.loads(payload) for (payload,) in lines] == [
        {"line": 3, "text": 'E4,"P1,2012-01-05'},
        {"line": 6, "text": "E5"},
    ]


def test_what_the_rule_said_of_the_file_is_counted_in_rows(registry: Registry) -> None:
    registry.put("exams", DAY_1, HEADER + ROW_1 + BROKEN)
    registry.put("exams", DAY_2, HEADER + ROW_1, name="good.csv")
    registry.load()
    said = registry.rows(
        "SELECT r.rows_checked, r.rows_failed, r.severity, r.status FROM ops.validation_result AS r "
        f"INNER JOIN ops.load AS l ON r.load_id = l.load_id WHERE r.rule_id = '{RULE}' AND l.feed = 'exams' "
        "ORDER BY l.batch_date"
    )
    assert said == [(2, 1, "critical", "fail"), (1, 0, "critical", "pass")]


def test_a_file_without_any_row_is_held(registry: Registry) -> None:
    registry.put("exams", DAY_1, HEADER + BROKEN + b"E5\n")
    (report,) = registry.load()
    assert (report.state, report.loaded, report.quarantined) == ("held", 0, 0)
    assert str(report.reason).startswith("REG-301")
    assert registry.quarantine() == []


def test_a_file_that_misses_a_column_is_held_with_all_its_lines(registry: Registry) -> None:
    registry.put("exams", DAY_1, (HEADER + ROW_1).replace(b"modality", b"machine") + BROKEN)
    (report,) = registry.load()
    assert (report.state, report.received, report.waiting) == ("held", 2, 2)
    assert registry.quarantine() == []


def test_the_corrected_row_loads_beside_the_line(registry: Registry) -> None:
    registry.put("exams", DAY_1, HEADER + BROKEN + ROW_1)
    registry.load()
    registry.deliver("exams", DAY_2, row("exams", "E4"))
    assert registry.states("exams", "exam_id") == [("E1", "current"), ("E4", "current")]
    assert registry.quarantine("rule_ids, state") == [(RULE, "open")]
    assert registry.counts(DAY_1, "exams") == {"loaded": 1, "quarantined": 1}
