"""The rules across feeds follow the record: whichever row comes first, whosever it is, whatever the rules become."""

from pathlib import Path
from shutil import copytree

import pytest

from include.definitions import expectations
from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from tests.support.extracts import row
from tests.support.registry import Registry

WITHOUT_EXAM, ANOTHERS = "lesions.exam_id.without_exam", "lesions.exam_id.of_another_patient"
LESION = {"lesion_kind": "target", "exam_id": "E1"}


@pytest.fixture
def findings(registry: Registry) -> Registry:
    """A registry with two patients."""
    registry.deliver("patients", "2020-01-01", row("patients"), row("patients", "P2"))
    return registry


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the suites that a test may change, in the place of the platform's."""
    folder = copytree(expectations.FOLDER, tmp_path / "expectations", ignore=lambda *_: ["__pycache__"])
    monkeypatch.setattr(expectations, "FOLDER", folder)
    return folder


def change(suites: Path, old: str, new: str) -> None:
    """Change the suite as an editor would."""
    file = suites / "warehouse.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    expectations.forget_files()


def found(registry: Registry) -> list[tuple[str, str, str]]:
    """Findings of warning: patient, key and rule."""
    return registry.rows(
        "SELECT f.patient_id, f.record_key, f.rule_id FROM quarantine.failure AS f "
        "INNER JOIN ops.cross_check AS c ON f.rule_id = c.rule_id WHERE f.severity = 'warning' ORDER BY 1, 2, 3"
    )


def counted(registry: Registry, rule_id: str) -> tuple[int, int, str]:
    """What ops.cross_check says of a rule."""
    ((checked, failed, status),) = registry.rows(
        f"SELECT rows_checked, rows_failed, status FROM ops.cross_check WHERE rule_id = '{rule_id}'"
    )
    return checked, failed, status


def test_a_lesion_waits_for_its_exam_and_counts_meanwhile(findings: Registry) -> None:
    other = row("lesions", "M2", **{**LESION, "lesion_id": "L2"})
    findings.deliver("lesions", "2020-01-02", row("lesions", "M1", **LESION), other)
    assert derive_touched(findings.warehouse).broken_rules == []
    assert found(findings) == [("P1", "M1", WITHOUT_EXAM), ("P1", "M2", WITHOUT_EXAM)]
    assert counted(findings, WITHOUT_EXAM) == (2, 2, "pass_with_failures")
    assert findings.quarantine() == []
    findings.deliver("exams", "2020-01-03", row("exams", "E1"))
    derive_touched(findings.warehouse)
    assert found(findings) == []
    assert counted(findings, WITHOUT_EXAM) == (2, 0, "pass")


def test_what_another_patient_brings_or_loses_is_seen(findings: Registry) -> None:
    findings.deliver("lesions", "2020-01-02", row("lesions", "M1", **LESION))
    derive_touched(findings.warehouse)
    findings.deliver("exams", "2020-01-03", row("exams", "E1", patient_id="P2"))
    derive_touched(findings.warehouse)
    assert found(findings) == [("P1", "M1", ANOTHERS)]
    findings.deliver("exams", "2020-01-04", row("exams", "E1", patient_id="P2", status="cancelled"))
    derive_touched(findings.warehouse)
    assert found(findings) == [("P1", "M1", WITHOUT_EXAM)]
    findings.deliver("exams", "2020-01-05", row("exams", "E1", status="corrected"))
    derive_touched(findings.warehouse)
    assert found(findings) == []


def test_two_patients_whose_ids_are_almost_the_same_are_told_both(findings: Registry) -> None:
    derive_touched(findings.warehouse)
    findings.deliver("patients", "2020-01-02", row("patients", "p1.0"))
    derive_touched(findings.warehouse)
    almost = "patients.patient_id.almost_another"
    assert found(findings) == [("P1", "P1", almost), ("p1.0", "p1.0", almost)]
    findings.deliver("patients", "2020-01-03", row("patients", "p1.0", status="cancelled"))
    derive_touched(findings.warehouse)
    assert found(findings) == []


def test_a_withdrawn_patient_leaves_no_finding(findings: Registry) -> None:
    findings.deliver("lesions", "2020-01-02", row("lesions", "M1", **LESION))
    derive_touched(findings.warehouse)
    findings.deliver("patients", "2020-01-03", row("patients", status="cancelled"))
    derive_touched(findings.warehouse)
    assert found(findings) == []
    assert counted(findings, WITHOUT_EXAM) == (0, 0, "not_applicable")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("WHERE e.exam_id IS NULL", "WHERE e.no_such_column IS NULL"), ("l.load_id,", "l.patient_id,")],
    ids=["a query that fails", "a query that does not say which rows"],
)
def test_a_rule_that_cannot_be_evaluated_is_named_and_holds_up_nothing(
    findings: Registry, suites: Path, right: str, wrong: str
) -> None:
    whole = (suites / "warehouse.yml").read_text(encoding="utf-8")
    head, rule, tail = whole.rpartition("LEFT JOIN clinical.current_exams AS e ON l.exam_id = e.exam_id")
    start = head.rfind("SELECT")
    query = head[start:] + rule + tail
    change(suites, query, query.replace(right, wrong, 1))
    findings.deliver("lesions", "2020-01-02", row("lesions", "M1", **LESION), row("lesions", "M2", **LESION))
    findings.deliver("adverse_events", "2020-01-02", row("adverse_events", procedure_id="S9"))
    report = derive_touched(findings.warehouse)
    assert (report.patients, report.broken_rules) == (2, [WITHOUT_EXAM])
    assert [rule_id for _, _, rule_id in found(findings)] == ["adverse_events.procedure_id.without_procedure"]
    assert counted(findings, WITHOUT_EXAM) == (0, 0, "error")
    (suites / "warehouse.yml").write_text(whole, encoding="utf-8")
    expectations.forget_files()
    assert derive_touched(findings.warehouse).broken_rules == []
    assert counted(findings, WITHOUT_EXAM) == (2, 2, "pass_with_failures")


def test_a_changed_rule_is_judged_for_everybody_and_one_that_is_gone_is_forgotten(
    findings: Registry, suites: Path
) -> None:
    findings.deliver("lesions", "2020-01-02", row("lesions", "M1", **LESION))
    derive_touched(findings.warehouse)
    change(suites, WITHOUT_EXAM, "lesions.exam_id.exam_unknown")
    report = derive_touched(findings.warehouse)
    assert (report.patients, report.marts_are_stale) == (0, True)
    assert found(findings) == [("P1", "M1", "lesions.exam_id.exam_unknown")]
    assert counted(findings, "lesions.exam_id.exam_unknown") == (1, 1, "pass_with_failures")
    assert findings.rows(f"SELECT rule_id FROM ops.cross_check WHERE rule_id = '{WITHOUT_EXAM}'") == []


def test_a_derivation_without_news_judges_nothing(findings: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    derive_touched(findings.warehouse)
    monkeypatch.setattr("include.pipeline.validation.cross_feed.find", lambda *_: pytest.fail("judged again"))
    assert derive_touched(findings.warehouse).broken_rules == []


def test_the_summary_counts_the_record(findings: Registry) -> None:
    findings.deliver("lesions", "2020-01-02", row("lesions", "M1", **LESION), row("lesions", "M2", **LESION))
    findings.deliver("exams", "2020-01-02", row("exams", "E2"))
    derive_touched(findings.warehouse)
    refresh_stale(findings.warehouse)
    said = findings.rows(
        "SELECT rule_id, feed, rows_checked, rows_failed, percent, status FROM marts.cross_feed_summary "
        "WHERE rows_failed > 0 ORDER BY rule_id"
    )
    assert said == [
        ("exams.exam_id.without_lesion", "exams", 1, 1, 100.0, "pass_with_failures"),
        (WITHOUT_EXAM, "lesions", 2, 2, 100.0, "pass_with_failures"),
    ]
